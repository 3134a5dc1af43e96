import config from '../../vitest.config.js';

/** Needs a browser, which `npm test` must not: `.ci/browser` runs it. */
export default {
  ...config,
  test: {
    ...config.test,
    include: ['test/browser/**/*.browser.ts'],
    // As for tests: a limit is for what hangs.
    expect: { poll: { timeout: 120_000, interval: 50 } },
  },
};
