import { currentKernels } from '#kernels/choose-kernels.js';
import type { MatrixDerived, MatrixFold, MatrixView, Rows } from '../matrix/matrix-view.js';
import { RandomSlices, randomSlices } from '../random/random-slices.js';

const SLICES = 1024;
const KNOTS = 17;
const LAST_KNOT = 3;
const STEP = LAST_KNOT / (KNOTS - 1);
/** Rows that are projected at a time: their projections are 16 MiB. */
const BLOCK_ROWS = 2048;
/** Values of slices, and of rows, that are taken at a time: 64 MiB of slices. */
const BLOCK_VALUES = 2 ** 23;

/** What SIGReg draws its slices from; any other seed gives another sample of the same statistic. */
export const SIGREG_SEED = 0;

/** Past this the phases t·s keep fewer than eight digits. */
const LARGEST_PROJECTION = 1e8;

/**
 * φ(t) = exp(−t²/2), the characteristic function of N(0, 1), and the weights of ∫ φ(t) … dt over [−3, 3] by trapezoid,
 * the two halves being equal.
 */
const PHI = Float64Array.from({ length: KNOTS }, (_, k) => Math.exp(-((k * STEP) ** 2) / 2));
const WEIGHTS = PHI.map((phi, k) => phi * (k === 0 || k === KNOTS - 1 ? STEP : 2 * STEP));

/** Σ over rows of cos t_k s and sin t_k s, [SLICES, KNOTS]; null where a projection passes 1e8. */
type Phases = { readonly cosines: Float64Array; readonly sines: Float64Array } | null;

const PHASES: MatrixFold<Phases> = {
  name: 'phases on random slices',
  needs: [],
  part: phasesOf,
  join: (a, b) => {
    if (a === null || b === null) return null;
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
  const phases = view.get(PHASES);
  if (phases === null) return Number.NaN;
  const { cosines, sines } = phases;
  let total = 0;
  for (let s = 0; s < SLICES; s++) {
    for (let k = 0; k < KNOTS; k++) {
      const real = cosines[s * KNOTS + k]! / rows - PHI[k]!;
      const imaginary = sines[s * KNOTS + k]! / rows;
      total += WEIGHTS[k]! * (real * real + imaginary * imaginary);
    }
  }
  return (rows * total) / SLICES;
}

function phasesOf({ rows, cols, matrix: { data }, sampling }: Rows): Phases {
  const { slices: drawn = new RandomSlices() } = sampling;
  const cosines = new Float64Array(SLICES * KNOTS);
  const sines = new Float64Array(SLICES * KNOTS);
  const step = slicesAtOnce(cols);
  const blockRows = Math.max(1, Math.min(rows, BLOCK_ROWS, Math.floor(BLOCK_VALUES / cols)));
  const block = new Float64Array(step * blockRows);
  for (let first = 0; first < SLICES; first += step) {
    const slices =
      step === SLICES ? drawn.of(SLICES, cols, SIGREG_SEED) : randomSlices(step, cols, SIGREG_SEED, first);
    for (let i = 0; i < rows; i += blockRows) {
      const count = Math.min(blockRows, rows - i);
      const own = data.subarray(i * cols, (i + count) * cols);
      const projections = block.subarray(0, step * count);
      currentKernels().rowProducts({ x: slices, xRows: step, y: own, yRows: count, cols }, projections);
      for (let s = 0; s < step; s++) {
        const ofSlice = projections.subarray(s * count, (s + 1) * count);
        if (!ofSlice.every((x) => Math.abs(x) <= LARGEST_PROJECTION)) return null;
        addPhases(ofSlice, cosines, sines, (first + s) * KNOTS);
      }
    }
  }
  return { cosines, sines };
}

/** All where they are within BLOCK_VALUES; else a power of two that is, and at least four. */
function slicesAtOnce(dims: number): number {
  let count = SLICES;
  while (count > 4 && count * dims > BLOCK_VALUES) count /= 2;
  return count;
}

/** Adds cos kθ and sin kθ for every knot k and every projection θ/STEP, each from the one before by the addition theorem. */
function addPhases(projections: Float64Array, cosines: Float64Array, sines: Float64Array, at: number): void {
  for (const projection of projections) {
    const theta = projection * STEP;
    const c = Math.cos(theta);
    const s = Math.sin(theta);
    let re = 1;
    let im = 0;
    for (let k = at; k < at + KNOTS; k++) {
      cosines[k] = cosines[k]! + re;
      sines[k] = sines[k]! + im;
      const next = re * c - im * s;
      im = re * s + im * c;
      re = next;
    }
  }
}
