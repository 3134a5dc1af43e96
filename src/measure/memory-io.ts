import { openArrayFile } from '#formats/index.js';
import type { OpenOptions } from '#formats/shared/define-format.js';
import { memorySource } from '#io/memory-source.js';
import { readError } from '#io/system-error.js';
import type { MeasureIo } from './measure.js';

/** A file that is in memory; `path` names it in messages, and its extension says nothing but its format. */
export interface MemoryFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Makes a file system that holds one file. */
export function memoryMeasureIo(
  { path, bytes }: MemoryFile,
  options: OpenOptions,
): Pick<MeasureIo, 'tree' | 'openFile' | 'readText'> {
  const openFile = () => openArrayFile(memorySource(path, bytes), options);
  return {
    openFile,
    readText(other) {
      throw readError(other, Object.assign(new Error(), { code: 'ENOENT' }), 'read');
    },
    tree: {
      kind: (other) => (other === path ? 'file' : 'missing'),
      list: () => [],
      async describe() {
        const { format, arrays, metadata, readVector } = await openFile();
        return { format, arrays, metadata, readVector: (key) => readVector(key) };
      },
    },
  };
}
