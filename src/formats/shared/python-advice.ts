/** Where an array lies that a line of Python reads or rewrites. */
export interface AdvicePlace {
  readonly path: string;
  /** The array inside the file; null where it holds one. */
  readonly key?: string | null;
}

const IMPORT = 'import numpy as np';
/** What is left of a dict: the array named after the role, or its first. */
const fromDict = (role: string): string =>
  `x = x.get("${role}", next(iter(x.values()))) if isinstance(x, dict) else x`;
/** A tensor, whatever its type and layout and whether it has a gradient, as what numpy takes. */
const tensorTo = (x: string): string =>
  `${x}.detach().to_dense().dequantize().float().resolve_neg().cpu() if hasattr(${x}, "detach") else ${x}`;
const FROM_TENSOR = `x = ${tensorTo('x')}`;
const AS_ARRAY = 'np.asarray(x, "float32")';

/** What to do about a file of torch.save that holds something else. */
export const TENSORS_ALONE =
  'save the tensors alone: `torch.save({"prediction": prediction, "target": target}, path)`; weights and modules are not embeddings';

/** In place of an extension: a file of torch.save with arrays of NumPy in it. */
export const TORCH_OF_NUMPY = '.pt of NumPy';

/** How the formats that are not read are read in Python: what `x` is, or a dict of arrays where there may be several. */
const READERS: ReadonlyMap<string, (path: string) => readonly [imports: string, x: string]> = new Map([
  ['.pt', torch],
  ['.pth', torch],
  ['.ckpt', torch],
  [TORCH_OF_NUMPY, torchOfNumpy],
  ['.pkl', (path) => ['pickle', `pickle.load(open(${path}, "rb"))`]],
  ['.pickle', (path) => ['pickle', `pickle.load(open(${path}, "rb"))`]],
  ['.joblib', (path) => ['joblib', `joblib.load(${path})`]],
  ['.h5', hdf5],
  ['.hdf5', hdf5],
  [
    '.mat',
    (path) => ['scipy.io', `{k: v for k, v in scipy.io.loadmat(${path}).items() if not k.startswith("__")}`],
  ],
  ['.json', (path) => ['json', `json.load(open(${path}))`]],
  ['.jsonl', (path) => ['json', `[json.loads(line) for line in open(${path})]`]],
  ['.csv', (path) => ['csv', `[row for row in csv.reader(open(${path})) if row[0][:1] in "+-.0123456789"]`]],
  [
    '.tsv',
    (path) => [
      'csv',
      `[row for row in csv.reader(open(${path}), delimiter="\\t") if row[0][:1] in "+-.0123456789"]`,
    ],
  ],
  ['.txt', (path) => ['sys', `np.loadtxt(${path}, ndmin=2)`]],
  ['.npy.gz', (path) => ['gzip', `np.load(gzip.open(${path}))`]],
  ['.npy.bz2', (path) => ['bz2', `np.load(bz2.open(${path}))`]],
  ['.npy.xz', (path) => ['lzma', `np.load(lzma.open(${path}))`]],
  ['.npz.gz', (path) => ['gzip', `dict(np.load(gzip.open(${path})))`]],
  ...['.bin', '.raw', '.dat', '.mmap', '.memmap'].map(
    (extension) =>
      [
        extension,
        (path: string) =>
          ['sys', `np.fromfile(${path}, "float32").reshape(-1, int(input("dimensions: ")))`] as const,
      ] as const,
  ),
]);

function torch(path: string): readonly [string, string] {
  return ['torch', `torch.load(${path}, map_location="cpu", weights_only=True)`];
}

/** What torch loads without running anything, once the names that NumPy's arrays ask for are on its list. */
function torchOfNumpy(path: string): readonly [string, string] {
  const [imports, x] = torch(path);
  const types = '{type(np.dtype(c)) for c in "?bhilqBHILQefd"}';
  const calls = '(np.zeros(1).__reduce__()[0], np.float32(0).__reduce__()[0])';
  const names = `(f, f"{m}.multiarray.{f.__name__}") for f in ${calls} for m in ("numpy.core", "numpy._core")`;
  const list = `torch.serialization.add_safe_globals([np.ndarray, np.dtype, *${types}, *(${names})])`;
  return [`${imports}; ${list}`, x];
}

function hdf5(path: string): readonly [string, string] {
  return ['h5py', `{k: v[:] for k, v in h5py.File(${path}, "r").items()}`];
}

/**
 * Returns the line of Python that saves what a file of another format holds as one that is read, beside it; null where
 * none is known. With a `role` it is one array, in .npy; without, all arrays of a dict, in .npz.
 */
export function conversionLine(
  path: string,
  role: string | null,
  extension = extensionIn(path),
): string | null {
  const reader = READERS.get(extension);
  if (reader === undefined) return null;
  const own = extensionIn(path);
  const stem = READERS.has(own) ? path.slice(0, -own.length) : path;
  const [imports, x] = reader(pythonText(path));
  const head = `${IMPORT}, ${imports}; x = ${x}`;
  if (role !== null) {
    return `${head}; ${fromDict(role)}; ${FROM_TENSOR}; np.save(${pythonText(`${stem}.npy`)}, ${AS_ARRAY})`;
  }
  const each = `np.asarray(${tensorTo('v')}, "float32")`;
  const isArray = 'hasattr(v, "__array__") or isinstance(v, (int, float, list))';
  return `${head}; x = x if isinstance(x, dict) else {"embeddings": x}; np.savez(${pythonText(`${stem}.npz`)}, **{str(k): ${each} for k, v in x.items() if ${isArray}})`;
}

/** Returns the line of Python that replaces an array of objects, which is never unpickled here, by its numbers. */
export function objectsLine(place: AdvicePlace, isOne: boolean, role = 'prediction'): string {
  if (!isOne) return rewritten(place, 'np.array([np.asarray(row, "float32") for row in x])');
  return rewritten(place, AS_ARRAY, `x = x.item(); ${fromDict(role)}; ${FROM_TENSOR}; `);
}

/** Returns the line of Python that replaces an array `x` by an expression of it, in its own file. */
export function rewritten({ path, key = null }: AdvicePlace, expression: string, before = ''): string {
  const file = pythonText(path);
  if (key === null) {
    return `${IMPORT}; x = np.load(${file}, allow_pickle=True); ${before}np.save(${file}, ${expression})`;
  }
  const name = pythonText(key);
  return `${IMPORT}; z = dict(np.load(${file}, allow_pickle=True)); x = z[${name}]; ${before}z[${name}] = ${expression}; np.savez(${file}, **z)`;
}

/** Returns the extension with its dot, in lower case, with that of what is compressed: `.npy.gz`. */
function extensionIn(path: string): string {
  return /(\.np[yz])?\.[^./]+$/i.exec(path)?.[0].toLowerCase() ?? '';
}

/** Returns a text as Python writes it. */
export function pythonText(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
