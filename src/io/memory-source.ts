import { InputError } from '#errors.js';
import type { ByteSource } from './byte-source.js';

/** Makes a `ByteSource` over bytes already in memory; `path` only names them in messages. */
export function memorySource(path: string, bytes: Uint8Array): ByteSource {
  const view = (start: number, end: number): Uint8Array => {
    if (!(start >= 0 && start <= end && end <= bytes.length)) {
      throw new InputError('E203', `bytes ${start} to ${end} were asked for; there are ${bytes.length}`, {
        path,
        fields: { start, end, byteLength: bytes.length },
      });
    }
    return bytes.subarray(start, end);
  };
  return {
    path,
    byteLength: bytes.length,
    slice: (start, end) => new Uint8Array(view(start, end)),
    readInto: (target, start) => target.set(view(start, start + target.length)),
    verifyUnchanged: () => {},
    close: () => {},
  };
}
