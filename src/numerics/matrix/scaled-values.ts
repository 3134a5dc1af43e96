import { eachTimesPowerOfTwo, exponentOf } from '../floating/power-of-two.js';
import type { Embedding } from './embedding.js';
import { isSafeSumOfSquares } from './embedding.js';

/** Values in units of 2^exponent, so that their squares and products neither over- nor underflow. */
export interface ScaledValues<Data = Float64Array> {
  readonly data: Data;
  readonly exponent: number;
}

/** The centred matrix, [rows, cols]; as it is (exponent 0) unless its spread is extreme. */
export function scaledCentred(embedding: Embedding): ScaledValues {
  return scaled(embedding.centred, embedding.spread);
}

/** The matrix itself, [rows, cols], no copy of it unless its largest entry is extreme: then in units near that. */
export function scaledRaw(embedding: Embedding): ScaledValues<Float32Array | Float64Array> {
  const { min, max } = embedding.extent;
  const { data } = embedding.matrix;
  const size = Math.max(Math.abs(min), Math.abs(max));
  return isOrdinary(size) ? { data, exponent: 0 } : scaled(new Float64Array(data), size);
}

/** True where values of this size may be squared as they are: 0, ordinary, or beyond all help. */
export function isOrdinary(size: number): boolean {
  return size === 0 || !Number.isFinite(size) || isSafeSumOfSquares(size * size);
}

function scaled(data: Float64Array, size: number): ScaledValues {
  if (isOrdinary(size)) return { data, exponent: 0 };
  const exponent = exponentOf(size);
  return { data: eachTimesPowerOfTwo(data, -exponent), exponent };
}
