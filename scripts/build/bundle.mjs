// The two bundles of dist/: the executable with the thread that measures for it, and the library.
import { rolldown } from 'rolldown';
import { inflatedTexts } from './build-kernels.mjs';
import { chunkNames } from './chunk-names.mjs';
import { SOURCES } from './sources.mjs';
import { textFiles } from './text-files.mjs';

/** CommonJS: Node reads and links it in half the time that modules take, which nobody can tell of an executable. */
export function bundleExecutable(dir, plugins = []) {
  return bundle(
    { cli: 'src/cli.ts', 'measure-worker': 'src/measure/measure-worker.ts' },
    [withoutChildProcess, textFiles, ...plugins],
    {
      dir,
      format: 'cjs',
      // Less to read at start; names stay, for the traces of errors.
      minify: {
        compress: true,
        mangle: { toplevel: false, keepNames: true },
        codegen: { removeWhitespace: true },
      },
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [
          { name: chunkNames(), debugName: 'what a command needs at once', priority: 2 },
          // What several reports share; the page, which a watch serves too, is a report of its own.
          {
            name: 'text',
            test: /src\/reporters\/(?!index|html\/)|node_modules\/get-east-asian-width\//,
            minShareCount: 2,
          },
          // The page, and that of two runs.
          { name: 'page', test: /src\/reporters\/html\//, minShareCount: 2 },
        ],
      },
    },
  );
}

/** One file for Node and for browsers: it imports nothing. */
export function bundleLibrary(dir) {
  const output = { dir, format: 'esm', entryFileNames: '[name].js', codeSplitting: false };
  return bundle({ index: 'src/index.ts' }, [inflatedModules], output);
}

/** A browser cannot inflate at once. */
const inflatedModules = {
  name: 'inflated-modules',
  transform: {
    filter: { id: /[\\/]wasm-modules\.ts$/ },
    handler: inflatedTexts,
  },
};

/** Writes everything but Node's modules and prom-client; returns the modules that are in it. */
async function bundle(input, plugins, options) {
  const built = await rolldown({
    input,
    plugins,
    platform: 'node',
    resolve: SOURCES,
    external: (id, importer) => (id.startsWith('node:') && !isUnused(id, importer)) || id === 'prom-client',
    treeshake: true,
    preserveEntrySignatures: 'allow-extension',
    onwarn: (warning, warn) => {
      // Circular imports inside third-party packages are theirs.
      if (warning.code !== 'CIRCULAR_DEPENDENCY') warn(warning);
    },
  });
  const { output } = await built.write(options);
  await built.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

/** commander starts executables that are subcommands; there are none, and node:child_process costs at every start. */
const NO_MODULE = '\0no-module.cjs';
const withoutChildProcess = {
  name: 'without-child-process',
  resolveId: (source, importer) => (isUnused(source, importer) ? NO_MODULE : null),
  load: (id) => (id === NO_MODULE ? 'module.exports = {};' : null),
};

function isUnused(id, importer) {
  return id === 'node:child_process' && /[\\/]node_modules[\\/]commander[\\/]/.test(importer ?? '');
}
