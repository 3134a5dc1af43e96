import { isArrowFile, isArrowStream } from './arrow/magic.js';
import { openNpy } from './npy/open.js';
import type { Format } from './shared/define-format.js';
import { firstMember, isTorchMember } from './zip/head.js';

const NPY = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Every format that is read; the first match by magic bytes wins. What it takes to read one is imported when the first
 * such file is met, but for the most common. A format is a folder and an entry here.
 */
export const FORMATS: readonly Format[] = [
  {
    id: 'npy',
    title: 'NumPy array',
    extensions: ['.npy'],
    matches: (head) => NPY.every((byte, i) => head[i] === byte),
    open: openNpy,
  },
  {
    id: 'npz',
    title: 'NumPy archive',
    extensions: ['.npz'],
    matches: (head) => {
      const name = firstMember(head);
      return name !== null && !isTorchMember(name);
    },
    open: async (source, options) => (await import('./npz/open.js')).openNpz(source, options),
  },
  {
    id: 'pt',
    title: 'PyTorch file',
    extensions: ['.pt', '.pth'],
    matches: (head) => isTorchMember(firstMember(head) ?? ''),
    open: async (source, options) => (await import('./pt/open.js')).openPt(source, options),
  },
  {
    id: 'arrow',
    title: 'Arrow',
    extensions: ['.arrow', '.arrows', '.feather', '.ipc'],
    // A stream has no magic bytes; the first member of a small .npz can look like one.
    matches: (head) => isArrowFile(head) || isArrowStream(head),
    open: async (source, options) => (await import('./arrow/open.js')).openArrow(source, options),
  },
  {
    id: 'safetensors',
    title: 'safetensors',
    extensions: ['.safetensors'],
    // The header's length in eight bytes, of which a sane one uses five, then the header.
    matches: (head) => head[8] === 0x7b && head[5] === 0 && head[6] === 0 && head[7] === 0,
    open: async (source, options) => (await import('./safetensors/open.js')).openSafetensors(source, options),
  },
  {
    id: 'parquet',
    title: 'Parquet',
    extensions: ['.parquet', '.pq'],
    // `PARE` marks a file whose footer is encrypted; it is refused when opened.
    matches: (head) => /^PAR[1E]$/.test(String.fromCharCode(...head.subarray(0, 4))),
    open: async (source, options) => (await import('./parquet/open.js')).openParquet(source, options),
  },
];

/** The formats that are read, and those that are refused by name: these are loaded for a file that is none of the others. */
export async function everyFormat(): Promise<readonly Format[]> {
  return [...FORMATS, ...(await import('./refused.js')).REFUSED];
}
