import { createHash } from 'node:crypto';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollapseError } from '#errors.js';
import { gate } from '#judge/gate.js';
import { gateWithState } from '#judge/state/gate-with-state.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import type { JudgePlan } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import { parseRule } from '#rules/language/parse-rule.js';
import { folder } from '../support/run-folder.js';
import { anyJudging, anyRun } from './any-run.js';
import { makeRecord } from './make-record.js';

const OPTIONS = judgePlanOf({ preset: ['rfc-0005'] });
const at = (step: number, distance = 8) =>
  makeRecord({ step, metrics: { pairwise_pred_dist_mean: distance } });

function judging(path: string, options: JudgePlan = OPTIONS) {
  return (records: readonly MeasureRecord[], rejudge = false) =>
    gateWithState(records, options, '0', { path, shown: 'state.json', rejudge });
}

async function refusal(attempt: Promise<Report>): Promise<CollapseError> {
  return attempt.then(
    () => expect.unreachable(),
    (error: CollapseError) => error,
  );
}

/** All but where the baseline is remembered. */
function verdict(report: Report): Report {
  const runs = report.runs.map(({ baseline, ...run }) => ({
    ...run,
    baseline: baseline === null ? null : { ...baseline, source: 'first step' as const },
  }));
  return { ...report, runs };
}

