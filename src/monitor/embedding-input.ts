import type { Matrix } from '#numerics/matrix/matrix.js';

/** Rows of numbers, with any number of leading axes: `number[][]`, `Float32Array[]`, `number[][][]`. */
export type NestedNumbers = readonly (ArrayLike<number> | ArrayLike<bigint> | NestedNumbers)[];

/** Flat values with a shape: an `ndarray` (stride and offset honoured), or the plain pair of a TensorFlow.js tensor. */
export interface ShapedArray {
  readonly data: ArrayLike<unknown>;
  readonly shape: ArrayLike<number>;
  /** Elements between neighbours along each axis; may be negative. Row-major without it. */
  readonly stride?: ArrayLike<number> | undefined;
  /** Index of the first element in `data`. */
  readonly offset?: number | undefined;
  /** `float16` and `bfloat16` in a Uint16Array are decoded; `bool` is refused. */
  readonly dtype?: unknown;
}

/** A tensor of ONNX Runtime. */
export interface OnnxTensor {
  readonly data: ArrayLike<unknown>;
  readonly dims: ArrayLike<number>;
  /** As `dtype` of a `ShapedArray`. */
  readonly type?: unknown;
}

/** A tensor of TensorFlow.js, read synchronously. */
export interface SyncTensor {
  readonly shape: ArrayLike<number>;
  readonly dtype?: unknown;
  dataSync(): ArrayLike<unknown>;
}

/** Anything that gives its values as nested arrays. */
export interface ArraySyncTensor {
  arraySync(): unknown;
}

/** A tensor in the manner of PyTorch; `detach` and `cpu` are called first where they exist. */
export interface ListTensor {
  tolist(): unknown;
}

/** A tensor that is part of a graph; what `detach` gives is one of the other forms. */
export interface DetachableTensor {
  detach(): unknown;
}

/**
 * A batch of embeddings: N rows (samples) by D columns (dimensions). More than two axes are taken with the leading
 * axes flattened: [B, T, D] is B·T rows.
 */
export type EmbeddingInput =
  | NestedNumbers
  | Matrix
  | ShapedArray
  | OnnxTensor
  | SyncTensor
  | ArraySyncTensor
  | ListTensor
  | DetachableTensor;
