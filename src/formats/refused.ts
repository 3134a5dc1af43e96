import { type ErrorCode, InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { OWN_DOCUMENT } from '#report/own-document.js';
import type { Format } from './shared/define-format.js';
import { pythonText, TENSORS_ALONE } from './shared/python-advice.js';

/** A format known by its magic bytes that is refused by name. */
interface Refusal {
  readonly id: string;
  readonly title: string;
  readonly extensions: readonly string[];
  readonly matches: (head: Uint8Array) => boolean;
  readonly code?: Extract<ErrorCode, 'E205' | 'E219'>;
  readonly message: string;
  /** What to do. */
  readonly hint: string | ((path: string, asked: string | null) => string | Promise<string>);
  /** The first class or function that a pickle asks for, and is refused for. */
  readonly asked?: (source: ByteSource) => Promise<string | null>;
}

const latin1 = (head: Uint8Array, start = 0, end = head.length): string =>
  String.fromCharCode(...head.subarray(start, end));
const startsWith =
  (magic: string) =>
  (head: Uint8Array): boolean =>
    latin1(head, 0, magic.length) === magic;

const convert =
  (extension: string) =>
  async (path: string): Promise<string> => {
    const { conversionLine } = await import('./shared/conversion-line.js');
    return `convert it: \`${conversionLine(path, null, extension)}\``;
  };

const TORCH_HINT = convert('.pt');

/** A zip without a single array in it. */
export const ZIP_REFUSAL = {
  message: 'this is a zip archive without .npy members',
  hint: TORCH_HINT,
};

const askedFor =
  (torch: boolean) =>
  async (source: ByteSource): Promise<string | null> =>
    (await import('./pt/refusal.js')).firstName(source, torch);

/** First match wins. */
const REFUSALS: readonly Refusal[] = [
  {
    id: 'torch-legacy',
    title: 'PyTorch file of the old format',
    extensions: [],
    matches: startsWith('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'),
    message:
      'this is a PyTorch file of the format before 1.6: plain pickles, which could run code when loaded',
    hint: (path, asked) =>
      asked === null
        ? `write it as a zip: \`import torch; path = ${pythonText(path)}; torch.save(torch.load(path, map_location="cpu", weights_only=True), path)\``
        : TENSORS_ALONE,
    asked: askedFor(true),
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
    hint: convert('.pkl'),
    asked: askedFor(false),
  },
  {
    id: 'hdf5',
    title: 'HDF5',
    extensions: ['.h5', '.hdf5'],
    matches: startsWith('\x89HDF\r\n\x1a\n'),
    message: 'this is an HDF5 file',
    hint: convert('.h5'),
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
    id: 'records',
    title: 'records of `collapse measure`',
    extensions: ['.ndjson'],
    matches: (head) => /^(\xef\xbb\xbf)?\s*\{\s*"type":\s*"(step|error|warning|summary)"/.test(latin1(head)),
    message: 'these are records of `collapse measure`',
    hint: (path) => `judge them: \`collapse gate '${path.replaceAll("'", "'\\''")}'\``,
  },
  {
    id: 'own-document',
    title: 'states, references and reports',
    extensions: [],
    matches: (head) => OWN_DOCUMENT.test(latin1(head)),
    message: 'this is a state, a reference or a report of this tool, and no array',
    hint: 'name the run, and a state or reference by --state or --reference',
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
    hint: (path) => `unpack it first: \`gunzip -k '${path.replaceAll("'", "'\\\\''")}'\``,
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
  ({ id, title, extensions, matches, code, message, hint, asked }) => ({
    id,
    title,
    extensions,
    matches,
    open: async (source) => {
      const name = (await asked?.(source)) ?? null;
      const more = name === null ? '' : `; it asks for ${name}`;
      const advice = typeof hint === 'string' ? hint : await hint(source.path, name);
      throw new InputError(code ?? 'E205', `${message}${more}`, { hint: advice });
    },
  }),
);
