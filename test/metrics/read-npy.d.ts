import type { Matrix } from '../../src/core/matrix.js';
/** A second reading of .npy, so that a mistake of the product's loader cannot hide in the golden values. */
export declare function readNpy(path: string | URL): Matrix;
