// All eigenvalues of a covariance matrix: the kernels beside ml-matrix and, where it is there, numpy.
import { spawnSync } from 'node:child_process';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { uniformFloats, warmTimes } from './kernels.mjs';

/**
 * Warm ms of the [n, n] Gram matrix of uniform columns: `kernels` (one thread, median of `runs`), ml-matrix (one call),
 * numpy's eigvalsh (NaN where `python` has no numpy), and the largest difference between the kernels' eigenvalues and
 * ml-matrix's as a share of the largest.
 */
export function eigenPeers(kernels, n, runs, python) {
  const gram = new Float64Array(n * n);
  kernels.gram(uniformFloats(n * n), n, n, gram);
  const eigenvalues = (k) => k.tridiagonalEigenvalues(k.tridiagonalsOf([{ data: gram }], n))[0];
  const [ms] = warmTimes([kernels], eigenvalues, runs);
  const actual = eigenvalues(kernels);
  const whole = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      whole.set(i, j, gram[i * n + j]);
      whole.set(j, i, gram[i * n + j]);
    }
  }
  const start = performance.now();
  const expected = new EigenvalueDecomposition(whole, { assumeSymmetric: true }).realEigenvalues;
  const mlMatrixMs = performance.now() - start;
  expected.sort((a, b) => a - b);
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i])), 0);
  return {
    ms,
    mlMatrixMs,
    timesFaster: mlMatrixMs / ms,
    numpyMs: numpyMs(n, python),
    difference: difference / expected[n - 1],
  };
}

function numpyMs(n, python) {
  const script = `
import time
import numpy as np
x = np.random.default_rng(1).uniform(-1, 1, (${n}, ${n}))
g = x @ x.T
np.linalg.eigvalsh(g)
best = 1e9
for _ in range(3):
    start = time.perf_counter()
    np.linalg.eigvalsh(g)
    best = min(best, time.perf_counter() - start)
print(best * 1000)`;
  const { status, stdout } = spawnSync(python, ['-c', script]);
  return status === 0 ? Number(stdout.toString()) : Number.NaN;
}
