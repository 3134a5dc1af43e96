import type { Centre } from '#kernels/kernels.js';
import { normals } from '../support/normals.js';

export interface SampleShape {
  readonly rows: number;
  readonly cols: number;
  readonly kind: 'normal' | 'offset' | 'clusters' | 'outlier' | 'duplicates' | 'constant columns';
  readonly single: boolean;
  readonly seed: number;
}

export interface Sample {
  readonly x: Float32Array | Float64Array;
  readonly rows: number;
  readonly cols: number;
  readonly centre: Centre;
}

/** Rows of one kind from a seeded generator. */
export function sampleOf({ rows, cols, kind, single, seed }: SampleShape): Sample {
  const noise = normals(seed);
  const values = new Float64Array(rows * cols);
  const column = Float64Array.from({ length: cols }, noise);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const k = i * cols + j;
      const e = noise();
      if (kind === 'normal') values[k] = e;
      else if (kind === 'offset') values[k] = 1000 * column[j]! + 1e-4 * e;
      else if (kind === 'clusters') values[k] = column[(j + (i % 3)) % cols]! + 1e-6 * e;
      else if (kind === 'outlier') values[k] = i === rows >> 1 ? 1e6 : e;
      else if (kind === 'duplicates') values[k] = i % 2 === 0 ? e : values[k - cols]!;
      else values[k] = j % 2 === 0 ? 0.1 : e;
    }
  }
  const x = single ? Float32Array.from(values) : values;
  const mean = Float64Array.from({ length: cols }, (_, j) => {
    let sum = 0;
    for (let k = j; k < x.length; k += cols) sum += x[k]!;
    return sum / rows;
  });
  return { x, rows, cols, centre: { mean, residual: mean.map((m) => m * 1e-17) } };
}
