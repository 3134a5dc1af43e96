import { showPath } from '#discovery/names/show-path.js';
import { type InputRef, partsOf } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import { allocateFloats } from '#formats/shared/allocate.js';
import type { ArrayPool, OwnedMatrix } from '#formats/shared/pool.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { FileCache } from './file-cache.js';
import type { InputRows, LoadedPart } from './loaded-input.js';

export interface LoadedMask {
  /** The rows it keeps, in order. */
  readonly kept: Uint32Array;
  readonly parts: readonly LoadedPart[];
}

const LENGTH_HINT =
  'a mask has one value a row: the shape of the prediction without its last axis; --no-mask ignores it';

/**
 * Reads a mask, one bool or 0/1 a row of `prediction`: 1 keeps the row, unless the input says that 0 does. Its shape is the prediction's without the
 * last axis, or one axis of as many values as there are rows.
 *
 * Throws `InputError` E214 for another length or shape, E227 for other values and where it keeps no row.
 */
export async function loadMask(
  input: InputRef,
  prediction: InputRows,
  files: FileCache,
): Promise<LoadedMask> {
  const parts: LoadedPart[] = [];
  const kept = new Uint32Array(prediction.parts.reduce((sum, part) => sum + part.rows, 0));
  let keeps = 0;
  let row = 0;
  const keep = input.keeps ?? 1;
  const sameParts = partsOf(input).length === prediction.parts.length;
  for (const [i, from] of partsOf(input).entries()) {
    const { values, dtype, shape } = await files.readFlat(from);
    parts.push({ from, dtype, shape, rows: values.length, notes: [] });
    const masked = sameParts ? prediction.parts[i]! : null;
    if (masked !== null) checkShape(parts.at(-1)!, masked);
    for (const [at, value] of values.entries()) {
      if (value !== 0 && value !== 1) throw notABit(from.path, at, value);
      if (value === keep && row < kept.length) kept[keeps++] = row;
      row++;
    }
  }
  if (row !== kept.length) throw wrongLength(parts, row, prediction);
  if (keeps === 0) {
    throw new InputError('E227', `the mask drops all ${row} rows`, {
      path: input.path,
      hint: `${keep} keeps a row of it; pass \`--mask-keeps ${1 - keep}\` if it means the opposite, or --no-mask`,
    });
  }
  return { kept: kept.subarray(0, keeps), parts };
}

/** Copies the rows of `kept` into a matrix of their own: the given one may serve other steps. */
export function keepRows({ data, cols }: Matrix, kept: Uint32Array, pool?: ArrayPool): OwnedMatrix {
  const out = allocateFloats(kept.length * cols, data instanceof Float64Array, { pool });
  for (let i = 0; i < kept.length; i++) {
    const start = kept[i]! * cols;
    out.set(data.subarray(start, start + cols), i * cols);
  }
  return { data: out, rows: kept.length, cols };
}

/** Throws E214 for other axes than the prediction's leading ones: [T, B] has as many values as [B, T], and not the same. */
function checkShape(mask: LoadedPart, prediction: LoadedPart): void {
  if (mask.shape.length < 2) {
    if (mask.rows !== prediction.rows) throw wrongLength([mask], mask.rows, { parts: [prediction] });
    return;
  }
  const leading = String(prediction.shape.slice(0, -1));
  const { shape } = mask;
  if (String(shape) === leading || (shape.at(-1) === 1 && String(shape.slice(0, -1)) === leading)) return;
  throw new InputError(
    'E214',
    `the mask ${showPath(mask.from.path)} is [${shape.join(', ')}], the prediction ${showPath(prediction.from.path)} is [${prediction.shape.join(', ')}]`,
    {
      path: mask.from.path,
      hint: LENGTH_HINT,
      fields: { expected: prediction.shape.slice(0, -1), actual: shape },
    },
  );
}

function wrongLength(mask: readonly LoadedPart[], values: number, { parts }: InputRows): InputError {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const path = mask[0]!.from.path;
  const message = `the mask ${showPath(path)} has ${values} values, the prediction ${showPath(parts[0]!.from.path)} has ${rows} rows`;
  return new InputError('E214', message, {
    path,
    hint: LENGTH_HINT,
    fields: { expected: rows, actual: values },
  });
}

function notABit(path: string, row: number, value: number): InputError {
  return new InputError('E227', `row ${row} of the mask is ${value}, neither 0 nor 1`, {
    path,
    fields: { row, value: String(value) },
  });
}
