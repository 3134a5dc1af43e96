import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { parseState } from '#report/state.js';
import { bundleSources } from '../../scripts/build/sources.mjs';
import { sharedFolder } from '../support/run-folder.js';
import { THOROUGH } from '../support/thorough.js';

const folder = sharedFolder();
const child = join(folder, 'child.mjs');

beforeAll(async () => {
  const input = fileURLToPath(new URL('./state-child.ts', import.meta.url));
  await bundleSources(input, { file: child }, { external: ['prom-client'] });
});

interface Ended {
  /** The last step it said was in the state. */
  readonly last: number;
  readonly code: number | null;
  readonly stderr: string;
}

function addSteps(
  path: string,
  run: string,
  from: number,
  to: number,
  killAfterWrites: number | null,
): Promise<Ended> {
  return new Promise((resolve) => {
    const process_ = spawn(process.execPath, [child, path, run, String(from), String(to)]);
    let stdout = '';
    let stderr = '';
    let timer: NodeJS.Timeout | undefined;
    process_.stdout.on('data', (chunk) => {
      stdout += chunk;
      // Counted in writes, so that a slow machine is killed no more often; then at any moment of those that follow.
      if (killAfterWrites === null || stdout.split('\n').length <= killAfterWrites) return;
      timer ??= setTimeout(() => process_.kill('SIGKILL'), Math.random() * 40);
    });
    process_.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    process_.on('close', (code) => {
      clearTimeout(timer);
      const lines = stdout.split('\n').filter((line) => line !== '');
      resolve({ last: Number(lines.at(-1) ?? from - 1), code, stderr });
    });
  });
}

it('nothing is lost, torn or wedged by kills among the writes of two processes', async () => {
  const path = join(folder, 'shared.json');
  const steps = THOROUGH ? 250 : 50;
  let kills = 0;
  const whole = async (run: string): Promise<void> => {
    for (let next = 1; next <= steps; ) {
      const { last, code, stderr } = await addSteps(
        path,
        run,
        next,
        steps,
        1 + Math.floor(Math.random() * 20),
      );
      expect(stderr).toBe('');
      if (code === null) kills++;
      const { runs } = (await parseState(readFileSync(path, 'utf8'), path)).state;
      const stored = runs.find((other) => other.run === run)?.records.length ?? 0;
      // What was said to be in is in; one more may be, whose writer was killed before it could say so.
      expect(stored - last === 0 || stored - last === 1).toBe(true);
      next = stored + 1;
    }
  };
  await Promise.all([whole('a'), whole('b')]);
  expect(kills).toBeGreaterThan(THOROUGH ? 10 : 0);
  const { runs } = (await parseState(readFileSync(path, 'utf8'), path)).state;
  for (const { records } of runs) {
    expect(records.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(records.every(({ step, metrics }) => metrics.pred_l2_mean === step)).toBe(true);
  }
  // A lock that a killed process left behind would be waited for, and then refused with E402.
  for (const run of ['a', 'b']) {
    expect(await addSteps(path, run, steps + 1, steps + 1, null)).toEqual({
      last: steps + 1,
      code: 0,
      stderr: '',
    });
  }
  expect(readdirSync(folder).sort()).toEqual(['child.mjs', 'shared.json']);
});

it('four processes at once leave all their steps, each run in its order', async () => {
  const path = join(folder, 'four.json');
  const runs = ['a', 'b', 'c', 'd'];
  const ended = await Promise.all(runs.map((run) => addSteps(path, run, 1, 25, null)));
  expect(ended).toEqual(runs.map(() => ({ last: 25, code: 0, stderr: '' })));
  const { state } = await parseState(readFileSync(path, 'utf8'), path);
  const steps = Object.fromEntries(
    state.runs.map(({ run, records }) => [run, records.map(({ step }) => step)]),
  );
  expect(steps).toEqual(
    Object.fromEntries(runs.map((run) => [run, Array.from({ length: 25 }, (_, i) => i + 1)])),
  );
});
