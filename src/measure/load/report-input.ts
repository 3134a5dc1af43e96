import type { ReportInput } from '#report/types.js';
import type { LoadedPart } from './loaded-input.js';

/**
 * What a record says of an input: the file, or of several ranks the first, the whole's shape, and each of them.
 * `cols` is null for one value a row.
 */
export function reportInput(parts: readonly LoadedPart[], cols: number | null): ReportInput {
  const [first] = parts;
  if (first === undefined) throw new Error('an input has at least one part');
  if (first.from.rank === undefined) return describe(first);
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return {
    ...describe(first),
    dtype: [...new Set(parts.map(({ dtype }) => dtype))].join(', '),
    shape: parts.length === 1 ? [...first.shape] : cols === null ? [rows] : [rows, cols],
    parts: parts.map((part) => ({ ...describe(part), rank: part.from.rank ?? 0 })),
  };
}

function describe({ from, dtype, shape }: LoadedPart): Pick<ReportInput, 'path' | 'key' | 'dtype' | 'shape'> {
  return {
    path: from.path,
    ...(from.key === null ? {} : { key: from.key }),
    dtype,
    shape: [...shape],
  };
}
