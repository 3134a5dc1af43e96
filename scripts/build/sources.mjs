import { rolldown } from 'rolldown';
import { textFiles } from './text-files.mjs';

/** How a bundler finds `#room/file.js` (`imports` in package.json): in src/, where a consumer's compiler takes the declarations in dist/. */
export const SOURCES = { conditionNames: ['source', 'import', 'module', 'node', 'default'] };

/** Bundles `input` from the sources as they are, without a build, to `output` (`file` or `dir`): for scripts that any Node is to run. */
export async function bundleSources(input, output, options = {}) {
  const bundle = await rolldown({
    input,
    platform: 'node',
    resolve: SOURCES,
    plugins: [textFiles],
    logLevel: 'silent',
    ...options,
  });
  await bundle.write({ format: 'esm', ...('file' in output ? { codeSplitting: false } : {}), ...output });
  await bundle.close();
}
