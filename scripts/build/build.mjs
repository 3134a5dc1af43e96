// Builds dist/: the executable, the library, its types, and the notices that the bundled packages' licences ask for.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { buildKernels } from './build-kernels.mjs';
import { bundleExecutable, bundleLibrary } from './bundle.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
await buildKernels();
const moduleIds = [...(await bundleExecutable('dist')), ...(await bundleLibrary('dist'))];
writeFileSync('dist/THIRD_PARTY_NOTICES.md', thirdPartyNotices(moduleIds));

const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
keepDeclarations('dist/types');

/** Removes the declarations that none of what the library exports leads to. */
function keepDeclarations(root) {
  const kept = new Set();
  const keep = (file) => {
    if (kept.has(file)) return;
    kept.add(file);
    for (const [, specifier] of readFileSync(join(root, file), 'utf8').matchAll(
      /(?:from|import\()\s*['"]([#.][^'"]*)\.js['"]/g,
    )) {
      keep(`${specifier.startsWith('#') ? specifier.slice(1) : join(dirname(file), specifier)}.d.ts`);
    }
  };
  keep('index.d.ts');
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(relative(root, path))) rmSync(path);
  }
}
