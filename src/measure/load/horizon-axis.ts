import { showPath } from '#discovery/names/show-path.js';
import type { Role } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import type { InputRows, LoadedPart } from './loaded-input.js';

/** Where a step's rows lie along the axis that --per-step-axis names. */
export interface HorizonAxis {
  /** Of the stored prediction, counted from 0. */
  readonly axis: number;
  /** How many horizons the axis has. */
  readonly size: number;
  readonly horizons: readonly Horizon[];
}

export interface Horizon {
  /** From 1 on. */
  readonly number: number;
  /** Rows of the step's matrices, as they are after a mask. */
  readonly rows: Uint32Array;
}

export type HorizonInput = InputRows & { readonly rows: number };

/** More horizons than this are thinned out, so that a record stays small beside the arrays it is of. */
export const MAX_HORIZONS = 128;

/**
 * Finds the rows of each horizon: the index along `asked`, an axis of the stored arrays (negative: from the end). Above
 * MAX_HORIZONS every kth is taken, and the last.
 *
 * Throws `InputError` E228 where an array has no such axis or it is the dimensions, E214 where two arrays do not lie
 * alike along it; both name the file and the shape.
 *
 * @param kept The rows that a mask keeps; null where there is none.
 */
export function horizonAxis(
  asked: number,
  roles: ReadonlyMap<Role, HorizonInput>,
  kept: Uint32Array | null,
): HorizonAxis {
  const prediction = roles.get('prediction')!;
  const { axis, size, indices } = along(asked, 'prediction', prediction);
  for (const [role, input] of roles) {
    if (role === 'prediction' || input.rows !== prediction.rows) continue;
    const other = along(asked, role, input);
    if (other.indices.every((index, row) => index === indices[row])) continue;
    throw disagreement(asked, prediction.parts[0]!, role, input.parts[0]!);
  }
  const horizons = rowsBy(indices, kept, chosen(size));
  return { axis, size, horizons };
}

/** Positions that are measured one by one though nobody named their axis. */
const [LEAST_POSITIONS, MOST_POSITIONS] = [2, 16];
/** Rows × dimensions of one of them at most, so that a check stays about as long as it was. */
const MAX_POSITION_VALUES = 2 ** 20;

/**
 * Finds the rows at each index of the first axis after the samples', where it is short: what may be horizons, though nobody
 * said so. null where there is no such axis, or where the arrays of the step do not lie alike along it.
 */
export function shortAxis(
  { sampleAxis = 0 }: { readonly sampleAxis?: number | undefined },
  roles: ReadonlyMap<Role, HorizonInput & { readonly cols: number }>,
  kept: Uint32Array | null,
): HorizonAxis | null {
  const { parts, rows, cols } = roles.get('prediction')!;
  const shape = parts[0]!.shape;
  const axis = sampleAxis === 0 || sampleAxis === -shape.length ? 1 : 0;
  const size = shape.length < 3 ? 0 : shape[axis]!;
  if (size < LEAST_POSITIONS || size > MOST_POSITIONS) return null;
  if (((kept?.length ?? rows) / size) * cols > MAX_POSITION_VALUES) return null;
  try {
    return horizonAxis(axis, roles, kept);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Collects the rows of these horizons, each in its order; counted first, so that only the rows take memory. */
function rowsBy(indices: Uint32Array, kept: Uint32Array | null, numbers: readonly number[]): Horizon[] {
  const count = kept?.length ?? indices.length;
  const indexOf = (row: number) => indices[kept === null ? row : kept[row]!]!;
  const places = new Map(numbers.map((number, place) => [number - 1, place]));
  const sizes = new Uint32Array(numbers.length);
  for (let row = 0; row < count; row++) {
    const place = places.get(indexOf(row));
    if (place !== undefined) sizes[place] = sizes[place]! + 1;
  }
  const horizons = numbers.map((number, place) => ({ number, rows: new Uint32Array(sizes[place]!) }));
  const filled = new Uint32Array(numbers.length);
  for (let row = 0; row < count; row++) {
    const place = places.get(indexOf(row));
    if (place === undefined) continue;
    horizons[place]!.rows[filled[place]!] = row;
    filled[place] = filled[place]! + 1;
  }
  return horizons;
}

/** Lists 1 to `size`, or every kth of them and the last. */
function chosen(size: number): number[] {
  const stride = Math.ceil(size / MAX_HORIZONS);
  const numbers: number[] = [];
  for (let number = 1; number < size; number += stride) numbers.push(number);
  return [...numbers, size];
}

interface Along {
  readonly axis: number;
  readonly size: number;
  /** By row of the whole input. */
  readonly indices: Uint32Array;
}

function along(asked: number, role: string, { rows, parts }: HorizonInput): Along {
  const indices = new Uint32Array(rows);
  const first = parts[0]!;
  const place = placeOf(asked, role, first);
  let at = 0;
  for (const part of parts) {
    const { size, inner } = placeOf(asked, role, part);
    if (size !== place.size) throw disagreement(asked, first, role, part);
    for (const [start, end] of part.from.rows ?? [[0, part.rows]]) {
      for (let row = start; row < end; row++) indices[at++] = Math.floor(row / inner) % size;
    }
  }
  return { axis: place.axis, size: place.size, indices };
}

function placeOf(asked: number, role: string, { from, shape }: LoadedPart) {
  const axis = asked < 0 ? shape.length + asked : asked;
  const refuse = (why: string, hint?: string): never => {
    const message = `the ${role} ${showPath(from.path)} is [${shape.join(', ')}]: ${why}`;
    throw new InputError('E228', message, {
      path: from.path,
      fields: { axis: asked, shape },
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (shape.length < 3) {
    const saved =
      'save the horizons on an axis of their own, such as [B, T, D], or leave out --per-step-axis';
    return refuse(`it has no axis beside its rows and its dimensions`, saved);
  }
  if (axis === shape.length - 1) {
    return refuse(`axis ${asked} is its dimensions`, `name one of the axes 0 to ${shape.length - 2}`);
  }
  const size = shape[axis];
  if (size === undefined) {
    return refuse(`it has no axis ${asked}`, `name one of the axes 0 to ${shape.length - 2}`);
  }
  return { axis, size, inner: shape.slice(axis + 1, -1).reduce((product, side) => product * side, 1) };
}

function disagreement(asked: number, first: LoadedPart, role: string, second: LoadedPart): InputError {
  const shown = ({ from, shape }: LoadedPart) => `${showPath(from.path)} is [${shape.join(', ')}]`;
  const message = `along axis ${asked} the ${role} does not lie as the prediction: ${shown(first)}, ${shown(second)}`;
  return new InputError('E214', message, {
    path: second.from.path,
    hint: 'with --per-step-axis every array of a step needs the same axes in the same order',
    fields: { axis: asked, first: first.shape, second: second.shape },
  });
}
