import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import { everyFormat, FORMATS } from '#formats/registry.js';
import { memorySource } from '#io/memory-source.js';
import { FIXTURES } from './fixture-folder.js';

const npy = readFileSync(join(FIXTURES, 'formats/npy/f4.npy'));
const arrow = readFileSync(join(FIXTURES, 'formats/arrow/pyarrow.fsl.f32.plain.file.arrow'));

it('the magic bytes decide, and another extension is a warning', async () => {
  const file = await openArrayFile(memorySource('run/prediction.arrow', npy));
  expect(file.format).toBe('npy');
  expect(file.warnings).toEqual(['the extension .arrow says Arrow; the content is NumPy array']);
  const other = await openArrayFile(memorySource('run/prediction.npy', arrow));
  expect(other.format).toBe('arrow');
  expect(other.warnings).toEqual(['the extension .npy says NumPy array; the content is Arrow']);
});

it.each(['x', 'x.bin', 'x.NPY', 'step=5.npy'])('%s is read without a warning', async (path) => {
  expect((await openArrayFile(memorySource(path, npy))).warnings).toEqual([]);
});

it('the path is on every error, at opening and at reading', async () => {
  await expect(openArrayFile(memorySource('a/b.npy', new Uint8Array(0)))).rejects.toMatchObject({
    path: 'a/b.npy',
  });
  const file = await openArrayFile(memorySource('a/b.npy', npy));
  await expect(file.readVector(null)).rejects.toMatchObject({ code: 'E209', path: 'a/b.npy' });
});

it('ids and extensions are unique', async () => {
  const formats = await everyFormat();
  const ids = formats.map(({ id }) => id);
  const extensions = formats.flatMap((format) => format.extensions);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(extensions).size).toBe(extensions.length);
  expect(extensions.every((extension) => /^\.[a-z0-9]+$/.test(extension))).toBe(true);
});

it('closing the file closes its source', async () => {
  let closed = 0;
  const file = await openArrayFile({ ...memorySource('x.npy', npy), close: () => closed++ });
  file.close();
  expect(closed).toBe(1);
});

it('a small .npz file is none of Arrow, whatever its sizes are', () => {
  // np.savez of float64 [16, 2] by numpy 2.4: its fields read as those of an Arrow stream would.
  const head = Buffer.from(
    '504b03042d000000000000002100fe65330fffffffffffffffff0e00140070726564696374696f6e2e6e70790100100080010000000000008001000000000000',
    'hex',
  );
  expect(FORMATS.find(({ matches }) => matches(head))?.id).toBe('npz');
});
