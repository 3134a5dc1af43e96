import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import { SOURCES } from '../../scripts/build/sources.mjs';
import { sharedFolder } from '../support/run-folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = sharedFolder();
let imports: readonly string[];

/** What a fresh Node prints for `script`, with the library as `library` and loaded CommonJS packages as `loaded()`. */
function inFreshNode(script: string): unknown {
  const file = join(directory, 'script.mjs');
  const prelude = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(import.meta.url);
    const loaded = () => Object.keys(cache).some((path) => path.includes('prom-client'));
    const library = await import(${JSON.stringify(pathToFileURL(join(directory, 'index.mjs')).href)});
    const print = (value) => process.stdout.write(JSON.stringify(value));
  `;
  writeFileSync(file, prelude + script);
  return JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8', cwd: directory }));
}

beforeAll(async () => {
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const bundle = await rolldown({
    input: join(root, 'src/index.ts'),
    platform: 'node',
    resolve: SOURCES,
    external: (id) => !/^[./#]/.test(id),
  });
  const { output } = await bundle.write({ file: join(directory, 'index.mjs'), format: 'esm' });
  await bundle.close();
  imports = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.imports : []));
});

describe('importing the library', () => {
  it('imports nothing but Node itself', () => {
    expect(imports.filter((id) => !id.startsWith('node:'))).toEqual([]);
  });

  it('loads prom-client at the first record, and not to compute or detect', () => {
    const script = `
      const seen = [loaded()];
      const metrics = library.computeCollapseMetrics([[1], [2]], [[1], [2]], { klReg: 0 });
      library.detectCollapse(metrics);
      const monitor = new library.CollapseMonitor();
      monitor.observe([[1]], [[1]], { klReg: 0, step: 1 });
      seen.push(loaded());
      library.recordCollapseMetrics(metrics);
      seen.push(loaded());
      print(seen);
    `;
    expect(inFreshNode(script)).toEqual([false, false, true]);
  });

  it('writes to the very registry that users of prom-client import', () => {
    const script = `
      const { register } = await import('prom-client');
      const monitor = new library.CollapseMonitor({ logEverySteps: 1 });
      monitor.observe([[1], [2]], [[1], [2]], { klReg: 0.5, step: 1 });
      print((await register.metrics()).includes('geno_lewm_training_collapse_kl_reg 0.5'));
    `;
    expect(inFreshNode(script)).toBe(true);
  });
});
