import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { CoreId } from './matrices.js';
import { readNpy } from './read-npy.js';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

export interface GoldenSet {
  readonly description: string;
  readonly rows: number;
  readonly dims: number;
  readonly metrics: Readonly<Partial<Record<CoreId, number>>>;
  readonly log_det: number;
  readonly kl_reg_of_prediction: number;
  readonly kl_reg_null: number | null;
  /** The metrics beyond the seven; null where one has no value. */
  readonly diagnostics: Readonly<Record<string, number | null>>;
  /** Of the spectra of either side, centred or not: σ/σmax of the smallest σ that is not 0. */
  readonly smallest_singular_share: number;
}

/** What the variance and the pairwise criterion say at their defaults; a computed kl_reg is not judged. */
export interface GoldenVerdict {
  readonly baseline_step: number;
  readonly alerts: readonly {
    readonly step: number;
    readonly criterion: CoreId;
    readonly value: number;
    readonly threshold: number;
  }[];
}

/** The verdict at the top judges every step above 0, the one below it only multiples of 500. */
export interface GoldenRun extends GoldenVerdict {
  readonly rows: number;
  readonly dims: number;
  readonly kl_reg_null: number | null;
  readonly steps: readonly {
    readonly step: number;
    readonly metrics: Readonly<Partial<Record<CoreId, number>>>;
  }[];
  readonly every_500: GoldenVerdict;
}

/** Every folder of fixtures/golden: one dropped in becomes a test. */
export const GOLDEN_SETS = foldersWithExpected('golden');
export const GOLDEN_RUNS = foldersWithExpected('runs');

/** `readGolden<GoldenSet>('golden/zeros/expected.json')` */
export function readGolden<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8')) as T;
}

export function readPair(folder: string): { prediction: Matrix; target: Matrix; context: Matrix | null } {
  const context = new URL(`${folder}/context.npy`, FIXTURES);
  return {
    context: existsSync(context) ? readNpy(context) : null,
    prediction: readNpy(new URL(`${folder}/prediction.npy`, FIXTURES)),
    target: readNpy(new URL(`${folder}/target.npy`, FIXTURES)),
  };
}

export function stepFolder(run: string, step: number): string {
  return `runs/${run}/step_${String(step).padStart(6, '0')}`;
}

function foldersWithExpected(kind: string): string[] {
  const folder = new URL(`${kind}/`, FIXTURES);
  return readdirSync(folder)
    .filter((name) => existsSync(new URL(`${name}/expected.json`, folder)))
    .sort();
}
