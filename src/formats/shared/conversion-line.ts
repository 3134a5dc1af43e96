import { AS_ARRAY, FROM_TENSOR, fromDict, IMPORT, pythonText, tensorTo } from './python-advice.js';

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
  const types = '{type(np.dtype(c)) for c in "?bhilqBHILQefdgFDGOSUVMm"}';
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
  const isArray = 'hasattr(v, "__array__") or isinstance(v, (int, float, list))';
  const arrays = `{str(k): np.asarray(${tensorTo('v')}) for k, v in x.items() if ${isArray}}`;
  const numbers = 'np.array(v.tolist() if v.dtype == object else v, "float32")';
  const areNumbers = 'v.dtype.kind in "biufO" and not isinstance(next(iter(v.flat), 0), str)';
  return `${head}; x = x if isinstance(x, dict) else {"embeddings": x}; x = ${arrays}; np.savez(${pythonText(`${stem}.npz`)}, **{k: ${numbers} for k, v in x.items() if ${areNumbers}})`;
}

/** Returns the extension with its dot, in lower case, with that of what is compressed: `.npy.gz`. */
function extensionIn(path: string): string {
  return /(\.np[yz])?\.[^./]+$/i.exec(path)?.[0].toLowerCase() ?? '';
}
