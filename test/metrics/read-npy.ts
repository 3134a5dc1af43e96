import { readFileSync } from 'node:fs';
import type { Matrix } from '#numerics/matrix/matrix.js';

/** A second reading of .npy, so that a mistake of the product's loader cannot hide in the golden values. */
export function readNpy(path: string | URL): Matrix {
  const { shape, ...matrix } = readNpyArray(path);
  if (shape.length !== 2) throw new Error(`${path}: ${shape.length} axes`);
  return matrix;
}

/** The same of any number of axes, the leading ones flattened. */
export function readNpyArray(path: string | URL): Matrix & { readonly shape: readonly number[] } {
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 1, 8) !== 'NUMPY\x01\x00') throw new Error(`${path}: not .npy version 1.0`);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const match = /'descr': '<f([48])', 'fortran_order': False, 'shape': \(([\d, ]+)\)/.exec(header);
  if (match === null) throw new Error(`${path}: unexpected header ${header}`);
  const itemSize = Number(match[1]);
  const shape = match[2]!.split(', ').map(Number);
  const cols = shape.at(-1)!;
  const rows = shape.slice(0, -1).reduce((all, side) => all * side, 1);
  if (bytes.length !== start + itemSize * rows * cols) throw new Error(`${path}: wrong length`);
  const data = itemSize === 4 ? new Float32Array(rows * cols) : new Float64Array(rows * cols);
  for (let k = 0; k < data.length; k++) {
    data[k] = itemSize === 4 ? bytes.readFloatLE(start + 4 * k) : bytes.readDoubleLE(start + 8 * k);
  }
  return { data, rows, cols, shape };
}
