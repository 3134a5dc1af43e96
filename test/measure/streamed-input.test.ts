import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ShardPart } from '#discovery/names/step-ref.js';
import type { OpenedFile, RowRange } from '#formats/shared/define-format.js';
import { ArrayPool, asOwned } from '#formats/shared/pool.js';
import { FileCache } from '#measure/load/file-cache.js';
import { openStreamed } from '#measure/load/streamed-input.js';

const COLS = 3;

/** A file of so many rows, float32 or float64, that is read in one piece or only in those of `lengths` rows. */
interface Stored {
  readonly rows: number;
  readonly isWide: boolean;
  readonly lengths: readonly number[] | null;
  /** Whether the step has all rows, or those of some ranges. */
  readonly picks: readonly number[] | null;
}

function togetherOf({ rows, lengths }: Stored): RowRange[] | undefined {
  if (lengths === null) return undefined;
  const ranges: RowRange[] = [];
  for (let start = 0, k = 0; start < rows; k++) {
    const end = Math.min(rows, start + lengths[k % lengths.length]!);
    ranges.push([start, end]);
    start = end;
  }
  return ranges;
}

/** Ranges between every second pair of cuts. */
function picked({ rows, picks }: Stored): RowRange[] | null {
  if (picks === null) return null;
  const cuts = [0, ...[...new Set(picks.map((cut) => cut % rows))].sort((a, b) => a - b), rows];
  const ranges = cuts.slice(1).map((end, i) => [cuts[i]!, end] as const);
  const some = ranges.filter(([start, end], i) => end > start && i % 2 === 0);
  return some.length === 0 ? [[0, rows]] : some;
}

function fileOf(stored: Stored, first: number): OpenedFile {
  const together = togetherOf(stored);
  const { rows, isWide } = stored;
  const dtype = isWide ? 'float64' : 'float32';
  return {
    format: 'fake',
    arrays: [
      { key: null, dtype, shape: [rows, COLS], order: 'C', kind: 'matrix', ...(together && { together }) },
    ],
    metadata: {},
    warnings: [],
    async readMatrix(_, ranges = [[0, rows]]) {
      const values = ranges.flatMap(([start, end]) =>
        Array.from({ length: (end - start) * COLS }, (__, k) => first + start * COLS + k),
      );
      const data = asOwned(isWide ? Float64Array.from(values) : Float32Array.from(values));
      return {
        matrix: { data, rows: values.length / COLS, cols: COLS },
        dtype,
        shape: [rows, COLS],
        notes: [],
      };
    },
    readVector: () => Promise.reject(new Error('no vector')),
    close: () => {},
  };
}

const storedFiles = fc.array(
  fc.record({
    rows: fc.integer({ min: 1, max: 12 }),
    isWide: fc.boolean(),
    lengths: fc.option(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })),
    picks: fc.option(fc.array(fc.nat(50), { maxLength: 4 })),
  }),
  { minLength: 1, maxLength: 4 },
);

it('any rows of an input are those of the whole, however its files are cut', async () => {
  await fc.assert(
    fc.asyncProperty(storedFiles, fc.nat(100), fc.nat(100), async (stored, a, b) => {
      const files = new Map(stored.map((one, i) => [`rank${i}`, fileOf(one, 1000 * i)]));
      const parts = stored.map((one, shard): ShardPart => {
        return { path: `rank${shard}`, key: null, rows: picked(one), source: 'array', shard };
      });
      const input = { ...parts[0]!, parts };
      const cache = new FileCache(
        new Set(),
        async (path) => files.get(path)!,
        { maxMemory: 2 ** 20, pool: new ArrayPool() },
        () => {},
      );
      const { matrix, parts: loaded } = await cache.readInput(input);
      const streamed = (await openStreamed(input, cache))!;
      expect([streamed.rows, streamed.cols, streamed.bytes]).toEqual([
        matrix.rows,
        matrix.cols,
        matrix.data.byteLength,
      ]);
      expect(streamed.parts).toEqual(loaded);
      const [start, end] = [a % matrix.rows, b % matrix.rows].sort((x, y) => x - y) as [number, number];
      for (const [from, to] of [
        [start, end + 1],
        [0, matrix.rows],
        [matrix.rows - 1, matrix.rows],
      ] as const) {
        const rows = await streamed.read(from, to);
        expect(rows).toEqual({
          data: matrix.data.slice(from * COLS, to * COLS),
          rows: to - from,
          cols: COLS,
        });
      }
    }),
  );
});

it('files stay open and are told apart until they are let go', async () => {
  const closed: string[] = [];
  const open = async (path: string): Promise<OpenedFile> => {
    return {
      ...fileOf({ rows: 2, isWide: false, lengths: null, picks: null }, 0),
      close: () => closed.push(path),
    };
  };
  const cache = new FileCache(new Set(), open, { maxMemory: 2 ** 20, pool: new ArrayPool() }, () => {});
  for (const path of ['a', 'b', 'c', 'd']) await cache.hold(path);
  expect(closed).toEqual([]);
  await cache.open('a');
  cache.letGo();
  expect(closed).toEqual(['a', 'b']);
  cache.close();
  expect(closed).toEqual(['a', 'b', 'c', 'd']);
});
