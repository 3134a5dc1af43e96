// Builds dist/: the executable and the thread that measures for it (everything bundled, heavy parts in chunks of their
// own), the library, its types, and the notices that the bundled packages' licences ask for.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { buildKernels } from './build-kernels.mjs';
import { chunkOf } from './chunk-of.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

/** commander starts executables that are subcommands; there are none, and node:child_process costs at every start. */
const NO_MODULE = '\0no-module.cjs';
const withoutChildProcess = {
  name: 'without-child-process',
  resolveId: (source, importer) => (isUnused(source, importer) ? NO_MODULE : null),
  load: (id) => (id === NO_MODULE ? 'module.exports = {};' : null),
};

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
await buildKernels();

const moduleIds = [
  // CommonJS: Node reads and links it in half the time that modules take, which nobody but the executable can tell.
  ...(await build(
    { cli: 'src/cli.ts', 'measure-worker': 'src/pipeline/measure-worker.ts' },
    {
      format: 'cjs',
      // Less to read at start; names stay, for the traces of errors.
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [
          { name: chunkOf, debugName: 'chunkOf', priority: 2 },
          // What several reports share.
          {
            name: 'text',
            test: /src\/reporters\/(?!index)|node_modules\/get-east-asian-width\//,
            minShareCount: 2,
          },
        ],
      },
    },
  )),
  ...(await build({ index: 'src/index.ts' }, { format: 'esm', entryFileNames: '[name].js' })),
];
writeFileSync('dist/THIRD_PARTY_NOTICES.md', thirdPartyNotices(moduleIds));

const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

/** Writes a bundle to dist/; returns the modules that are in it. */
async function build(input, options) {
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: (id, importer) => (id.startsWith('node:') && !isUnused(id, importer)) || id === 'prom-client',
    treeshake: true,
    plugins: [withoutChildProcess],
    preserveEntrySignatures: 'allow-extension',
    onwarn: (warning, warn) => {
      // Circular imports inside third-party packages are theirs.
      if (warning.code !== 'CIRCULAR_DEPENDENCY') warn(warning);
    },
  });
  const { output } = await bundle.write({ dir: 'dist', ...options });
  await bundle.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

function isUnused(id, importer) {
  return id === 'node:child_process' && /[\\/]node_modules[\\/]commander[\\/]/.test(importer ?? '');
}
