// Builds dist/: the executable, the library, its types, and the notices that the bundled packages' licences ask for.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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
