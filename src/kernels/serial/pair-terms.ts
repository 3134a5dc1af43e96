import { centredCopy, meansFrom } from '../arrays.js';
import { MOST_OPEN } from '../constants.js';
import type { Centre, PairTerms } from '../kernels.js';
import { surveyColumns } from './passes.js';

/** Finds what `Kernels.sumPairwiseDistances` writes to `terms`, every distance by differences. */
export function takePairTerms(
  x: Float32Array | Float64Array,
  rows: number,
  cols: number,
  centre: Centre | undefined,
  { nearest, repulsion }: PairTerms,
): void {
  const mean = () => meansFrom(x, rows, surveyColumns(x, rows, cols));
  const about = centre ?? { mean: mean(), residual: new Float64Array(cols) };
  const centred = centredCopy(x, rows, cols, about);
  const norms = new Float64Array(rows);
  for (let k = 0; k < centred.length; k++) {
    const i = Math.floor(k / cols);
    norms[i] = norms[i]! + centred[k]! * centred[k]!;
  }
  nearest.fill(Number.POSITIVE_INFINITY);
  const open: number[] = [];
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      let squared = 0;
      for (let a = i * cols, b = j * cols, end = a + cols; a < end; a++, b++) {
        const apart = x[a]! - x[b]!;
        squared += apart * apart;
      }
      nearest[i] = Math.min(nearest[i]!, squared);
      nearest[j] = Math.min(nearest[j]!, squared);
      if (repulsion === null) continue;
      const { lengths, share, size } = repulsion;
      const radial = lengths[i]! - lengths[j]!;
      const across = squared - radial * radial;
      if (across >= share * Math.max(size, norms[i]! + norms[j]!)) {
        sum += Math.expm1((-2 * across) / (lengths[i]! * lengths[j]!));
      } else if (open.length <= 2 * MOST_OPEN) open.push(i, j);
    }
  }
  if (repulsion === null) return;
  repulsion.sum = sum;
  repulsion.open = open.length > 2 * MOST_OPEN ? null : Uint32Array.from(open);
}
