import { execFile } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { collapse, ROOT } from '../support/collapse.js';
import { sharedFolder, writeFile, writeMatrix } from '../support/run-folder.js';
import { anchor, blocksOf } from './markdown.js';

const PAGES = [
  'README.md',
  ...readdirSync('docs/recipes')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/recipes/${name}`),
];

/** Where what is not run here is run, or named with what it ran under. */
const ELSEWHERE = [
  'python/tests/test_docs.py',
  'test/cli/github-action.test.ts',
  'docs/recorded-checks.md',
].map((name) => readFileSync(name, 'utf8'));

interface Block {
  readonly page: string;
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = PAGES.flatMap((page) =>
  readFileSync(page, 'utf8')
    .split(/^(?=#{1,3} )/m)
    .flatMap((section) => {
      const heading = /^#+ (.*)$/m.exec(section)?.[1] ?? '';
      return blocksOf(section).map((block) => ({ page, heading, ...block }));
    }),
);

/** The lines of a block that only `collapse` is needed for: those of a shell, of a list of commands in YAML. */
function linesOf({ language, text }: Block): string[] {
  const lines = text.replace(/\\\n\s*/g, ' ').split('\n');
  if (language === 'sh') return lines.filter((line) => /^collapse /.test(line));
  if (language !== 'yaml') return [];
  return lines.flatMap((line) => /^\s*- (?:run: )?((?:npx .*)?collapse .*)$/.exec(line)?.[1] ?? []);
}

const root = sharedFolder();
const run = promisify(execFile);

/** Writes three steps of a run whose rows are well spread. */
function writeRun(name: string, shape: readonly number[], seed: number): void {
  for (const [i, role] of ['prediction', 'target'].entries())
    for (const step of [100, 200, 300])
      writeMatrix(root, `${name}/step_${step}/${role}.npy`, shape, {
        values: Array.from({ length: 2048 }, (_, k) => Math.sin(k * k * seed + step) + 0.1 * Math.sin(k + i)),
      });
}

beforeAll(async () => {
  cpSync('fixtures/runs/late_1', join(root, 'runs/exp1'), { recursive: true });
  for (const step of ['002000', '020000', '100000'])
    cpSync('fixtures/runs/late_1/step_002000', join(root, `runs/exp1/step_${step}`), { recursive: true });
  const names = ['main', 'new', ...Array.from({ length: 9 }, (_, seed) => `healthy-${seed}`)];
  for (const [seed, name] of names.entries()) writeRun(`runs/${name}`, [64, 32], seed + 1);
  writeRun('runs/world', [16, 4, 32], 1);
  // What others logged: one value a step.
  const steps = [1, 2, 3, 4, 5, 6];
  const logged = (line: (step: number) => string) => steps.map((step) => `${line(step)}\n`).join('');
  writeFile(
    root,
    'lightning_logs/version_0/metrics.csv',
    `step,val/pred_var,val/target_var\n${logged((step) => `${step},0.5,0.5`)}`,
  );
  writeFile(root, 'metrics.csv', `step,val/var\n${logged((step) => `${step},0.06`)}`);
  writeFile(
    root,
    'wandb.jsonl',
    logged((step) => JSON.stringify({ _step: step, 'val/std': 0.06 })),
  );
  writeFile(
    root,
    'hydra_train.log',
    logged((step) => `[train][INFO] - ${JSON.stringify({ num_updates: step, target_var: 0.4 })}`),
  );
  const { stdout } = await collapse(['measure', 'runs/exp1'], { cwd: root });
  writeFile(root, 'records.ndjson', stdout);
  writeFile(
    root,
    'bin/collapse',
    `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'bin/collapse.js')}" "$@"\n`,
  );
  // As npx would take the package's own command.
  writeFile(root, 'bin/npx', '#!/bin/sh\nwhile [ "$1" != collapse ]; do shift; done\nexec "$@"\n');
  for (const name of ['collapse', 'npx']) chmodSync(join(root, 'bin', name), 0o755);
});

const RUN = BLOCKS.filter(({ text }) => !text.includes('/var/lib')).flatMap((block) =>
  linesOf(block).map((line) => [`${block.page}: ${line}`, line] as const),
);

describe('a line that a page tells to run gives a verdict or does what it says', () => {
  // In their order: some read what one before wrote.
  it.each(RUN)('%s', async (_, line) => {
    // A watch that looks more often takes less of this test's time.
    const command = line.replace('collapse watch ', 'collapse watch --interval 0.05s ');
    const env = { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`, CI: '' };
    const { code, stderr } = await run('bash', ['-c', `set -o pipefail; ${command}`], {
      cwd: root,
      env,
    }).then(
      (done) => ({ code: 0, stderr: done.stderr }),
      (error: { code: number; stderr: string }) => error,
    );
    expect([0, 1], stderr).toContain(code);
    expect(stderr).not.toMatch(/^error/m);
  });
});

it.each(BLOCKS.map((block) => [`${block.page}, ${block.heading} (${block.language})`, block] as const))(
  'what %s shows was run',
  (_, block) => {
    const lines = block.text.split('\n').filter((line) => line.trim() !== '');
    if (linesOf(block).length === lines.length) return;
    const { page, heading } = block;
    const names = [`${basename(page)}", "## ${heading}"`, `${page.replace('docs/', '')}#${anchor(heading)}`];
    expect(
      ELSEWHERE.some((text) => names.some((name) => text.includes(name))),
      `${names.join(' or ')} is in no test and not in docs/recorded-checks.md`,
    ).toBe(true);
  },
);
