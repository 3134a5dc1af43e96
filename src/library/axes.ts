import { InputError } from '#errors.js';
import { type HorizonAxis, type HorizonInput, horizonAxis, shortAxis } from '#measure/load/horizon-axis.js';
import { placeRows } from '#measure/load/place-rows.js';
import type { EmbeddingInput } from '#monitor/embedding-input.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { RowPlaces } from '#numerics/positions/row-places.js';

/** What the axes of arrays of three or more mean, as indices of axes; negative numbers count from the end. */
export interface Axes {
  /** The axis of the samples, where it is not the first: 1 with [T, B, D]. */
  readonly sampleAxis?: number | undefined;
  /** The axis whose indices are measured one by one too: 1 for the horizons of [B, T, D]. */
  readonly perStepAxis?: number | undefined;
}

/** An array of a step: as a matrix, and the axes that it was given with. */
export interface GivenArray {
  readonly matrix: Matrix;
  readonly shape: readonly number[];
}

/** Where an array is, in messages and records. */
export const MEMORY = 'memory';

/** Reads the axes of an array, [N, D] where it does not say them. */
export function givenArray(input: EmbeddingInput, matrix: Matrix): GivenArray {
  const { rows, cols } = matrix;
  const shape = Array.isArray(input) ? sidesOf(input) : saidShape(input);
  const leading = shape.slice(0, -1).reduce((product, side) => product * side, 1);
  return {
    matrix,
    shape: shape.length > 2 && leading === rows && shape.at(-1) === cols ? shape : [rows, cols],
  };
}

function saidShape(input: object): readonly number[] {
  const { shape, dims } = input as { shape?: unknown; dims?: unknown };
  const said = shape ?? dims;
  return Array.isArray(said) || ArrayBuffer.isView(said) ? Array.from(said as ArrayLike<number>, Number) : [];
}

function sidesOf(nested: unknown): number[] {
  const { length } = nested as ArrayLike<unknown>;
  const [first] = nested as readonly unknown[];
  return Array.isArray(first) || ArrayBuffer.isView(first) ? [length, ...sidesOf(first)] : [length];
}

/** The arrays of a step, by role. */
export type Roles = Readonly<Partial<Record<'prediction' | 'target' | 'context', GivenArray>>>;

/** Finds the sample and the position of each row; null for arrays of two axes. Throws `InputError` E224, E228. */
export function placesOf(roles: Roles, axes: Axes): RowPlaces | null {
  for (const name of ['sampleAxis', 'perStepAxis'] as const) {
    const axis = axes[name];
    if (axis === undefined || Number.isInteger(axis)) continue;
    throw new InputError('E224', `${name} must be the index of an axis, not ${String(axis)}`, {
      fields: { argument: name, actual: axis },
    });
  }
  return placeRows(axes, inputsOf(roles), null);
}

/**
 * Finds the rows of each index of `perStepAxis`, and where none is named of a short axis beside the samples'; as the command
 * line does. Throws `InputError` E214, E228.
 */
export function indicesOf(
  roles: Roles,
  axes: Axes,
): { readonly horizons: HorizonAxis | null; readonly positions: HorizonAxis | null } {
  const inputs = inputsOf(roles);
  if (axes.perStepAxis === undefined) return { horizons: null, positions: shortAxis(axes, inputs, null) };
  return { horizons: horizonAxis(axes.perStepAxis, inputs, null), positions: null };
}

function inputsOf(roles: Roles): Map<keyof Roles, HorizonInput & { readonly cols: number }> {
  const from = { path: MEMORY, key: null, rows: null, source: 'array' } as const;
  const entries = Object.entries(roles) as [keyof Roles, GivenArray][];
  return new Map(
    entries.map(([role, { matrix, shape }]) => {
      const { rows, cols } = matrix;
      return [role, { rows, cols, parts: [{ from, dtype: dtypeOf(matrix), shape, rows, notes: [] }] }];
    }),
  );
}

export function dtypeOf({ data }: Matrix): string {
  return data instanceof Float32Array ? 'float32' : 'float64';
}
