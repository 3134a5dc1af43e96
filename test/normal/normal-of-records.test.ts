import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputError } from '#errors.js';
import { checkPromise, normalOf } from '#judge/normal-of-records.js';
import { identityApart } from '#normal/identity.js';
import { parseNormal, printNormal } from '#report/normal.js';
import type { StepRecord } from '#report/record.js';
import { normals } from '../support/normals.js';
import { thrownBy } from '../support/thrown.js';
import { recordsOf } from './records.js';

const normal = normals(3);
const curve = () => Array.from({ length: 4 }, () => 8 + normal());
const run = (name: string, own: Partial<StepRecord> = {}) =>
  recordsOf(name, { target_effective_rank: curve(), pred_r2: curve().map((x) => x / 20) }, own);
const RUNS = ['a', 'b', 'c'].map((name) => run(name));
const made = (records: readonly StepRecord[], alpha = 0.25) => normalOf(records, alpha, '1.0.0');

describe('a normal', () => {
  it('is the same text whatever the order of records', () => {
    const records = RUNS.flat();
    const text = printNormal(made(records));
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(printNormal(made(shuffled))).toBe(text);
      }),
    );
  });

  it('is read back as it was written, and refused once a value was changed', async () => {
    const text = printNormal(made(RUNS.flat()));
    expect(printNormal(await parseNormal(text))).toBe(text);
    const changed = text.replace(/"pred_r2": \[[0-9.]+/, '"pred_r2": [0.5');
    await expect(parseNormal(changed, 'n.json')).rejects.toMatchObject({ code: 'E235', path: 'n.json' });
    await expect(parseNormal('{}')).rejects.toMatchObject({ code: 'E235' });
    await expect(parseNormal('')).rejects.toMatchObject({ code: 'E235', message: /it is empty/ });
  });

  it('is refused where it cannot keep what it promises', () => {
    const normal = made(RUNS.flat());
    const [first] = normal.runs;
    const { identity } = normal;
    expect(() => checkPromise(normal, 'n.json')).not.toThrow();
    for (const [changed, why] of [
      [{ alpha: 0.01 }, /3 runs cannot promise an alpha of 0.01/],
      [{ runs: [...normal.runs, { ...first!, run: 'again' }] }, /a run twice/],
      [{ identity: { ...identity, rows: { least: 9, most: 2 } } }, /9 to 2 rows/],
    ] as const) {
      expect(() => checkPromise({ ...normal, ...changed }, 'n.json')).toThrow(
        expect.objectContaining({ code: 'E235', path: 'n.json', message: expect.stringMatching(why) }),
      );
    }
  });

  it('has settings of any name, and none that every object has', () => {
    const { identity } = made(RUNS.flat());
    const other = { ...identity, settings: { ...identity.settings, constructor: 'y' } };
    expect(identityApart(other, identity)).toBe('constructor y and none');
  });

  it('keeps one line a metric of a run, and no date', () => {
    const lines = printNormal(made(RUNS.flat())).split('\n');
    expect(lines.filter((line) => line.includes('"pred_r2": ['))).toHaveLength(3);
    expect(lines.join()).not.toMatch(/20\d\d-|date|time/);
  });

  it('leaves out step 0, steps of one row, and metrics that a run lacks', () => {
    const bare = recordsOf('d', { target_effective_rank: curve() });
    const one = { target_effective_rank: [1], pred_r2: [0] };
    const zero = recordsOf('a', one, { steps: [0] });
    const single = recordsOf('a', one, { steps: [700], rows: 1 });
    const { metrics, runs } = made([...RUNS.flat(), ...bare, ...zero, ...single]);
    expect(metrics).toEqual(['target_effective_rank']);
    expect(runs.map(({ steps }) => steps)).toEqual(Array(4).fill([100, 200, 300, 400]));
  });

  it('keeps NaN and null as no value', () => {
    const values = [8, Number.NaN, null, 7, 6];
    const holes = recordsOf('d', { target_effective_rank: values, pred_r2: values });
    expect(made([...RUNS.flat(), ...holes]).runs[3]!.metrics.pred_r2).toEqual([8, null, null, 7, 6]);
  });
});

describe('what cannot be calibrated on', () => {
  const refusal = (records: readonly StepRecord[], alpha = 0.25) =>
    thrownBy(() => made(records, alpha)) as InputError;

  it('is one run, or fewer than the level takes', () => {
    expect(refusal(RUNS[0]!)).toMatchObject({ code: 'E106', hint: expect.stringContaining('collapse diff') });
    expect(refusal(RUNS.flat(), 0.05)).toMatchObject({
      code: 'E106',
      message: '3 runs can promise --alpha 0.25 at best; 0.05 takes 19 runs',
    });
  });

  it('is runs of different widths, batches, settings or definitions, both named', () => {
    const others: readonly [Partial<StepRecord>, string][] = [
      [{ dims: 32 }, 'dims 16 and 32'],
      [{ rows: 256 }, 'rows 64 and 256'],
      [{ klRegSource: 'computed' }, 'kl_reg supplied and computed'],
      [{ fingerprint: { ...RUNS[0]![0]!.fingerprint, sampleAxis: 1 } }, 'sampleAxis none and 1'],
    ];
    for (const [own, text] of others) {
      const supplied = RUNS.flat().map((record) => ({ ...record, klRegSource: 'supplied' as const }));
      const other = run('d', { klRegSource: 'supplied', ...own });
      expect(refusal([...supplied, ...other]), text).toMatchObject({
        code: 'E236',
        message: expect.stringContaining(text),
      });
    }
  });

  it('is a copy of a run, a run of one step, and runs without a metric in common', () => {
    const copy = RUNS[0]!.map((record) => ({ ...record, run: 'copy' }));
    expect(refusal([...RUNS.flat(), ...copy])).toMatchObject({ code: 'E232' });
    const short = recordsOf('d', { target_effective_rank: [8] });
    expect(refusal([...RUNS.flat(), ...short])).toMatchObject({ code: 'E302', path: 'd' });
    const other = recordsOf('d', { pred_l2_mean: curve() });
    expect(refusal([...RUNS.flat(), ...other])).toMatchObject({ code: 'E305' });
  });
});
