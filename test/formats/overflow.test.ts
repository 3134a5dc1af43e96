import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';
import { folder, step } from '../support/run-folder.js';

const deeper = (depth: number): number => 1 + deeper(depth + 1);

/** A file whose reads end as those of one that is nested too deep do, once `isDeep`. */
function deepSource(path: string, isDeep: () => boolean): ByteSource {
  const source = memorySource(path, readFileSync(path));
  const read = <T>(work: () => T): T => {
    if (isDeep()) deeper(0);
    return work();
  };
  return {
    ...source,
    slice: (start, end) => read(() => source.slice(start, end)),
    readInto: (target, start) => read(() => source.readInto(target, start)),
  };
}

it('a stack overflow while a file is opened or read is an error of that file', async () => {
  const path = `${folder(step(1, 1))}/step_000001/target.npy`;
  const refused = { code: 'E204', path, message: expect.stringContaining('Maximum call stack') };
  await expect(openArrayFile(deepSource(path, () => true))).rejects.toMatchObject(refused);
  let isDeep = false;
  const file = await openArrayFile(deepSource(path, () => isDeep));
  isDeep = true;
  await expect(file.readMatrix(null)).rejects.toMatchObject(refused);
  isDeep = false;
  await expect(file.readMatrix(null)).resolves.toHaveProperty('shape');
});
