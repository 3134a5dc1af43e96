import type { ArrayDescription } from './define-format.js';

/** Rows of an array, its leading axes flattened; null where only the values tell. */
export function storedRows({ shape }: Pick<ArrayDescription, 'shape'>): number | null {
  let rows = 1;
  for (const side of shape.slice(0, -1)) {
    if (side === null) return null;
    rows *= side;
  }
  return rows;
}
