import { currentKernels } from '#kernels/choose-kernels.js';
import { isOrdinary } from '../floating/sums.js';
import type { Batch, Side, StepDerived, StepFold, StepRows } from '../matrix/step-view.js';
import { SURVEY } from '../matrix/survey.js';
import { type Groups, groupsOf, joinGroups } from '../positions/group-means.js';
import { type Classes, numbered } from './classes.js';

/** What is added to the variances within a group. */
const WITHIN = 1e-4;
/** More values than this are not kept for means: 128 MiB. */
const MAX_MEAN_VALUES = 2 ** 24;

const GROUPS: StepDerived<Classes> = {
  name: 'groups of the rows',
  reads: [],
  needs: {},
  from: ({ group }) => numbered(group!.data, group!.rows),
};

/**
 * LiDAR: exp(−Σ p ln p), p = λ/Σλ, 0·ln 0 = 0, λ the eigenvalues of Σw^(−1/2) Σb Σw^(−1/2). With equal weight for each group
 * Σb is the covariance of the means of the groups and Σw the mean of their covariances (ddof 0) + 1e-4·I. Between 1 and
 * min(D, groups − 1). A reason where there is none.
 *
 * Source: Thilak et al., arXiv 2312.04000, without the ε that it adds to p.
 */
export function lidar(side: Side): StepDerived<number | string> {
  const rowsOf = (step: StepRows) => step[side]!;
  const means: StepFold<Groups> = {
    name: 'means of the groups',
    reads: [side],
    needs: { step: [GROUPS] },
    part: (step) => {
      const rows = rowsOf(step);
      const { of } = step.get(GROUPS);
      return groupsOf(rows, of.subarray(rows.firstRow, rows.firstRow + rows.rows), false);
    },
    join: joinGroups,
  };
  const within: StepFold<Float64Array> = {
    name: 'covariance within the groups',
    reads: [side],
    needs: { step: [GROUPS, means] },
    part: (step) => {
      const { matrix, rows, cols, firstRow } = rowsOf(step);
      const { of } = step.get(GROUPS);
      const groups = step.get(means);
      const apart = new Float64Array(rows * cols);
      for (let i = 0, k = 0; i < rows; i++) {
        const { first, sums, rows: size } = groups.means.get(of[firstRow + i]!)!;
        const weight = Math.sqrt(1 / size / groups.count);
        for (let j = 0; j < cols; j++, k++)
          apart[k] = weight * (matrix.data[k]! - first[j]! - sums[j]! / size);
      }
      const gram = new Float64Array(cols * cols);
      currentKernels().gramOfColumns(apart, rows, cols, gram);
      return gram;
    },
    join: (a, b) => {
      for (let k = 0; k < a.length; k++) a[k] = a[k]! + b[k]!;
      return a;
    },
  };
  const missing = (batch: Batch): string | null => {
    if (batch.group === null) return 'needs a group of each row';
    const { count } = numbered(batch.group.data, batch.rows);
    if (count < 2) return 'needs two groups';
    if (count === batch.rows) return 'needs a group of two rows';
    return count * batch.cols > MAX_MEAN_VALUES
      ? `the means of ${count} groups are more than ${MAX_MEAN_VALUES} values`
      : null;
  };
  return {
    name: 'LiDAR',
    reads: [side],
    needs: { [side]: [SURVEY] },
    alsoNeeds: (batch) => (missing(batch) === null ? { step: [means, within] } : {}),
    from: (batch) => {
      const reason = missing(batch);
      if (reason !== null) return reason;
      if (!isOrdinary(batch[side]!.get(SURVEY).spread)) return 'the values are too large or too small';
      return rankOf(batch.get(means), batch.get(within), batch.cols);
    },
  };
}

function rankOf(groups: Groups, within: Float64Array, cols: number): number | string {
  const { count } = groups;
  const between = centredMeans(groups, cols);
  const kernels = currentKernels();
  const factor = Float64Array.from(within);
  for (let j = 0; j < cols; j++) factor[j * cols + j] = factor[j * cols + j]! + WITHIN;
  if (!kernels.cholesky(factor, cols)) return 'the covariance within the groups is lost in rounding';
  // L⁻¹ b of each mean b: their products have the eigenvalues of Σw^(−1/2) Σb Σw^(−1/2) but for a factor.
  for (let g = 0; g < count; g++) solveLower(factor, cols, between.subarray(g * cols, (g + 1) * cols));
  const order = Math.min(count, cols);
  const gram = new Float64Array(order * order);
  if (count <= cols) kernels.gram(between, count, cols, gram);
  else kernels.gramOfColumns(between, count, cols, gram);
  const reduced = kernels.tridiagonalsOf([{ data: gram }], order);
  const eigenvalues = kernels.tridiagonalEigenvalues(reduced)[0]!.map((x) => Math.max(0, x));
  const total = eigenvalues.reduce((sum, x) => sum + x, 0);
  if (!(total > 0)) return 'the means of all groups are the same';
  let entropy = 0;
  for (const x of eigenvalues) if (x > 0) entropy -= (x / total) * Math.log(x / total);
  return Math.exp(entropy);
}

/** The means of the groups less the mean of these, [groups, cols]. */
function centredMeans({ means, count }: Groups, cols: number): Float64Array {
  const out = new Float64Array(count * cols);
  let origin: Float64Array | null = null;
  let at = 0;
  for (const { first, sums, rows } of means.values()) {
    origin ??= first;
    for (let j = 0; j < cols; j++, at++) out[at] = first[j]! - origin[j]! + sums[j]! / rows;
  }
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    for (let k = j; k < out.length; k += cols) sum += out[k]!;
    for (let k = j; k < out.length; k += cols) out[k] = out[k]! - sum / count;
  }
  return out;
}

/** Solves L z = b in place, L in the lower triangle of [n, n]. */
function solveLower(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let j = 0; j < i; j++) sum -= factor[i * n + j]! * b[j]!;
    b[i] = sum / factor[i * n + i]!;
  }
}
