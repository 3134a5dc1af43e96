import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, it, vi } from 'vitest';
import { ROOT } from '../support/collapse.js';
import { folder, writeFile } from '../support/run-folder.js';

const SNIPPETS = [...readFileSync('docs/library.md', 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
  ([, code = '']) => code,
);

/** A project of somebody who installed the package, with `code` in it. */
function consumer(code: string): string {
  const root = folder({ 'snippet.ts': code, 'package.json': '{"type":"module"}' });
  writeFile(root, 'node_modules/.keep', '');
  symlinkSync(ROOT, join(root, 'node_modules/embedding-collapse'));
  return root;
}

it("the page's snippets have the types that the package declares, without types of Node", () => {
  const declared = `
    import type { EmbeddingInput } from 'embedding-collapse';
    declare const prediction: EmbeddingInput, target: EmbeddingInput, step: number, klReg: number;
    export { prediction, target, step, klReg };
  `;
  const [first = '', second = ''] = SNIPPETS;
  const root = consumer(first);
  writeFile(root, 'arrays.ts', declared);
  writeFile(root, 'monitor.ts', `import { klReg, prediction, step, target } from './arrays.js';\n${second}`);
  const wrong = `import { judge } from 'embedding-collapse';\n// @ts-expect-error\njudge([{ step: 'x' }]);\n// @ts-expect-error\nconst label: number = judge([]).runs[0]!.diagnosis!.label;\nexport { label };\n`;
  writeFile(root, 'wrong.ts', wrong);
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const settings =
    '--noEmit --strict --skipLibCheck --module NodeNext --target ES2022 --lib ES2022,DOM --types';
  const files = ['snippet.ts', 'arrays.ts', 'monitor.ts', 'wrong.ts'];
  const run = () =>
    execFileSync(process.execPath, [tsc, ...settings.split(' '), '', ...files], {
      cwd: root,
      encoding: 'utf8',
    });
  expect(run()).toBe('');
});

it("the page's first snippet is silent on a healthy run, and names a collapse", async () => {
  const root = consumer(SNIPPETS[0]!);
  const bundle = await rolldown({ input: join(root, 'snippet.ts'), logLevel: 'silent' });
  await bundle.write({ file: join(root, 'snippet.mjs'), format: 'esm' });
  await bundle.close();
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const rows = (seed: number, scale: number) =>
    Array.from({ length: 32 }, (_, i) =>
      Array.from({ length: 64 }, (_, j) => scale * Math.sin((seed + i + 1) ** 2 * (j + 1) + j)),
    );
  for (const collapses of [false, true]) {
    const url = `${pathToFileURL(join(root, 'snippet.mjs')).href}?${collapses}`;
    const { watch } = await import(/* @vite-ignore */ url);
    for (let step = 100; step <= 1000; step += 100) {
      const target = rows(step, 1);
      const isDead = collapses && step >= 500;
      watch(step, isDead ? rows(step + 1, 1e-4) : target.map((row) => row.map((x) => 0.9 * x)), target);
    }
    const labels = said.mock.calls.map(([diagnosis]) => diagnosis.label);
    expect(new Set(labels)).toEqual(new Set(collapses ? ['predictor collapse'] : []));
  }
});
