// Builds dist/: the executable (everything but prom-client bundled, heavy parts in chunks of their own), the
// library, its types, and the notices that the bundled packages' licences ask for.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { buildKernels } from './build-kernels.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
await buildKernels();

const bundle = await rolldown({
  input: { cli: 'src/cli.ts', index: 'src/index.ts', 'measure-worker': 'src/pipeline/measure-worker.ts' },
  platform: 'node',
  external: [/^node:/, 'prom-client'],
  treeshake: true,
  onwarn: (warning, warn) => {
    // Circular imports inside third-party packages are theirs.
    if (warning.code !== 'CIRCULAR_DEPENDENCY') warn(warning);
  },
});
const { output } = await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  minify: false,
  // What several reports share, in one chunk: every file opened costs at start.
  codeSplitting: {
    groups: [
      { name: 'paint', test: /src\/reporters\/(error-block|printable)|node_modules\/chalk\//, priority: 2 },
      {
        name: 'text',
        test: /src\/reporters\/(?!index)|node_modules\/get-east-asian-width\//,
        minShareCount: 2,
      },
    ],
  },
});
await bundle.close();
const moduleIds = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
writeFileSync('dist/THIRD_PARTY_NOTICES.md', thirdPartyNotices(moduleIds));

const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
