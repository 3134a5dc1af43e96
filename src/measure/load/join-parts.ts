import { showPath } from '#discovery/names/tree-path.js';
import { InputError } from '#errors.js';
import { allocateFloats, type ReadMemory } from '#formats/shared/allocate.js';
import type { ArrayPool, OwnedMatrix } from '#formats/shared/pool.js';
import type { LoadedPart } from './loaded-input.js';

/**
 * Joins the shards of one array by rows and gives their arrays back; float64 if one of them is. Throws `InputError`
 * E214 naming two files of different widths, E220 where the whole is over the budget.
 */
export function joinParts(
  parts: readonly { readonly part: LoadedPart; readonly matrix: OwnedMatrix }[],
  memory: ReadMemory & { readonly pool: ArrayPool },
): OwnedMatrix {
  const { cols } = parts[0]!.matrix;
  checkWidths(parts.map(({ part, matrix }) => ({ part, cols: matrix.cols })));
  const rows = parts.reduce((sum, { matrix }) => sum + matrix.rows, 0);
  const wide = parts.some(({ matrix }) => matrix.data instanceof Float64Array);
  const data = allocateFloats(rows * cols, wide, memory);
  let at = 0;
  for (const { matrix } of parts) {
    data.set(matrix.data, at);
    at += matrix.data.length;
    memory.pool.giveBack(matrix.data);
  }
  return { data, rows, cols };
}

/** Throws E214 naming two files where not all parts of an array have the same width. */
export function checkWidths(parts: readonly { readonly part: LoadedPart; readonly cols: number }[]): void {
  const first = parts[0]!;
  for (const { part, cols } of parts) {
    if (cols === first.cols) continue;
    const message = `${showPath(first.part.from.path)} has ${first.cols} dimensions, ${showPath(part.from.path)} of the same step has ${cols}`;
    throw new InputError('E214', message, {
      path: part.from.path,
      hint: 'every rank of a step needs the same dimensions',
      fields: { expected: first.cols, actual: cols, other: first.part.from.path },
    });
  }
}

/** Throws E214 where shard by shard two roles have different numbers of rows: their rows could not be paired. */
export function checkRowsOfShards(
  role: string,
  a: readonly LoadedPart[],
  other: string,
  b: readonly LoadedPart[],
): void {
  if (a.length === 1 || a.length !== b.length) return;
  for (const [i, part] of a.entries()) {
    const second = b[i]!;
    if (part.rows === second.rows) continue;
    const message = `rank ${part.from.shard}: the ${role} ${showPath(part.from.path)} has ${part.rows} rows, the ${other} ${showPath(second.from.path)} has ${second.rows}`;
    throw new InputError('E214', message, {
      path: second.from.path,
      hint: `${role} and ${other} of a rank need the same rows`,
      fields: { expected: part.rows, actual: second.rows, other: part.from.path },
    });
  }
}
