import { expect, it } from 'vitest';
import { compileWasm } from '../../src/kernels/compile-wasm.js';
import { ArenaFull, WasmArena } from '../../src/kernels/wasm-arena.js';

it('refuses what 32-bit addresses cannot reach, and goes on', () => {
  const program = compileWasm('plain');
  if (program === null) throw new Error('this engine does not accept the plain module');
  const arena = new WasmArena(program);
  expect(() => arena.allocate([3 * 2 ** 30, 2 * 2 ** 30])).toThrow(ArenaFull);
  const [first, second] = arena.allocate([100, 8]) as [number, number];
  expect(second - first).toBe(128);
  arena.copyIn(second, Float64Array.of(0.5));
  expect(arena.floats(second, 1)[0]).toBe(0.5);
});
