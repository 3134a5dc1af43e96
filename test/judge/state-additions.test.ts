import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollapseError } from '#errors.js';
import { gate } from '#judge/gate.js';
import { gateWithState } from '#judge/state/gate-with-state.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import type { MeasureRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import { folder } from '../support/run-folder.js';
import { makeRecord } from './make-record.js';

const OPTIONS = judgePlanOf({ preset: ['rfc-0005'] });
const at = (step: number, run = 'run') =>
  makeRecord({ run, step, metrics: { pairwise_pred_dist_mean: 8 + (step % 7) } });

function judging(path: string, onJudged?: (report: Report) => void) {
  return (records: readonly MeasureRecord[], rejudge = false) =>
    gateWithState(records, OPTIONS, '0', { path, shown: 'state.json', rejudge, onJudged });
}

const stepsOf = ({ runs }: Report) => runs.map(({ steps }) => steps.map(({ step }) => step));
const codeOf = (attempt: Promise<Report>) =>
  attempt.then(
    () => 'none',
    (error: CollapseError) => error.code,
  );

/** A state of three steps, two of them added. */
async function threeSteps(path: string): Promise<{ good: Buffer; last: number }> {
  const judge = judging(path);
  await judge([at(1)]);
  await judge([at(2)]);
  const last = statSync(path).size;
  await judge([at(3)]);
  return { good: readFileSync(path), last };
}

describe('a state that grows', () => {
  it('is added to, and now and then written as a whole; what is in it is the same', async () => {
    const path = join(folder({}), 'state.json');
    const judge = judging(path);
    let replaced = 0;
    let written = 0;
    let before = { ino: 0n, size: 0n };
    for (let step = 1; step <= 300; step++) {
      const report = await judge([at(step), at(step, 'other')]);
      const { ino, size } = statSync(path, { bigint: true });
      if (ino !== before.ino) replaced++;
      written += Number(ino === before.ino ? size - before.size : size);
      before = { ino, size };
      if (step % 100 === 0) {
        const all = ['run', 'other'].flatMap((run) => Array.from({ length: step }, (_, i) => at(i + 1, run)));
        const expected = gate(JSON.parse(JSON.stringify(all)), OPTIONS, '0');
        expect(stepsOf(report)).toEqual(stepsOf(expected));
        expect(report.summary).toEqual(expected.summary);
      }
    }
    expect(replaced).toBeLessThan(12);
    expect(written).toBeLessThan(6 * Number(before.size));
  });

  it('of version 1 is read, and is of version 2 once it has to be written', async () => {
    const path = join(folder({}), 'state.json');
    const first = readFileSync(new URL('./state.v1.json', import.meta.url), 'utf8');
    writeFileSync(path, first);
    expect(stepsOf(await judging(path)([at(2)]))).toEqual([[1, 2]]);
    expect(readFileSync(path, 'utf8')).toBe(first);
    expect(stepsOf(await judging(path)([at(3)]))).toEqual([[1, 2, 3]]);
    expect(readFileSync(path, 'utf8')).toContain('"version":2');
    expect(stepsOf(await judging(path)([at(4)]))).toEqual([[1, 2, 3, 4]]);
  });

  it('of version 1 that came to harm is refused', async () => {
    const path = join(folder({}), 'state.json');
    const first = readFileSync(new URL('./state.v1.json', import.meta.url), 'utf8');
    for (const text of [
      first.slice(0, -4),
      first.replace(/"pairwise_pred_dist_mean": ?9/, '"pairwise_pred_dist_mean":8'),
    ]) {
      writeFileSync(path, text);
      expect(await codeOf(judging(path)([at(3)]))).toBe('E403');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});

describe('an addition', () => {
  it('that a killed process left unfinished, wherever, is as if it had not begun', async () => {
    const path = join(folder({}), 'state.json');
    const { good, last } = await threeSteps(path);
    for (let end = last + 1; end < good.length; end += end < last + 120 ? 1 : 97) {
      writeFileSync(path, good.subarray(0, end));
      expect([end, stepsOf(await judging(path)([at(2)]))]).toEqual([end, [[1, 2]]]);
      expect(stepsOf(await judging(path)([at(3)]))).toEqual([[1, 2, 3]]);
      expect(readFileSync(path).equals(good)).toBe(true);
    }
  });

  it('that is missing, twice there, moved, changed or of another file is refused', async () => {
    const dir = folder({});
    const path = join(dir, 'state.json');
    const { good } = await threeSteps(path);
    const lines = good.toString().split(/(?<=\n)/);
    const [type, body, second, third] = lines as [string, string, string, string];
    await judging(join(dir, 'other.json'))([at(1, 'other')]);
    await judging(join(dir, 'other.json'))([at(2, 'other')]);
    const foreign = readFileSync(join(dir, 'other.json'), 'utf8').split(/(?<=\n)/)[2]!;
    const damaged = [
      [type, body, third],
      [type, body, second, second, third],
      [type, body, third, second],
      [type, body, second.replace('"step":2', '"step":9'), third],
      [type, body, foreign],
      [type, body, second.slice(0, -9), '\n', third],
      [type, body, second, '\n', third],
      [type, body, second, third, 'x'],
      [type, body, second, third, '\0\0\0'],
      [type, body.slice(0, -1), second, third],
    ];
    for (const parts of damaged) {
      const text = parts.join('');
      writeFileSync(path, text);
      expect([text, await codeOf(judging(path)([at(4)], true))]).toEqual([text, 'E403']);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('can be told from harm at any bit of it', async () => {
    const path = join(folder({}), 'state.json');
    const { good, last } = await threeSteps(path);
    const place = fc.integer({ min: last, max: good.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.nat(6), async (byte, bit) => {
        const bytes = Buffer.from(good);
        bytes[byte] = bytes[byte]! ^ (1 << bit);
        writeFileSync(path, bytes);
        expect(await codeOf(judging(path)([at(4)]))).toBe('E403');
      }),
      { numRuns: 100 },
    );
  });

  it('has names of any script, and lengths in bytes', async () => {
    const path = join(folder({}), 'state.json');
    const run = 'läufe/実験 🧪';
    for (const step of [1, 2, 3]) await judging(path)([at(step, run)]);
    const { size } = statSync(path);
    appendFileSync(path, '{"bytes":900,"checksum":"');
    expect(stepsOf(await judging(path)([at(3, run)]))).toEqual([[1, 2, 3]]);
    await judging(path)([at(4, run)]);
    truncateSync(path, size);
    expect(stepsOf(await judging(path)([at(3, run)]))).toEqual([[1, 2, 3]]);
  });
});

it('what is done at the sight of a report comes before the state has its step: killed between, it is done again', async () => {
  const path = join(folder({}), 'state.json');
  await judging(path)([at(1)]);
  const before = readFileSync(path);
  const alerting = makeRecord({ step: 2, metrics: { pairwise_pred_dist_mean: 1 } });
  const seen: unknown[] = [];
  const killed = judging(path, (report) => {
    seen.push(stepsOf(report));
    throw new Error('killed');
  });
  await expect(killed([alerting])).rejects.toThrow('killed');
  expect(readFileSync(path).equals(before)).toBe(true);
  const report = await judging(path, (again) => seen.push(stepsOf(again)))([alerting]);
  expect(seen).toEqual([[[1, 2]], [[1, 2]]]);
  expect(report.runs[0]?.steps[1]?.alerts).toHaveLength(1);
});
