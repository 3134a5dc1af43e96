import { afterAll, expect, it } from 'vitest';
import { chooseKernels, currentKernels } from '#kernels/choose-kernels.js';
import { serialKernels } from '#kernels/serial/serial.js';
import { startKernelThreads } from '#numerics/matrix/kernel-threads.js';

const usual = currentKernels();
const started: number[] = [];
chooseKernels(Object.assign({ ...serialKernels }, { startThreads: (n: number) => started.push(n) }));
afterAll(() => chooseKernels(usual));

it('threads help a large step at once, and those that follow each other after some', () => {
  for (let step = 0; step < 100; step++) startKernelThreads(256, 64, 2);
  startKernelThreads(2048, 256, 1);
  expect(started, 'small steps, or one thread').toEqual([]);
  startKernelThreads(2048, 256, 2);
  startKernelThreads(2048, 256, 2);
  expect(started, 'a check of two steps').toEqual([]);
  startKernelThreads(2048, 256, 2);
  expect(started, 'many').toEqual([2]);
  startKernelThreads(4096, 1024, 4);
  expect(started, 'one that is large').toEqual([2, 4]);
});
