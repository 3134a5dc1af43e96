import { extensionOf } from '../names/tree-path.js';

/**
 * 'array': one unnamed array, its role in its name; 'container': named arrays, to be asked; 'json': a kl_reg;
 * 'unreadable': arrays in a format that is not read; 'perhaps': the same where its name names a role, and else anything.
 */
export type FileKind = 'array' | 'container' | 'json' | 'unreadable' | 'perhaps' | 'unknown';

const KINDS: ReadonlyMap<string, FileKind> = new Map([
  ['.npy', 'array'],
  ['.npz', 'container'],
  ['.arrow', 'container'],
  ['.arrows', 'container'],
  ['.feather', 'container'],
  ['.ipc', 'container'],
  ['.parquet', 'container'],
  ['.pq', 'container'],
  ['.safetensors', 'container'],
  ['.pt', 'container'],
  ['.pth', 'container'],
  ['.json', 'json'],
  ...['.pkl', '.pickle', '.joblib', '.h5', '.hdf5', '.mat', '.mmap', '.memmap'].map(
    (extension) => [extension, 'unreadable'] as const,
  ),
  ...[
    '.ckpt',
    '.gz',
    '.xz',
    '.bz2',
    '.zst',
    '.zip',
    '.csv',
    '.tsv',
    '.txt',
    '.jsonl',
    '.bin',
    '.raw',
    '.dat',
  ].map((extension) => [extension, 'perhaps'] as const),
]);

/** Extensions of what people put beside arrays and never save arrays in: words, pictures, settings, code. */
const NO_DATA =
  /^\.(png|jpe?g|gif|svg|webp|pdf|mp4|html?|md|rst|log|out|err|ya?ml|toml|ini|cfg|conf|py|ipynb|sh|lock)$/;

/** Returns what a file is by its extension; one that is not known may be data where its name names a role. */
export function fileKind(name: string): FileKind {
  const extension = extensionOf(name);
  const known = KINDS.get(extension);
  if (known !== undefined) return known;
  return /^\.[a-z]{2,12}$/.test(extension) && !NO_DATA.test(extension) ? 'perhaps' : 'unknown';
}

const WEIGHTS_EXTENSIONS = ['.safetensors', '.pt', '.pth'];
const WEIGHTS_WORDS =
  /(?<!\p{L})(model|adapter|weights|state_dict|optim|optimizer|scheduler|scaler|rng_state|training_args)(?!\p{L})/iu;
/** Returns the name without its extension; `.npy.gz` is one, and the `.5` of `epoch_0.5` is none. */
export function stemOf(name: string): string {
  if (fileKind(name) === 'unknown') return name;
  const stem = name.slice(0, name.length - extensionOf(name).length);
  return /\.(npy|npz|csv|json)$/i.test(stem) ? stem.slice(0, -4).replace(/\.$/, '') : stem;
}

/** Is true for a checkpoint's weights beside its embeddings: hundreds of arrays, none of them asked for. */
export function isWeightsFile(name: string): boolean {
  return WEIGHTS_EXTENSIONS.includes(extensionOf(name)) && WEIGHTS_WORDS.test(name);
}

/** Returns why a half-written or housekeeping name is passed over; null for a name to look at. */
export function passedOver(name: string): string | null {
  if (name.startsWith('.')) return 'hidden';
  if (name === '__pycache__') return 'not data';
  return /\.tmp$/i.test(name) ? 'temporary' : null;
}
