import { type ErrorCode, InputError } from '#errors.js';
import { firstMember, isTorchMember } from './npz/zip-head.js';
import type { Format } from './shared/define-format.js';

/** A format known by its magic bytes that is refused by name. */
interface Refusal {
  readonly id: string;
  readonly title: string;
  readonly extensions: readonly string[];
  readonly matches: (head: Uint8Array) => boolean;
  readonly code?: Extract<ErrorCode, 'E205' | 'E219'>;
  readonly message: string;
  readonly hint: string;
}

const latin1 = (head: Uint8Array, start = 0, end = head.length): string =>
  String.fromCharCode(...head.subarray(start, end));
const startsWith =
  (magic: string) =>
  (head: Uint8Array): boolean =>
    latin1(head, 0, magic.length) === magic;

const TORCH_HINT =
  'convert it: `np.save("prediction.npy", torch.load(path)["prediction"].float().cpu().numpy())`';

/** A PyTorch checkpoint, seen from its first bytes or from the names of its members. */
export const TORCH_REFUSAL = {
  message: 'this is a PyTorch file: a pickle, which could run code when loaded',
  hint: TORCH_HINT,
};

/** A zip without a single array in it. */
export const ZIP_REFUSAL = {
  message: 'this is a zip archive without .npy members; a PyTorch checkpoint is one too',
  hint: TORCH_HINT,
};

/** First match wins. */
const REFUSALS: readonly Refusal[] = [
  {
    id: 'torch',
    title: 'PyTorch checkpoint',
    extensions: ['.pt', '.pth'],
    matches: (head) => {
      const legacy = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19';
      return startsWith(legacy)(head) || isTorchMember(firstMember(head) ?? '');
    },
    ...TORCH_REFUSAL,
  },
  {
    id: 'zip',
    title: 'zip archive',
    extensions: ['.zip'],
    matches: startsWith('PK'),
    ...ZIP_REFUSAL,
  },
  {
    id: 'pickle',
    title: 'Python pickle',
    extensions: ['.pkl', '.pickle'],
    matches: (head) => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5,
    message: 'this is a Python pickle, which could run code when loaded',
    hint: 'convert it: `np.save("prediction.npy", np.asarray(pickle.load(open(path, "rb"))))`',
  },
  {
    id: 'hdf5',
    title: 'HDF5',
    extensions: ['.h5', '.hdf5'],
    matches: startsWith('\x89HDF\r\n\x1a\n'),
    message: 'this is an HDF5 file',
    hint: 'save the data set: `np.save("prediction.npy", h5py.File(path)["prediction"][:])`',
  },
  {
    id: 'zarr',
    title: 'Zarr metadata',
    extensions: ['.zarray', '.zgroup', '.zmetadata'],
    matches: (head) => /^\{\s*"(zarr_format|zarr_consolidated_format|chunks|node_type)"/.test(latin1(head)),
    message: 'this is the metadata of a Zarr store',
    hint: 'save the array: `np.save("prediction.npy", zarr.open(path)["prediction"][:])`',
  },
  {
    id: 'feather-v1',
    title: 'Feather version 1',
    extensions: [],
    matches: startsWith('FEA1'),
    message: 'this is Feather version 1, the format before Arrow IPC',
    hint: 'write it again: `pyarrow.feather.write_feather(pyarrow.feather.read_table(path), "out.arrow", compression="uncompressed")`',
  },
  {
    id: 'gzip',
    title: 'gzip',
    extensions: ['.gz'],
    matches: startsWith('\x1f\x8b'),
    message: 'this is a gzip-compressed file',
    hint: 'unpack it first: `gunzip FILE`',
  },
  {
    id: 'git-lfs',
    title: 'Git LFS pointer',
    extensions: [],
    matches: startsWith('version https://git-lfs'),
    code: 'E219',
    message: 'this is a Git LFS pointer, not the file itself',
    hint: 'run `git lfs pull`',
  },
  {
    id: 'html',
    title: 'web page',
    extensions: ['.html', '.htm'],
    matches: (head) => /^(\xef\xbb\xbf)?\s*<(!doctype html|html|\?xml|error>)/i.test(latin1(head)),
    code: 'E219',
    message: 'this is a web page or an error document, downloaded in place of the file',
    hint: 'open it to see what the server said, then download the file again',
  },
];

export const REFUSED: readonly Format[] = REFUSALS.map(
  ({ id, title, extensions, matches, code, message, hint }) => ({
    id,
    title,
    extensions,
    matches,
    open: async () => {
      throw new InputError(code ?? 'E205', message, { hint });
    },
  }),
);
