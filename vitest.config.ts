import { defineConfig } from 'vitest/config';
import { textFiles } from './scripts/build/text-files.mjs';

export default defineConfig({
  plugins: [textFiles],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['test/setup.ts'],
    // Limits are for what hangs: a busy machine takes many times as long as a quiet one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    restoreMocks: true,
  },
});
