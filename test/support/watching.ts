import { vi } from 'vitest';

/** Milliseconds between two looks of a watch in these tests; no other timer has this length. */
const INTERVAL = 23;

export const FAST = ['--interval', `${INTERVAL}ms`, '--no-progress'];

/** Resolves once the watch in this process has looked so many times more, before it looks again. */
export function looks(times: number): Promise<void> {
  const { setTimeout } = globalThis;
  if (vi.isMockFunction(setTimeout)) throw new Error('one wait for looks at a time');
  return new Promise((resolve) => {
    const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      ...args: Parameters<typeof setTimeout>
    ) => {
      if (args[1] === INTERVAL && --times === 0) {
        spy.mockRestore();
        resolve();
      }
      return setTimeout(...args);
    }) as typeof setTimeout);
  });
}

/** Lets `ms` pass at once for whatever looks at the clock in this process. */
export function passTime(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}
