import fc from 'fast-check';
import { it } from 'vitest';
import { createBatch } from '#numerics/matrix/batch.js';
import { RETRIEVAL } from '#numerics/pairs/retrieval.js';
import { sampleOf } from '../kernels/samples.js';
import { expectClose } from '../tolerances.js';

/** Credits by the definition: every distance by differences, in the dimensions in which targets differ. */
function byDefinition(p: Float64Array, t: Float64Array, rows: number, cols: number) {
  const differ = Array.from({ length: cols }, (_, k) => k).filter((k) =>
    t.some((x, at) => at % cols === k && x !== t[k]),
  );
  const distance = (i: number, j: number) => {
    let s = 0;
    for (const k of differ) s += (p[i * cols + k]! - t[j * cols + k]!) ** 2;
    return s;
  };
  let [top1, mrr] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const all = Array.from({ length: rows }, (_, j) => distance(i, j));
    const closer = all.filter((d) => d < all[i]!).length;
    const tied = all.filter((d) => d === all[i]).length;
    if (closer === 0) top1 += 1 / tied;
    for (let r = 1; r <= tied; r++) mrr += 1 / (closer + r) / tied;
  }
  return { top1: top1 / rows, mrr: mrr / rows };
}

const pairs = fc.record({
  rows: fc.integer({ min: 2, max: 150 }),
  cols: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 250, max: 260 })),
  kind: fc.constantFrom('normal', 'offset', 'clusters', 'outlier', 'duplicates', 'constant columns' as const),
  seed: fc.nat(),
  noise: fc.constantFrom(0, 1e-9, 1e-3, 0.3, 3),
  unit: fc.constantFrom(1, 2 ** -510, 2 ** 505),
  apart: fc.constantFrom(0, 1, 1e9),
});

it('ranks every target as its distance does, tied ones too', () => {
  fc.assert(
    fc.property(pairs, ({ noise, unit, apart, ...shape }) => {
      const { rows, cols } = shape;
      const { x } = sampleOf({ ...shape, single: false });
      const { x: random } = sampleOf({ ...shape, kind: 'normal', single: false, seed: shape.seed + 1 });
      const t = Float64Array.from(x, (v) => v * unit);
      const p = Float64Array.from(x, (v, k) => (v + noise * random[k]! + apart) * unit);
      const prediction = { data: p, rows, cols };
      const found = createBatch({ prediction, target: { data: t, rows, cols } }).get(RETRIEVAL);
      const expected = byDefinition(
        p.map((v) => v / unit),
        t.map((v) => v / unit),
        rows,
        cols,
      );
      expectClose(found.top1 as number, expected.top1, 'retrieval_top1');
      expectClose(found.mrr as number, expected.mrr, 'retrieval_mrr');
    }),
    { numRuns: 300 },
  );
});

it('is chance where all targets are one', () => {
  const rows = 5000;
  const cols = 64;
  const { x: data } = sampleOf({ rows, cols, kind: 'normal', single: false, seed: 1 });
  const target = { data: new Float64Array(rows * cols).fill(0.1), rows, cols };
  const { top1 } = createBatch({ prediction: { data, rows, cols }, target }).get(RETRIEVAL);
  expectClose(top1 as number, 1 / rows, 'retrieval_top1');
});
