import { expect, it, vi } from 'vitest';
import { CONTROL, JobKind } from '#kernels/constants.js';
import { serialKernels } from '#kernels/serial/serial.js';
import { wasm } from '#kernels/wasm/api.js';
import { ArenaFull, PassArena, WasmArena } from '#kernels/wasm/arena.js';
import { compileWasm } from '#kernels/wasm/compile.js';
import { tridiagonalsOf } from '#kernels/wasm/factorisations.js';
import { createWasmKernels } from '#kernels/wasm/wasm-kernels.js';
import { sampleOf } from './samples.js';

it.each([WasmArena, PassArena])('%o refuses what 32-bit addresses cannot reach, and goes on', (AnyArena) => {
  const program = compileWasm('plain');
  if (program === null) throw new Error('this engine does not accept the plain module');
  const arena = new AnyArena(program);
  expect(() => arena.allocate([3 * 2 ** 30, 2 * 2 ** 30])).toThrow(ArenaFull);
  const [first, second] = arena.allocate([100, 8]) as [number, number];
  expect(second - first).toBe(128);
  arena.copyIn(second, Float64Array.of(0.5));
  expect(arena.floats(second, 1)[0]).toBe(0.5);
});

it('does not wait for a thread that ended within a job, and gives nothing without its part', () => {
  const program = compileWasm('plain');
  if (program === null) throw new Error('this engine does not accept the plain module');
  const arena = new WasmArena(program);
  arena.describeJob({ kind: JobKind.CHOLESKY });
  arena.exports.runJob();
  const active = arena.words(CONTROL + 128, 1);
  active[0] = 1;
  arena.exports.abandonJob();
  expect(() => arena.exports.runJob()).toThrow(/unreachable/);
});

it('reduces one matrix at a time where there is no room for two', () => {
  const program = compileWasm('plain');
  if (program === null) throw new Error('this engine does not accept the plain module');
  const n = 40;
  const matrices = [1, 2, 3].map((seed) => {
    const { x, rows, cols } = sampleOf({ rows: 50, cols: n, kind: 'normal', single: false, seed });
    const out = new Float64Array(n * n);
    serialKernels.gramOfColumns(x, rows, cols, out);
    return { data: out };
  });
  const expected = tridiagonalsOf(new WasmArena(program), matrices, n);
  const asked: number[] = [];
  /** For one of them with all that it needs. */
  const ROOM = Math.ceil(new WasmArena(program).algebra.reductionBytes(n) / 64) * 64;
  class SmallArena extends WasmArena {
    override allocate(sizes: readonly number[]): number[] {
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      asked.push(bytes);
      if (bytes > ROOM) throw new ArenaFull(`${bytes} bytes do not fit`);
      return super.allocate(sizes);
    }
  }
  const small = new SmallArena(program);
  small.startThreads(2);
  expect(tridiagonalsOf(small, matrices, n)).toEqual(expected);
  // Two together first, then three times one.
  expect(asked.map((bytes) => bytes / asked[1]!)).toEqual([2, 1, 1, 1]);
});

it('leaves passes to the serial build where there is no room for a second memory', () => {
  const { Memory } = wasm;
  const only = vi.spyOn(wasm, 'Memory').mockImplementation(function ofThreads(size) {
    if (size.shared !== true) throw new RangeError('could not allocate memory');
    return new Memory(size);
  });
  const kernels = createWasmKernels('plain');
  only.mockRestore();
  expect(kernels?.name).toBe('wasm-plain');
  expect(kernels?.affineMoments).toBe(serialKernels.affineMoments);
  expect(kernels?.cholesky).not.toBe(serialKernels.cholesky);
});

it.each(['plain', 'relaxed', 'wide'] as const)(
  'tiles of %s give the same bits before and after they are optimised',
  (build) => {
    const made = vi.spyOn(wasm, 'Module');
    const kernels = createWasmKernels(build);
    const [first] = made.mock.calls as [[Uint8Array]];
    made.mockRestore();
    if (kernels === null) return;
    const small = sampleOf({ rows: 23, cols: 31, kind: 'normal', single: false, seed: 1 });
    const large = sampleOf({ rows: 600, cols: 70, kind: 'normal', single: false, seed: 2 });
    const resultsOf = ({ x, rows, cols }: typeof small) => {
      const out = new Float64Array(rows * rows);
      kernels.gram(x, rows, cols, out);
      return [out, kernels.sumPairwiseDistances(x, rows, cols)];
    };
    const optimise = vi.spyOn(wasm, 'Module');
    const quick = resultsOf(small);
    expect(optimise).not.toHaveBeenCalled();
    resultsOf(large);
    // An engine has code of the same bytes already, and would give that.
    const [[bytes]] = optimise.mock.calls as [[Uint8Array]];
    expect(bytes.length).toBeGreaterThan(first[0].length);
    optimise.mockRestore();
    expect(resultsOf(small)).toEqual(quick);
  },
);
