import { type ErrorCode, InputError } from '../errors.js';
import { defineFormat, type Format } from './define-format.js';

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

/** The name of a zip's first member, as far as the first 64 bytes show it. */
const firstMember = (head: Uint8Array): string | null =>
  startsWith('PK\x03\x04')(head) ? latin1(head, 30, 30 + (head[26] ?? 0) + 256 * (head[27] ?? 0)) : null;

const TORCH_HINT =
  'convert it: `np.save("prediction.npy", torch.load(path)["prediction"].float().cpu().numpy())`';

/** First match wins; a loader for one of these takes its row's place in the registry. */
const REFUSALS: readonly Refusal[] = [
  // --- to be read by loaders of their own ---
  {
    id: 'npz',
    title: 'NumPy archive',
    extensions: ['.npz'],
    matches: (head) => firstMember(head)?.endsWith('.npy') ?? false,
    message: 'this is a .npz archive, which cannot be read yet',
    hint: 'save each array by itself: `np.save("prediction.npy", np.load(path)["prediction"])`',
  },
  {
    id: 'parquet',
    title: 'Parquet',
    extensions: ['.parquet', '.pq'],
    matches: (head) => startsWith('PAR1')(head) || startsWith('PARE')(head),
    message: 'this is a Parquet file, which cannot be read yet',
    hint: 'write it as Arrow: `pyarrow.feather.write_feather(pyarrow.parquet.read_table(path), "out.arrow", compression="uncompressed")`',
  },
  {
    id: 'safetensors',
    title: 'safetensors',
    extensions: ['.safetensors'],
    matches: (head) => head[8] === 0x7b && head[5] === 0 && head[6] === 0 && head[7] === 0,
    message: 'this is a safetensors file, which cannot be read yet',
    hint: 'save the array: `np.save("prediction.npy", safetensors.numpy.load_file(path)["prediction"])`',
  },
  // --- refused for good ---
  {
    id: 'torch',
    title: 'PyTorch checkpoint',
    extensions: ['.pt', '.pth'],
    matches: (head) => {
      const legacy = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19';
      return (
        startsWith(legacy)(head) ||
        /\/(data\.pkl|\.format_version|\.data\/|byteorder|version)/.test(firstMember(head) ?? '')
      );
    },
    message: 'this is a PyTorch file: a pickle, which could run code when loaded',
    hint: TORCH_HINT,
  },
  {
    id: 'zip',
    title: 'zip archive',
    extensions: ['.zip'],
    matches: startsWith('PK'),
    message: 'this is a zip archive; a PyTorch checkpoint is one too',
    hint: TORCH_HINT,
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
  ({ id, title, extensions, matches, code, message, hint }) =>
    defineFormat({
      id,
      title,
      extensions,
      matches,
      open: async () => {
        throw new InputError(code ?? 'E205', message, { hint });
      },
    }),
);
