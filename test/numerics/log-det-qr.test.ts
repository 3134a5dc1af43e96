import { describe, it } from 'vitest';
import { logDetByQr } from '#numerics/gaussian/log-det-qr.js';
import { CENTRED } from '#numerics/matrix/column-moments.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { GOLDEN_SETS, type GoldenSet, readGolden, readPair } from '../metrics/golden-files.js';
import { expectClose } from '../tolerances.js';

const EPSILON = 1e-6;

/**
 * Where the traces are large `kl_reg` shows nothing of its determinant, and where the covariance is well conditioned
 * the QR is not taken: here it stands alone, on every set.
 */
describe.each(GOLDEN_SETS)('logDetByQr on golden/%s', (name) => {
  const { target } = readPair(`golden/${name}`);
  const { log_det: expected } = readGolden<GoldenSet>(`golden/${name}/expected.json`);
  const { rows, cols } = target;
  const centred = new MatrixInMemory('target', target).own(CENTRED);

  it('by dimensions', () => {
    const columns = centred.map((_, k) => centred[(k % rows) * cols + Math.floor(k / rows)]!);
    expectClose(logDetByQr(columns, cols, rows, rows, EPSILON), expected, 'log_det');
  });

  it('by samples', () => {
    const outside = (cols - rows) * Math.log(EPSILON);
    if (rows <= cols)
      expectClose(logDetByQr(centred, rows, cols, rows, EPSILON) + outside, expected, 'log_det');
  });
});
