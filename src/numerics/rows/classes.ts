import type { Matrix } from '../matrix/matrix.js';

/** Numbers of 0 … count − 1 for the values of rows. */
export interface Classes {
  readonly of: Uint32Array;
  readonly count: number;
}

/** The classes that one whole number a row says, in the order of their first rows; null of factors and fractions. */
export function classesOf({ data, rows, cols }: Matrix): Classes | null {
  if (cols !== 1 || !data.every(Number.isInteger)) return null;
  return numbered(data, rows);
}

/** Equal values have equal numbers. */
export function numbered(values: Matrix['data'], rows: number): Classes {
  const known = new Map<number, number>();
  const of = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    const number = known.get(value) ?? known.size;
    known.set(value, number);
    of[i] = number;
  }
  return { of, count: known.size };
}
