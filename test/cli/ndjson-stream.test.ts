import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collapse, startCollapse } from '../support/collapse.js';
import { folder, step, writeFile } from '../support/run-folder.js';

const steps = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => n * 100);
const run = () => Object.assign({}, ...steps.map((number) => step(number, 1)));
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

function withoutVerdicts(ndjson: string): { verdicts: unknown[]; rest: string } {
  const verdicts: unknown[] = [];
  const lines = linesOf(ndjson).map(({ verdict, ...record }) => {
    if (verdict !== undefined) verdicts.push(verdict);
    return `${JSON.stringify(record)}\n`;
  });
  return { verdicts, rest: lines.join('') };
}

describe('ndjson on stdout', () => {
  it.each(['measure', 'check'])('%s writes a step before the last one is read', async (command) => {
    const cwd = folder(run());
    let isFirst = true;
    const args = command === 'check' ? ['check', '.', '-o', 'ndjson'] : ['measure', '.'];
    const { code, stdout } = await collapse([...args, '--threads', '1'], {
      cwd,
      onStdout: () => {
        // Only what is read later can miss it.
        if (isFirst) rmSync(join(cwd, 'step_000800/prediction.npy'));
        isFirst = false;
      },
    });
    expect(code).toBe(3);
    expect(linesOf(stdout).map(({ type, step: at }) => [type, at])).toEqual([
      ...steps.slice(0, -1).map((at) => ['step', at]),
      ['error', 800],
      ['summary', undefined],
    ]);
  });

  it('is what goes to a file, and the verdict judges', async () => {
    const cwd = folder(run());
    const { code, stdout } = await collapse(['check', '.', '-o', 'ndjson', '-o', 'ndjson=all.ndjson'], {
      cwd,
    });
    const measured = await collapse(['measure', '.'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(measured.stdout);
    const fromFile = await collapse(['gate', 'all.ndjson', '-o', 'ndjson'], { cwd });
    // What is written once all is judged has the verdicts as well.
    const { verdicts, rest } = withoutVerdicts(fromFile.stdout);
    expect(rest).toBe(stdout);
    expect(verdicts).toEqual(steps.map(() => ({ judged: true, alerts: [], diagnosis: 'healthy' })));
  });

  it('watch writes each step once, as it is judged, and at the end what could not be read', async () => {
    const cwd = folder({
      ...step(100, 1),
      'step_000150/prediction.npy': 'none',
      'step_000150/target.npy': 'none',
    });
    let seen = '';
    const onStdout = (text: string) => {
      seen = text;
    };
    const argv = ['watch', '.', '-o', 'ndjson', '--interval', '20ms', '--until', '200'];
    const watching = startCollapse(argv, { cwd, onStdout });
    await watching.printed('"step":100');
    expect(linesOf(seen)).toHaveLength(1);
    for (const [name, bytes] of Object.entries(step(200, 1))) writeFile(cwd, name, bytes);
    const { stdout } = await watching.ended;
    expect(linesOf(stdout).map(({ type, step: at }) => [type, at])).toEqual([
      ['step', 100],
      ['step', 200],
      ['error', 150],
      ['summary', undefined],
    ]);
  });
});
