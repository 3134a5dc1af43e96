import { MULTIPLES, type PhaseSums, type ProjectedRows } from '../kernels.js';
import { rowProducts } from './products.js';

/** Rows that are projected at a time. */
const BLOCK_ROWS = 512;

/** See `Kernels.phaseSums`. */
export function phaseSums({ x, rows, cols, directions, step, limit }: ProjectedRows): PhaseSums {
  const { count } = directions;
  const drawn = directions.draw(0, count);
  const sums = { cosines: new Float64Array(count * MULTIPLES), sines: new Float64Array(count * MULTIPLES) };
  const block = new Float64Array(count * Math.min(rows, BLOCK_ROWS));
  for (let i = 0; i < rows; i += BLOCK_ROWS) {
    const some = Math.min(BLOCK_ROWS, rows - i);
    const y = x.subarray(i * cols, (i + some) * cols);
    const projections = block.subarray(0, count * some);
    rowProducts({ x: drawn, xRows: count, y, yRows: some, cols }, projections);
    for (let d = 0; d < count; d++) {
      addPhases(projections.subarray(d * some, (d + 1) * some), step, limit, sums, d * MULTIPLES);
    }
  }
  return sums;
}

/** Adds cos kθ and sin kθ for k = 1 … 16, each from the one before by the addition theorem. */
export function addPhases(
  projections: Float64Array,
  step: number,
  limit: number,
  { cosines, sines }: PhaseSums,
  at: number,
): void {
  for (const projection of projections) {
    const theta = Math.abs(projection) <= limit ? projection * step : Number.NaN;
    const c = Math.cos(theta);
    const s = Math.sin(theta);
    let re = c;
    let im = s;
    for (let k = at; k < at + MULTIPLES; k++) {
      cosines[k] = cosines[k]! + re;
      sines[k] = sines[k]! + im;
      const next = re * c - im * s;
      im = re * s + im * c;
      re = next;
    }
  }
}
