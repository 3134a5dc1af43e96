import { expect, it } from 'vitest';
import { kernelFingerprint } from '../../scripts/build-kernels.mjs';
import { currentKernels } from '../../src/kernels/choose-kernels.js';
import { KERNEL_FINGERPRINT, WASM_MODULES } from '../../src/kernels/wasm-modules.js';

it('the modules are those of the sources', () => {
  expect(KERNEL_FINGERPRINT).toBe(kernelFingerprint());
});

it('the modules stay small', () => {
  const bytes = Object.values(WASM_MODULES).reduce((sum, text) => sum + text.length, 0);
  expect(bytes).toBeLessThan(40_000);
});

it('the fastest build is taken', () => {
  expect(currentKernels().name).toBe('wasm-relaxed');
});
