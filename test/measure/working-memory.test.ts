import { describe, expect, it } from 'vitest';
import { overWorkingMemory } from '#measure/load/over-working-memory.js';
import { blockRows } from '#measure/load/step-stream.js';
import { fitsWorkingMemory, passingMemory, workingMemory } from '#measure/load/working-memory.js';
import { KeptRows } from '#numerics/streaming/kept-rows.js';
import { inputErrorOf } from '../support/thrown.js';

const MIB = 2 ** 20;
const size = (rows: number, cols: number) => ({ rows, cols, bytes: rows * cols * 4 });
const wide = (rows: number, cols: number) => ({ rows, cols, bytes: rows * cols * 8 });

describe('what measuring takes', () => {
  it('is refused with the budget that would do', () => {
    const sizes = [size(500, 65_536), size(500, 65_536)];
    expect(fitsWorkingMemory(sizes, 100 * MIB)).toBe(false);
    const { code, hint, fields } = overWorkingMemory(sizes, 100 * MIB);
    expect([code, fields.budget]).toEqual(['E220', 100 * MIB]);
    const enough = Number(/--max-memory (\d+)MiB/.exec(hint)?.[1]);
    expect(fitsWorkingMemory(sizes, enough * MIB)).toBe(true);
    expect(fitsWorkingMemory(sizes, (enough - 1) * MIB)).toBe(false);
  });

  /** Peaks of whole processes, measured; the engine and what stands beside a budget are 150 MiB of them. */
  it.each([
    ['500×65536', [size(500, 65_536)], {}, 524],
    ['two of 500×65536', [size(500, 65_536), size(500, 65_536)], {}, 919],
    ['16×2097152', [size(16, 2_097_152)], {}, 800],
    ['two of 16×2097152', [size(16, 2_097_152), size(16, 2_097_152)], {}, 1209],
    ['3000×3000', [size(3000, 3000)], {}, 270],
    ['two of 3000×3000', [size(3000, 3000), size(3000, 3000)], {}, 450],
    ['500×65536 with uniformity', [size(500, 65_536)], { pairs: true }, 1033],
    ['16×2097152 with uniformity', [size(16, 2_097_152)], { pairs: true }, 1290],
    ['two of 2×4194304 with uniformity', [size(2, 4_194_304), size(2, 4_194_304)], { pairs: true }, 1870],
    [
      'two of 16×400000 float64, drawn',
      [wide(16, 400_000), wide(16, 400_000)],
      { pairs: true, drawn: true },
      718,
    ],
    ['two of 2×1048576, drawn', [size(2, 1_048_576), size(2, 1_048_576)], { pairs: true, drawn: true }, 741],
    ['two of 300×4096 with LiDAR', [size(300, 4096), size(300, 4096)], { covariances: true }, 488],
  ])('%s', (_, sizes, takes, peak) => {
    const budget = workingMemory(sizes, takes) / MIB - 32;
    expect(peak).toBeLessThanOrEqual(budget + 150);
  });

  it.each([
    ['two of 6000×4096', [size(6000, 4096), size(6000, 4096)], 765],
    ['two of 9000×2048', [size(9000, 2048), size(9000, 2048)], 274],
    ['two of 9000×1024', [size(9000, 1024), size(9000, 1024)], 164],
  ])('%s that pass by', (_, sizes, peak) => {
    const passing = passingMemory(sizes, blockRows(sizes[0]!.cols));
    const needed = passing.kept + passing.block - 32 * MIB;
    expect(peak).toBeLessThanOrEqual(needed / MIB + 150);
    const { hint } = inputErrorOf(() => new KeptRows(MIB, passing).check());
    expect(hint).toContain(`${Math.ceil(needed / MIB)}MiB`);
    new KeptRows(needed, passing).check();
  });

  it('counts what is only read together until it has passed, of each matrix', () => {
    const sizes = [size(750_000, 64), size(750_000, 64)];
    const { kept, block } = passingMemory(sizes, 4096);
    const together = passingMemory(
      sizes.map((one) => ({ ...one, bytesTogether: 64 * MIB })),
      4096,
    );
    expect(together).toEqual({ kept: kept + 128 * MIB, block });
  });

  it('all metrics of two rows of four million values fit into the default budget', () => {
    const rows = size(2, 4_194_304);
    expect(fitsWorkingMemory([rows, rows], 2 ** 31, { pairs: true })).toBe(true);
  });

  it('a row of 64 million values takes gigabytes', () => {
    expect(fitsWorkingMemory([size(1, 2 ** 26)], 300 * MIB)).toBe(false);
  });
});
