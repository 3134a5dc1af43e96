import { currentKernels } from '#kernels/choose-kernels.js';
import { exponentOf } from '../floating/power-of-two.js';
import type { Embedding } from '../matrix/embedding.js';
import type { RowFold } from '../matrix/row-fold.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';
import { CENTRED_GRAM, type Gram, RAW_GRAM } from './gram.js';

/** The squares of a matrix's singular values, in a unit of their own: only their ratios mean something. */
export interface Spectrum {
  /** Descending, [min(rows, cols)]; what cannot be told from rounding is 0. NaN where the matrix overflows. */
  readonly eigenvalues: Float64Array;
  /** How many are above 0. */
  readonly rank: number;
}

interface Route {
  readonly gram: RowFold<Embedding, Gram>;
  /** True where nothing needs computing, as every value is 0. */
  isZero(embedding: WholeEmbedding): boolean;
}

const ROUTES = {
  centred: { gram: CENTRED_GRAM, isZero: (embedding) => embedding.spread === 0 },
  raw: { gram: RAW_GRAM, isZero: () => false },
} as const satisfies Record<string, Route>;

/** Of the centred matrix, or of the matrix as it is. */
export type SpectrumKind = keyof typeof ROUTES;

export const SPECTRUM_KINDS = Object.keys(ROUTES) as SpectrumKind[];

/** Below this order two spectra take too little time for a second thread to be worth waiting for. */
const MIN_ORDER_TOGETHER = 256;

/**
 * σ² of the centred matrix, through its Gram matrix. Eigenvalues below max(N, D)·2⁻⁵²·λmax count as 0, so a singular
 * value is seen down to about 1e-7 of the largest.
 */
export function centredSpectrum(embedding: WholeEmbedding): Spectrum {
  return plannedSpectrum(ROUTES.centred, embedding);
}

/** σ² of the matrix as it is, not centred. */
export function rawSpectrum(embedding: WholeEmbedding): Spectrum {
  return plannedSpectrum(ROUTES.raw, embedding);
}

/**
 * Says that this spectrum of both matrices, which have one shape, will be asked for: where they are large, the first
 * that is asked for brings the other, and threads take one each. No number depends on it.
 */
export function expectSpectra(kind: SpectrumKind, first: WholeEmbedding, second: WholeEmbedding): void {
  if (Math.min(first.rows, first.cols) < MIN_ORDER_TOGETHER) return;
  const route = ROUTES[kind];
  let spectra: Spectrum[] | undefined;
  const both = (): Spectrum[] => {
    spectra ??= spectraOf(route, [first, second]);
    return spectra;
  };
  first.keyed(route, () => () => both()[0]!);
  second.keyed(route, () => () => both()[1]!);
}

/** By itself, unless it is expected together with another's. */
function plannedSpectrum(route: Route, embedding: WholeEmbedding): Spectrum {
  return embedding.keyed(route, () => () => spectraOf(route, [embedding])[0]!)();
}

function spectraOf(route: Route, embeddings: readonly WholeEmbedding[]): Spectrum[] {
  const needed = embeddings.filter((embedding) => !route.isZero(embedding));
  // Rows that pass by are asked for all of them at once.
  for (const embedding of needed) embedding.expect(route.gram);
  const grams = needed.map((embedding) => embedding.fold(route.gram));
  const { rows, cols } = embeddings[0]!;
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
  return embeddings.map((embedding) => {
    const trace = traces[needed.indexOf(embedding)] ?? 0;
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

/** What is given, descending, with 0 for what cannot be told from rounding. */
function withoutNoise(eigenvalues: Float64Array, longestSide: number): Spectrum {
  const noise = longestSide * 2 ** -52 * (eigenvalues[0] ?? 0);
  const rank = eigenvalues.findIndex((x) => !(x > noise));
  if (rank === -1) return { eigenvalues, rank: eigenvalues.length };
  eigenvalues.fill(0, rank);
  return { eigenvalues, rank };
}
