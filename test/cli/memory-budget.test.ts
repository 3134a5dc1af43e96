import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { collapse, executable } from '../support/collapse.js';
import { writeLargeLists } from '../support/large-lists.js';
import { writeLargePair } from '../support/large-pair.js';
import { folder } from '../support/run-folder.js';
import { some } from '../support/thorough.js';

const TELL_PEAK = fileURLToPath(new URL('../support/tell-peak.cjs', import.meta.url));
/** What a process may take beside its budget, in MiB. */
const BESIDE = 150;

/** The peak of a run of the built executable in MiB, and the budget that it asks for where it refuses. */
async function run(argv: readonly string[], budget: number) {
  const how = { node: ['--require', TELL_PEAK] };
  const { stdout, stderr } = await executable([...argv, '--max-memory', `${budget}MiB`], how);
  const [, asked] = /--max-memory (\d+)MiB/.exec(stdout + stderr) ?? [];
  expect(stdout + stderr).not.toMatch(asked === undefined ? /E220/ : /^$/);
  return { peak: Number(stderr.trim().split('\n').at(-1)) / 1024, asked };
}

const CORE = ['measure', '--metrics', 'core'];
const UNIFORM = ['measure', '--metrics', 'pred_uniformity,target_uniformity'];

it.each([
  ...some([
    [2, 524_288, CORE, 32],
    [1500, 1500, CORE, 16],
    [60_000, 64, UNIFORM, 16],
    [700, 8192, UNIFORM, 64],
    [1_000_000, 8, UNIFORM, 16],
    [2000, 512, UNIFORM, 16],
  ] as const),
  [16, 262_144, ['measure', '--metrics', 'pred_cos_mean', '--projection'], 32],
  [4_194_304, 2, ['inspect', '--values'], 16],
  [1, 2_097_152, ['inspect', '--values'], 64],
  [2000, 4096, ['doctor'], 32],
  [16, 524_288, ['doctor'], 48],
] as const)(
  '%d×%d: %s within %d MiB and 150, or within what it asks for',
  async (rows, cols, command, budget) => {
    const path = join(folder(), 'run');
    writeLargePair(path, rows, cols);
    expect(readdirSync(path)).toHaveLength(2);
    await staysWithin([...command, path], budget);
  },
);

it.each(['arrow', 'parquet'] as const)(
  'doctor and inspect of long lists in %s, within its budget or what it asks for the first time',
  async (format) => {
    const path = join(folder(), 'run');
    writeLargeLists(path, format, 16, 400_000);
    await staysWithin(['doctor', path], 40);
    await staysWithin(['doctor', path], 80);
    await staysWithin(['inspect', '--values', path], 32);
  },
);

it('inspect of values in pages asks for the values, their sums and a page', async () => {
  const path = join(folder(), 'run');
  writeLargeLists(path, 'parquet', 16, 400_000);
  const argv = ['inspect', '--values', join(path, 'step_1.parquet')];
  const { stderr } = await executable([...argv, '--max-memory', '32MiB']);
  const values = 16 * 400_000 * 8 + 400_000 * 40;
  expect(stderr).toContain(`error[E220] ${values} bytes are needed at once; the budget is ${32 * 2 ** 20}`);
  const [, asked] = /--max-memory (\d+)MiB/.exec(stderr) ?? [];
  expect(Number(asked)).toBeLessThan(values / 2 ** 20 + 8);
  await staysWithin(argv, 32);
});

/** Of the second role one page has all rows. */
function writeUnevenPages(): string {
  const path = join(folder(), 'run');
  writeLargeLists(path, 'parquet', 2048, 256, { prediction: 16, target: 2048 });
  return path;
}

it.each([
  ['measure', '--metrics', 'core'],
  ['inspect', '--values'],
])('%s is refused once, with what is enough for the pages of both roles', async (...command) => {
  const argv = [...command, writeUnevenPages()];
  for (const budget of ['1MiB', '3MiB', '5MiB', '9MiB']) {
    const first = await collapse([...argv, '--max-memory', budget]);
    const asked = new Set([...first.stderr.matchAll(/--max-memory (\d+)MiB/g)].map(([, number]) => number));
    expect([budget, asked.size]).toEqual([budget, 1]);
    const [enough] = asked;
    const second = await collapse([...argv, '--max-memory', `${enough}MiB`]);
    expect([budget, second.code, second.stderr]).toEqual([budget, 0, '']);
    const less = await collapse([...argv, '--max-memory', `${Number(enough) - 1}MiB`]);
    expect([budget, less.code]).toEqual([budget, 3]);
  }
});

async function staysWithin(argv: readonly string[], budget: number): Promise<void> {
  const first = await run(argv, budget);
  expect(first.peak).toBeLessThan(budget + BESIDE);
  if (first.asked === undefined) return;
  const enough = Number(first.asked);
  const second = await run(argv, enough);
  expect(second.asked).toBeUndefined();
  expect(second.peak).toBeLessThan(enough + BESIDE);
}
