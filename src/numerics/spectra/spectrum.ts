import { currentKernels } from '#kernels/choose-kernels.js';
import { exponentOf } from '../floating/power-of-two.js';
import type { MatrixDerived, MatrixFold, MatrixView } from '../matrix/matrix-view.js';
import { SURVEY } from '../matrix/survey.js';
import { CENTRED_GRAM, type Gram, RAW_GRAM } from './gram.js';

/** The squares of a matrix's singular values, in a unit of their own: only their ratios mean something. */
export interface Spectrum {
  /** Descending, [min(rows, cols)]; what may be rounding alone is 0. NaN where the matrix overflows. */
  readonly eigenvalues: Float64Array;
  /** How many are above 0. */
  readonly rank: number;
}

/** Below this order two spectra take too little time for a second thread to be worth waiting for. */
const MIN_ORDER_TOGETHER = 256;

/**
 * σ² of the centred matrix, through its Gram matrix. Eigenvalues below max(N, D)·2⁻⁵²·λmax count as 0, so a singular
 * value is seen down to about 1e-7 of the largest.
 */
export const CENTRED_SPECTRUM = spectrum('spectrum', CENTRED_GRAM, (view) => view.get(SURVEY).spread === 0);

/** σ² of the matrix as it is, not centred. */
export const RAW_SPECTRUM = spectrum('uncentred spectrum', RAW_GRAM, () => false);

/** Where the spectra of several matrices are needed, which have one shape, and are large, threads take one each. */
function spectrum(
  name: string,
  gram: MatrixFold<Gram>,
  isZero: (view: MatrixView) => boolean,
): MatrixDerived<Spectrum> {
  const of = (views: readonly MatrixView[]) => spectraOf(views, gram, isZero);
  return {
    name,
    needs: [gram],
    from: (view) => of([view])[0]!,
    together: (views) => {
      const { rows, cols } = views[0]!;
      return Math.min(rows, cols) < MIN_ORDER_TOGETHER ? views.flatMap((view) => of([view])) : of(views);
    },
  };
}

function spectraOf(
  views: readonly MatrixView[],
  gram: MatrixFold<Gram>,
  isZero: (view: MatrixView) => boolean,
): Spectrum[] {
  const needed = views.filter((view) => !isZero(view));
  const grams = needed.map((view) => view.get(gram));
  const { rows, cols } = views[0]!;
  const order = Math.min(rows, cols);
  const traces = grams.map(traceOf);
  // The eigenvalue kernel squares the entries of the Gram matrix, which are squares already.
  const usable = grams.flatMap(({ data }, i) => {
    const trace = traces[i]!;
    return Number.isFinite(trace) && trace !== 0 ? [{ data, scale: 2 ** -exponentOf(trace) }] : [];
  });
  const found =
    usable.length === 0
      ? []
      : currentKernels().symmetricEigenvaluesOf(
          usable.map(({ data }) => data),
          order,
          usable.map(({ scale }) => scale),
        );
  let next = 0;
  return views.map((view) => {
    const trace = traces[needed.indexOf(view)] ?? 0;
    if (!Number.isFinite(trace)) return { eigenvalues: new Float64Array(order).fill(Number.NaN), rank: 0 };
    if (trace === 0) return { eigenvalues: new Float64Array(order), rank: 0 };
    return withoutNoise(found[next++]!.reverse(), Math.max(rows, cols));
  });
}

function traceOf({ data, order }: Gram): number {
  let trace = 0;
  for (let i = 0; i < order; i++) trace += data[i * order + i]!;
  return trace;
}

/** What is given, descending, with 0 for what may be rounding alone. */
function withoutNoise(eigenvalues: Float64Array, longestSide: number): Spectrum {
  const noise = longestSide * 2 ** -52 * (eigenvalues[0] ?? 0);
  const rank = eigenvalues.findIndex((x) => !(x > noise));
  if (rank === -1) return { eigenvalues, rank: eigenvalues.length };
  eigenvalues.fill(0, rank);
  return { eigenvalues, rank };
}

/**
 * exp(−Σ p ln p) with p = σ/Σσ over the singular values of the centred matrix, 0·ln 0 = 0: between 1 and
 * min(N − 1, D). NaN where all rows are the same or the matrix overflows.
 * Source: Roy & Vetterli, The effective rank, EUSIPCO 2007.
 */
export const EFFECTIVE_RANK: MatrixDerived<number> = {
  name: 'effective rank',
  needs: [CENTRED_SPECTRUM],
  from: (view) => {
    const singular = view.get(CENTRED_SPECTRUM).eigenvalues.map(Math.sqrt);
    const total = singular.reduce((sum, s) => sum + s, 0);
    let entropy = 0;
    for (const s of singular) {
      const p = s / total;
      if (p !== 0) entropy -= p * Math.log(p);
    }
    return Math.exp(entropy);
  },
};
