import { extensionOf } from '../names/tree-path.js';

/** 'array': one unnamed array, its role in its name; 'container': named arrays, to be asked; 'json': a kl_reg. */
export type FileKind = 'array' | 'container' | 'json' | 'unreadable' | 'unknown';

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
  ['.pkl', 'unreadable'],
  ['.h5', 'unreadable'],
  ['.hdf5', 'unreadable'],
  ['.mat', 'unreadable'],
]);

/** Returns what a file is by its extension; 'unreadable' holds arrays in a format the tool does not read. */
export function fileKind(name: string): FileKind {
  return KINDS.get(extensionOf(name)) ?? 'unknown';
}

const WEIGHTS_EXTENSIONS = ['.safetensors', '.pt', '.pth'];
const WEIGHTS_WORDS =
  /(?<!\p{L})(model|adapter|weights|state_dict|optim|optimizer|scheduler|scaler|rng_state|training_args)(?!\p{L})/iu;

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
