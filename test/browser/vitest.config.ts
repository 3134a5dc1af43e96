import { defineConfig } from 'vitest/config';

/** Needs a browser, which `npm test` must not: `.ci/browser` runs it. */
export default defineConfig({
  test: { include: ['test/browser/**/*.browser.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
