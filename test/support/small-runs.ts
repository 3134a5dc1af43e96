import { normals } from './normals.js';
import { writeMatrix } from './run-folder.js';

const ROWS = 64;
const DIMS = 16;

/** What is left, at one step, of a healthy pair of target and prediction. */
export interface Condition {
  /** Of the target's spread about its mean; the prediction follows. 1 unless said. */
  readonly target?: number;
  /** Of the prediction's spread beside the target's. */
  readonly prediction?: number;
  /** Of the spread of all directions but the first two. */
  readonly rest?: number;
}

/**
 * Writes a step as float32: rows of one evaluation batch about a mean of 0.3, a prediction that points the right way and
 * has noise of its own of a fiftieth.
 */
export function writePair(
  root: string,
  names: { readonly prediction?: string; readonly target?: string },
  { target: spread = 1, prediction: share = 0.95, rest = 1 }: Condition = {},
): void {
  const normal = normals(11);
  const rows = Array.from({ length: ROWS * DIMS }, (_, k) => normal() * (k % DIMS < 2 ? 1 : rest));
  const noise = Array.from({ length: ROWS * DIMS }, () => 0.02 * normal());
  const target = rows.map((x) => 0.3 + spread * x);
  const prediction = rows.map((x, k) => 0.3 + spread * (share * x + noise[k]!));
  for (const [name, values] of [
    [names.prediction, prediction],
    [names.target, target],
  ] as const) {
    if (name !== undefined) writeMatrix(root, name, [ROWS, DIMS], { values });
  }
}

/** Writes a run, a directory a step, from step 100 on unless told otherwise. */
export function writeRun(
  root: string,
  conditions: readonly Condition[],
  { name = 'run', first = 100, every = 100, isAlone = false } = {},
): void {
  for (const [i, condition] of conditions.entries()) {
    const step = `${name}/step_${first + i * every}`;
    writePair(
      root,
      isAlone
        ? { target: `${step}/embeddings.npy` }
        : { prediction: `${step}/prediction.npy`, target: `${step}/target.npy` },
      condition,
    );
  }
}

const steps = (length: number, of: (i: number) => Condition) => Array.from({ length }, (_, i) => of(i));

/** Runs of ten steps, each of a kind that people meet. */
export const KINDS = {
  healthy: steps(10, () => ({})),
  'a warm-up': steps(10, (i) => ({ prediction: Math.min(0.95, 0.2 + 0.12 * i) })),
  'a small scale, which a cosine loss leaves free': steps(10, () => ({ prediction: 0.05 })),
  'one bad step': steps(10, (i) => ({ target: i === 5 ? 0.1 : 1 })),
  'one step of constants': steps(10, (i) => ({ target: i === 5 ? 0 : 1 })),
  'complete collapse': steps(10, (i) => ({ target: i < 5 ? 1 : 10 ** (-1.2 * (i - 4)) })),
  'complete collapse that recovers': steps(10, (i) => ({ target: i > 3 && i < 7 ? 0.01 : 1 })),
  'dimensional collapse': steps(10, (i) => ({ rest: i < 4 ? 1 : 0.01 })),
  'predictor collapse': steps(10, (i) => ({ prediction: i < 3 ? 0.9 : 1e-3 })),
} as const satisfies Readonly<Record<string, readonly Condition[]>>;
