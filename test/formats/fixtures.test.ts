import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '#errors.js';
import { openArrayFile } from '#formats/index.js';
import { openNodeFile } from '#io/node-file.js';
import { FIXTURES, fixtureFolder, type LoadsNpy, type LoadsTable, type Refused } from './fixture-folder.js';

const title = (name: string): string =>
  name
    .replace(/\.npy$/, '')
    .replaceAll('_', ' ')
    .replace('big endian', 'big-endian');

describe('npy fixtures', () => {
  for (const { name, path, expected } of fixtureFolder<LoadsNpy>('formats/npy')) {
    it(`${title(name)} loads`, async () => {
      const file = await openArrayFile(openNodeFile(path), expected.options);
      const values = expected.values.map(Number);
      const kind = expected.vector ? 'vector' : 'matrix';
      expect(file.arrays).toMatchObject([{ key: null, dtype: expected.dtype, shape: expected.shape, kind }]);
      if (expected.vector) {
        expect(await file.readVector(null)).toEqual(Float64Array.from(values));
      } else {
        const { matrix, dtype, shape, notes } = await file.readMatrix(null);
        expect([dtype, shape, matrix.rows, matrix.cols]).toEqual([
          expected.dtype,
          expected.shape,
          expected.rows,
          expected.cols,
        ]);
        const wide = !['float16', 'float32', 'bfloat16'].includes(expected.dtype);
        expect(matrix.data).toBeInstanceOf(wide ? Float64Array : Float32Array);
        expect(Array.from(matrix.data)).toEqual(values);
        const flattened = `${shape.length}-D [${shape.join(', ')}] flattened to ${matrix.rows} rows`;
        expect(notes).toEqual(shape.length > 2 ? [flattened] : []);
      }
      file.close();
    });
  }
});

describe.each(['arrow', 'npz', 'safetensors', 'parquet'])('%s fixtures', (folder) => {
  for (const { name, path, expected } of fixtureFolder<LoadsTable>(`formats/${folder}`)) {
    it(`${name} loads`, async () => {
      const file = await openArrayFile(openNodeFile(path));
      expect(file.warnings).toEqual([]);
      for (const [key, like] of Object.entries(expected.columns)) {
        const [start, end] = expected.rows ?? [0, 48];
        const reference = await openArrayFile(openNodeFile(join(FIXTURES, 'formats/arrow', like)));
        const { matrix } = await reference.readMatrix(null, [[start, end]]);
        const loaded = await file.readMatrix(key);
        expect([loaded.dtype, loaded.matrix.rows, loaded.matrix.cols]).toEqual([
          expected.dtype,
          end - start,
          12,
        ]);
        expect(Array.from(loaded.matrix.data)).toEqual(Array.from(matrix.data));
        const ranges = [
          [7, 9],
          [0, 2],
        ] as const;
        const some = await file.readMatrix(key, ranges);
        const want = ranges.flatMap(([a, b]) => Array.from(matrix.data.subarray(a * 12, b * 12)));
        expect(Array.from(some.matrix.data)).toEqual(want);
        reference.close();
      }
      expect(file.metadata).toMatchObject(expected.metadata ?? {});
      for (const [key, values] of Object.entries(expected.vectors ?? {})) {
        expect(Array.from(await file.readVector(key))).toEqual(values);
      }
      for (const [key, values] of Object.entries(expected.matrices ?? {})) {
        expect(Array.from((await file.readMatrix(key)).matrix.data)).toEqual(values.flat());
      }
      file.close();
    });
  }
});

describe.each(readdirSync(join(FIXTURES, 'malformed')))('malformed %s', (folder) => {
  for (const { name, path, expected } of fixtureFolder<Refused>(`malformed/${folder}`)) {
    it(`${title(name)} is refused with ${expected.code}`, async () => {
      const source = openNodeFile(path);
      try {
        const error = await openArrayFile(source)
          .then(
            async (file) => {
              expect(expected.when).not.toBe('open');
              const key = expected.key ?? null;
              await (expected.when === 'vector' ? file.readVector(key) : file.readMatrix(key));
            },
            (cause) => {
              expect(expected.when).toBe('open');
              throw cause;
            },
          )
          .catch((cause: unknown) => cause);
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ code: expected.code, path });
        expect((error as Error).message).toContain(expected.message);
      } finally {
        source.close();
      }
    });
  }
});

it('every refusal and every format has a fixture', async () => {
  const { everyFormat } = await import('#formats/registry.js');
  const formats = await everyFormat();
  const heads = readdirSync(FIXTURES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /formats|malformed/.test(entry.parentPath))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).subarray(0, 64));
  const without = formats.filter(
    (format) => !heads.some((head) => formats.find((one) => one.matches(head)) === format),
  );
  expect(without.map(({ id }) => id)).toEqual([]);
});
