import type { Kernels } from '#kernels/kernels.js';

/** Eigenvalues, ascending, of symmetric [n, n] matrices, each first taken times its scale. */
export function eigenvaluesOf(
  kernels: Pick<Kernels, 'tridiagonalsOf' | 'tridiagonalEigenvalues'>,
  matrices: readonly Float64Array[],
  n: number,
  scales?: readonly number[],
): Float64Array[] {
  const scaled = matrices.map((data, k) => ({ data, scale: scales?.[k] ?? 1 }));
  return kernels.tridiagonalEigenvalues(kernels.tridiagonalsOf(scaled, n));
}
