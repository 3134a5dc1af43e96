import { currentKernels } from '#kernels/choose-kernels.js';
import { MULTIPLES, type PhaseSums } from '#kernels/kernels.js';
import type { Matrix } from '../matrix/matrix.js';
import type { MatrixDerived, MatrixFold, MatrixView, Rows } from '../matrix/matrix-view.js';
import { RandomSlices } from '../random/random-slices.js';

const SLICES = 1024;
const LAST_KNOT = 3;
const STEP = LAST_KNOT / MULTIPLES;
/** Values of slices that stay in memory, 64 MiB; where they are more, those that are drawn at a time, 32 MiB. */
const KEPT_VALUES = 2 ** 23;
const SOME_VALUES = 2 ** 22;

/** Of no more rows than this, slices that are not kept are not even written out. */
const FEW_ROWS = 64;

/** What SIGReg draws its slices from; any other seed gives another sample of the same statistic. */
export const SIGREG_SEED = 0;

/** Past this the phases t·s keep fewer than eight digits. */
const LARGEST_PROJECTION = 1e8;
const ANGLES = { step: STEP, limit: LARGEST_PROJECTION };

/**
 * At the knots t_k = k·STEP but t_0 = 0, where both sides are 1: φ(t) = exp(−t²/2), the characteristic function of
 * N(0, 1), and the weights of ∫ φ(t) … dt over [−3, 3] by trapezoid, the two halves being equal.
 */
const PHI = Float64Array.from({ length: MULTIPLES }, (_, k) => Math.exp(-(((k + 1) * STEP) ** 2) / 2));
const WEIGHTS = PHI.map((phi, k) => phi * (k === MULTIPLES - 1 ? STEP : 2 * STEP));

/** The same of a whole matrix of few rows; prediction and target are projected on the same draws. */
const PHASES_OF_FEW: MatrixDerived<PhaseSums> = {
  name: 'phases of few rows on random slices',
  needs: [],
  from: (view) => together([view])[0]!,
  together,
};

/** Σ over rows of cos t_k s and sin t_k s, [SLICES, MULTIPLES]; NaN where a projection passes 1e8. */
const PHASES: MatrixFold<PhaseSums> = {
  name: 'phases on random slices',
  needs: [],
  alsoNeeds: (view) => (view.rowsInMemory !== null && areFew(view) ? [PHASES_OF_FEW] : []),
  part: phasesOf,
  join: (a, b) => {
    for (let k = 0; k < a.cosines.length; k++) {
      a.cosines[k] = a.cosines[k]! + b.cosines[k]!;
      a.sines[k] = a.sines[k]! + b.sines[k]!;
    }
    return a;
  },
};

/**
 * The Epps–Pulley statistic against N(0, 1) averaged over 1024 seeded random slices of the rows as they are:
 * N · mean Σ_k w_k [(mean cos t_k s − φ_k)² + (mean sin t_k s)²] at 17 knots on [0, 3]. N(0, I) gives 1.0525 in
 * expectation at any N and D, all zeros 0.402·N. NaN where a projection passes 1e8.
 * Source: SIGReg of LeJEPA, arXiv 2511.08544.
 */
export const SIGREG: MatrixDerived<number> = { name: 'SIGReg', needs: [PHASES], from: sigreg };

function sigreg(view: MatrixView): number {
  const { rows } = view;
  const { cosines, sines } = view.get(PHASES);
  let total = 0;
  for (let k = 0; k < cosines.length; k++) {
    const real = cosines[k]! / rows - PHI[k % MULTIPLES]!;
    const imaginary = sines[k]! / rows;
    total += WEIGHTS[k % MULTIPLES]! * (real * real + imaginary * imaginary);
  }
  return (rows * total) / SLICES;
}

function areFew({ rows, cols }: Pick<MatrixView, 'rows' | 'cols'>): boolean {
  const atOnce = slicesAtOnce(cols);
  return atOnce === 0 || (atOnce < SLICES && rows <= FEW_ROWS);
}

function phasesOf(block: Rows): PhaseSums {
  const { rows, cols, matrix, sampling } = block;
  if (areFew(block)) return block.isWhole ? block.get(PHASES_OF_FEW) : phasesOfFew([matrix])[0]!;
  const { slices = new RandomSlices() } = sampling;
  const atOnce = slicesAtOnce(cols);
  return collected(atOnce, (first) => {
    const directions = slices.of(atOnce, cols, SIGREG_SEED, first);
    return currentKernels().phaseSums({ x: matrix.data, rows, cols, directions, ...ANGLES });
  });
}

function together(views: readonly MatrixView[]): PhaseSums[] {
  return phasesOfFew(views.map((view) => view.rowsInMemory!.matrix));
}

/** The same of matrices of one shape whose rows are projected while the slices are drawn. */
export function phasesOfFew(matrices: readonly Matrix[]): PhaseSums[] {
  const { projectOnNormals, phaseSums } = currentKernels();
  const [{ data: x, rows, cols }, ...rest] = matrices as [Matrix, ...Matrix[]];
  const others = rest.map(({ data }) => data);
  const projections = projectOnNormals({ x, others, rows, cols, count: SLICES, seed: SIGREG_SEED });
  const itself = { count: 1, draw: () => Float64Array.of(1) };
  const width = matrices.length * rows + 1;
  return matrices.map((_, m) =>
    collected(1, (slice) => {
      const own = projections.subarray(slice * width, (slice + 1) * width);
      const norm = Math.sqrt(own[width - 1]!);
      const along = own.subarray(m * rows, (m + 1) * rows).map((product) => product / norm);
      return phaseSums({ x: along, rows, cols: 1, directions: itself, ...ANGLES });
    }),
  );
}

/** Puts the sums together of every `step` slices. */
function collected(step: number, of: (first: number) => PhaseSums): PhaseSums {
  const cosines = new Float64Array(SLICES * MULTIPLES);
  const sines = new Float64Array(SLICES * MULTIPLES);
  for (let first = 0; first < SLICES; first += step) {
    const sums = of(first);
    cosines.set(sums.cosines, first * MULTIPLES);
    sines.set(sums.sines, first * MULTIPLES);
  }
  return { cosines, sines };
}

/** All where they may be kept; else a power of two that is within SOME_VALUES, or 0 where not even four are. */
function slicesAtOnce(dims: number): number {
  if (SLICES * dims <= KEPT_VALUES) return SLICES;
  let count = SLICES;
  while (count >= 4 && count * dims > SOME_VALUES) count /= 2;
  return count < 4 ? 0 : count;
}