describe('one checkpoint an invocation', () => {
  it('gives at each the verdict of one invocation over all so far', async () => {
    const dir = folder({});
    const whole = (records: readonly MeasureRecord[]): MeasureRecord[] => JSON.parse(JSON.stringify(records));
    await fc.assert(
      fc.asyncProperty(anyRun(), anyJudging, fc.nat(1e9), async (records, options, n) => {
        const judge = judging(join(dir, `${n}.json`), options);
        rmSync(join(dir, `${n}.json`), { force: true });
        const flagged = options.initialPairwisePredDistMean !== null;
        for (const [i, record] of records.entries()) {
          const report = await judge([record]);
          const expected = gate(whole(records.slice(0, i + 1)), options, '0');
          expect(flagged ? report : verdict(report)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('names the state as where the baseline comes from', async () => {
    const judge = judging(join(folder({}), 'state.json'));
    const source = async (step: number) => (await judge([at(step)])).runs[0]?.baseline;
    expect(await source(100)).toMatchObject({ step: 100, source: 'first step' });
    expect(await source(200)).toMatchObject({ step: 100, source: 'state' });
  });

  it('of several runs reports only those it is about', async () => {
    const judge = judging(join(folder({}), 'state.json'));
    await judge([at(100), { ...at(100), run: 'other' }]);
    const report = await judge([at(200)]);
    expect(report.runs.map(({ run, steps }) => [run, steps.length])).toEqual([['run', 2]]);
    expect((await judge([{ ...at(300, 1), run: 'other' }])).exitCode).toBe(1);
  });

  it('shows what is remembered of a run whose new step cannot be read', async () => {
    const judge = judging(join(folder({}), 'state.json'));
    await judge([at(100)]);
    const report = await judge([{ type: 'error', code: 'E204', message: 'damaged', run: 'run', step: 200 }]);
    expect(report.exitCode).toBe(3);
    expect(report.runs[0]?.steps.map(({ step }) => step)).toEqual([100]);
  });
});

describe('a step that is there already', () => {
  it('changes nothing, not even the file', async () => {
    const path = join(folder({}), 'state.json');
    const judge = judging(path);
    await judge([at(100)]);
    const first = await judge([at(200, 3)]);
    const past = new Date(1e12);
    utimesSync(path, past, past);
    expect(await judge([at(200, 3)])).toEqual(first);
    expect(await judge([at(100)])).toEqual(first);
    expect(await judge([at(100), at(200, 3 * (1 + 1e-14))])).toEqual(first);
    expect(statSync(path).mtimeMs).toBe(1e12);
  });

  it('is refused with other numbers, unless all is judged again', async () => {
    const path = join(folder({}), 'state.json');
    const judge = judging(path);
    await judge([at(100), at(200, 3)]);
    const before = readFileSync(path, 'utf8');
    const error = await refusal(judge([at(200, 8)]));
    expect(error).toMatchObject({ code: 'E404', path: 'run', step: 200 });
    expect(error.hint).toContain('--rejudge');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect((await judge([at(200, 8)], true)).exitCode).toBe(0);
    expect((await judge([at(200, 8)])).exitCode).toBe(0);
  });
});

describe('what does not fit', () => {
  it('is an older step, unless all is judged again in its light', async () => {
    const judge = judging(join(folder({}), 'state.json'));
    await judge([at(200, 8)]);
    expect(await refusal(judge([at(100, 20)]))).toMatchObject({ code: 'E404', step: 100 });
    const report = await judge([at(100, 20)], true);
    expect(report.runs[0]?.baseline).toMatchObject({ step: 100, source: 'first step' });
    expect(report.runs[0]?.steps.map(({ step, alerts }) => [step, alerts.length])).toEqual([
      [100, 0],
      [200, 1],
    ]);
  });

  it.each([
    [
      'a threshold',
      judgePlanOf({ preset: ['rfc-0005'], klRegMax: 3 }),
      /it has kl_reg > 10 \(error\); asked for is kl_reg > 3/,
    ],
    [
      'a rule',
      judgePlanOf({ preset: ['rfc-0005'], warnIf: [parseRule('kl_reg > 3', 'warn')] }),
      /asked for is kl_reg > 3 \(warn\)/,
    ],
    ['a start', judgePlanOf({ preset: ['rfc-0005'], after: 50 }), /it has after null; asked for is after 50/],
    [
      'a given baseline',
      judgePlanOf({ preset: ['rfc-0005'], initialPairwisePredDistMean: 3 }),
      /initialPairwisePredDistMean 3/,
    ],
  ])('is %s that changed, unless all is judged again', async (_, options, message) => {
    const path = join(folder({}), 'state.json');
    await judging(path)([at(100)]);
    const error = await refusal(judging(path, options)([at(200)]));
    expect(error).toMatchObject({ code: 'E404', path: 'state.json' });
    expect(error.message).toMatch(message);
    expect((await judging(path, options)([at(200)], true)).runs[0]?.steps).toHaveLength(2);
    expect((await refusal(judging(path)([at(300)]))).code).toBe('E404');
  });

  it('is a measurement with other settings, even then', async () => {
    const judge = judging(join(folder({}), 'state.json'));
    await judge([at(100)]);
    const { fingerprint } = at(200);
    const other = { ...at(200), fingerprint: { ...fingerprint, klFrom: 'prediction' as const } };
    expect((await refusal(judge([other]))).code).toBe('E404');
    expect((await refusal(judge([other], true))).code).toBe('E404');
  });

  it('is a step that comes twice in one invocation', async () => {
    const path = join(folder({}), 'state.json');
    expect((await refusal(judging(path)([at(100), at(100)]))).code).toBe('E232');
    expect(() => statSync(path)).toThrow();
  });
});

describe('a damaged state', () => {
  it('is refused and stays as it is, whatever the damage', async () => {
    const dir = folder({});
    const path = join(dir, 'state.json');
    await judging(path)([at(100)]);
    const good = readFileSync(path, 'utf8');
    const damaged = [
      '',
      'null',
      '[]',
      '{}',
      good.slice(0, -3),
      good.slice(0, good.length / 2),
      good.replace('"pairwise_pred_dist_mean":8', '"pairwise_pred_dist_mean":9'),
      good.replace('"version":2', '"version":3'),
      good.replace('"version":2', '"version":1'),
      good.replace(/"checksum":"./, '"checksum":"x'),
    ];
    for (const text of damaged) {
      writeFileSync(path, text);
      for (const rejudge of [false, true]) {
        const error = await refusal(judging(path)([at(200)], rejudge));
        expect([text, error.code, error.path]).toEqual([text, 'E403', 'state.json']);
      }
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    expect(readdirSync(dir)).toEqual(['state.json']);
  });

  it.each([2000, 20_000])(
    '%i brackets deep is refused, wherever they are and whatever the checksum',
    async (depth) => {
      const path = join(folder({}), 'state.json');
      await judging(path)([at(100)]);
      const good = readFileSync(path, 'utf8');
      const deep = '['.repeat(depth) + ']'.repeat(depth);
      const sum = (body: string) => createHash('sha256').update(body).digest('hex');
      const within = good.slice(good.indexOf('\n') + 1, -2).replace('"runs":[', `"more":${deep},"runs":[`);
      const head = (checksum: string) =>
        `{"type":"embedding-collapse state","version":1,"checksum":"${checksum}","state":`;
      const texts = [
        deep,
        `${head('x')}${deep}}`,
        `${head(sum(deep))}${deep}}`,
        `${head(sum(within))}${within}}`,
        good.replace(',"state"', `,"note\\"":${deep},"state"`),
        `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      ];
      for (const text of texts) {
        writeFileSync(path, text);
        expect((await refusal(judging(path)([at(200)]))).code).toBe('E403');
        expect(readFileSync(path, 'utf8')).toBe(text);
      }
    },
  );

  it.each([
    [
      '"kl_reg":1',
      '"kl_reg":"1"',
      'runs.0.records.0.metrics.kl_reg: Invalid input: expected number, received string',
    ],
    [
      '"seed":0',
      '"seed":0.5',
      'runs.0.records.0.fingerprint.seed: Invalid input: expected int, received number',
    ],
    ['"rows":256', '"rows":0', 'runs.0.records.0.rows: a step that was measured has rows'],
    [
      '"notes":[]',
      '"notes":[[]]',
      'runs.0.records.0.notes.0: Invalid input: expected string, received array',
    ],
  ])('with %s written as %s, and its checksum, is told by that field', async (field, other, message) => {
    const path = join(folder({}), 'state.json');
    await judging(path)([at(100)]);
    const [head = '', body = ''] = readFileSync(path, 'utf8').split('\n');
    const forged = body.slice(0, -1).replace(field, other);
    const checksum = createHash('sha256').update(forged).digest('hex');
    writeFileSync(path, `${head.replace(/[0-9a-f]{64}/, checksum)}\n${forged}}\n`);
    expect((await refusal(judging(path)([at(200)]))).message).toBe(`not a whole state file: ${message}`);
  });

  it.each(['null', '[]', '0', '"x"', '{"runs":null}', '{"runs":{}}'])(
    'with %s in place of all that it holds, and the checksum of that, is told',
    async (forged) => {
      const path = join(folder({}), 'state.json');
      await judging(path)([at(100)]);
      const [head = ''] = readFileSync(path, 'utf8').split('\n');
      const checksum = createHash('sha256').update(forged).digest('hex');
      writeFileSync(path, `${head.replace(/[0-9a-f]{64}/, checksum)}\n${forged}}\n`);
      expect((await refusal(judging(path)([at(200)]))).message).toBe(
        'not a whole state file: it has no runs',
      );
    },
  );

  it.skipIf(process.platform === 'win32')('is what is no file', async () => {
    expect((await refusal(judging('/dev/zero')([at(100)]))).code).toBe('E403');
  });

  it('can be told by any flipped bit', async () => {
    const path = join(folder({}), 'state.json');
    await judging(path)([at(100)]);
    await judging(path)([at(200)]);
    const good = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(6), async (byte, bit) => {
        const bytes = Buffer.from(good);
        bytes[byte] = bytes[byte]! ^ (1 << bit);
        writeFileSync(path, bytes);
        // Space between tokens may turn into other space.
        const same = await judging(path)([at(200)]).then(
          ({ runs }) => runs[0]?.steps.length === 2,
          (error: CollapseError) => error.code === 'E403',
        );
        expect(same).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('a link to a state that is still to come makes it where the link leads', async () => {
    const dir = folder({ 'real/x': '' });
    symlinkSync('real/state.json', join(dir, 'link.json'));
    await judging(join(dir, 'link.json'))([at(100)]);
    expect(readdirSync(join(dir, 'real')).sort()).toEqual(['state.json', 'x']);
    expect(lstatSync(join(dir, 'link.json')).isSymbolicLink()).toBe(true);
  });

  it('a link to a state is followed and stays', async () => {
    const dir = folder({ 'real/x': '' });
    symlinkSync(join(dir, 'real/state.json'), join(dir, 'link.json'));
    await judging(join(dir, 'real/state.json'))([at(100)]);
    await judging(join(dir, 'link.json'))([at(200)]);
    expect((await judging(join(dir, 'real/state.json'))([at(300)])).runs[0]?.steps).toHaveLength(3);
    expect(readdirSync(dir).sort()).toEqual(['link.json', 'real']);
  });
});
