import { expect, it } from 'vitest';
import { currentKernels } from '#kernels/choose-kernels.js';
import { createWasmKernels } from '#kernels/wasm/wasm-kernels.js';
import { KERNEL_FINGERPRINT, WASM_MODULES } from '#kernels/wasm/wasm-modules.js';
import { kernelFingerprint } from '../../scripts/build/build-kernels.mjs';
import { JOINS_VECTORS } from './builds.js';

it('the modules are those of the sources', () => {
  expect(KERNEL_FINGERPRINT).toBe(kernelFingerprint());
});

it('the modules stay small', () => {
  const texts = Object.values(WASM_MODULES).flatMap((parts) => Object.values(parts));
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  // The kernels may add 60 KB to the executable, and the JavaScript about them is 12 KB. What pairs give beside distances
  // is 1.7 KB of it, without which all metrics of 4096×1024 take twice as long; normals are 2.2 KB, without which SIGReg of
  // 4×262144 takes five times as long.
  expect(bytes).toBeLessThan(51_000);
});

it('the wide build is there where the engine joins vectors, and nowhere else', () => {
  expect(createWasmKernels('wide')?.name).toBe(JOINS_VECTORS ? 'wasm-wide' : undefined);
});

it('the fastest build is taken', () => {
  expect(currentKernels().name).toBe(JOINS_VECTORS ? 'wasm-wide' : 'wasm-relaxed');
});
