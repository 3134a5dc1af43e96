import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRIC_IDS, type MetricId, POSITION_METRIC_IDS } from '#metrics/ids.js';
import { activeRules, PRESET_IDS } from '#rules/presets/presets.js';
import { RFC_0005_THRESHOLDS } from '#rules/presets/rfc-0005.js';
import { judgeSequence } from '../../bench/sequences/judge-sequence.js';
import { SEQUENCES, type Sequence, SHAPES, STEPS } from '../../bench/sequences/make-batch.js';
import { MEASURED, measureSequence } from '../../bench/sequences/measure-sequence.js';
import { printSequences, type SequenceFile } from '../../bench/sequences/sequence-file.js';
import { expectClose } from '../tolerances.js';

/** Measured by `npm run bench:sequences -- --write`: to measure them anew takes half an hour, to judge them no time. */
const textOf = (rows: number, cols: number): string =>
  readFileSync(new URL(`../../fixtures/sequences/${rows}x${cols}.json`, import.meta.url), 'utf8');

const TABLE = readFileSync(new URL('../../bench/sequences/RESULTS.md', import.meta.url), 'utf8');

const NAMES: Readonly<Record<Sequence, string>> = {
  healthy: 'healthy',
  shrinking: 'complete collapse',
  'losing rank': 'dimensional collapse',
  'going to the mean': 'complete collapse',
};

describe.each(SHAPES)('batches of %i×%i', (rows, cols) => {
  const text = textOf(rows, cols);
  const { metrics, runs }: SequenceFile = JSON.parse(text);
  const of = (sequence: Sequence) => runs.filter((run) => run.sequence === sequence);

  it('are there: 20 healthy seeds, and 3 of each kind that collapses', () => {
    for (const sequence of SEQUENCES) {
      const seeds = of(sequence).map(({ seed }) => seed);
      expect(seeds).toEqual(Array.from({ length: sequence === 'healthy' ? 20 : 3 }, (_, i) => i + 1));
    }
    for (const { steps } of runs) expect(steps).toHaveLength(STEPS);
    expect(text).toBe(printSequences(metrics, runs));
  });

  it('have every metric that a preset rules on', () => {
    const presets = PRESET_IDS.map((id) => ({ id, level: 'error' as const }));
    const rules = activeRules(presets, [], RFC_0005_THRESHOLDS);
    const ruled = METRIC_IDS.filter((id) =>
      rules.some(({ metric, of, where = [] }) =>
        [metric, of, ...where.flatMap((also) => [also.metric, also.of])].includes(id),
      ),
    );
    expect(metrics).toEqual(MEASURED);
    const ofTwoAxes = ruled.filter((id) => !(POSITION_METRIC_IDS as readonly MetricId[]).includes(id));
    expect([...metrics, 'kl_reg']).toEqual(expect.arrayContaining(ofTwoAxes));
  });

  it.each(SEQUENCES)('%s: any of them, measured again, has the numbers that are stored', (sequence) => {
    const own = of(sequence);
    const picks = [own[0]!, own[Math.floor(Math.random() * own.length)]!];
    for (const { seed, steps } of picks.slice(rows > 1000 ? 1 : 0)) {
      const step = Math.floor(Math.random() * STEPS);
      const measured = measureSequence(sequence, rows, cols, seed, step);
      for (const [i, id] of metrics.entries()) {
        const stored = steps[step]![i]!;
        const what = `seed ${seed}, step ${step}, ${id}`;
        if (stored === null) expect(measured[i], what).toBeNull();
        else expectClose(measured[i], stored, 'stored_with_six_digits', what);
      }
    }
  });

  it('healthy: raise nothing under either preset, and are named healthy at every step', () => {
    for (const { seed, steps } of of('healthy')) {
      const { rfc0005, jepa, skipped, labels } = judgeSequence(metrics, steps);
      expect([seed, ...rfc0005, ...jepa]).toEqual([seed]);
      // The first step has none before it.
      expect(skipped.filter((text) => !/^1 .*at the previous judged step$/.test(text))).toEqual([]);
      expect(new Set(labels)).toEqual(new Set(['healthy']));
    }
  });

  it('healthy: have an effective rank within 1.5 % of the yardstick, in the mean', () => {
    for (const id of ['pred_effective_rank_ratio', 'target_effective_rank_ratio'] as const) {
      const ratios = of('healthy').flatMap(({ steps }) =>
        steps.map((values) => values[metrics.indexOf(id)]!),
      );
      expectClose(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, 1, 'simulation', id);
    }
  });

  it.each(SEQUENCES.filter((sequence) => sequence !== 'healthy'))(
    '%s: is seen, and named at the last step',
    (sequence) => {
      for (const { steps } of of(sequence)) {
        const { jepa, labels } = judgeSequence(metrics, steps);
        expect(jepa.length).toBeGreaterThan(0);
        expect(labels[0]).toBe('healthy');
        expect(labels.at(-1)).toBe(NAMES[sequence]);
      }
    },
  );

  it.each(SEQUENCES.filter((sequence) => sequence !== 'healthy'))(
    '%s: is seen at the step that bench/sequences/RESULTS.md tells',
    (sequence) => {
      const firsts = of(sequence).map(({ steps }) =>
        Number(judgeSequence(metrics, steps).jepa[0]!.split(' ')[0]),
      );
      const row = TABLE.split('\n').find((line) => line.startsWith(`| ${rows}×${cols} | ${sequence} |`));
      const told = row!.split(' | ').at(-2)!.split(' to ').map(Number);
      // The table is of more seeds than are stored.
      const [earliest, latest] = [Math.min(...firsts), Math.max(...firsts)];
      expect(earliest).toBeGreaterThanOrEqual(told[0]!);
      expect(latest).toBeLessThanOrEqual(told.at(-1)!);
      expect(told).toEqual(expect.arrayContaining(earliest === latest ? [earliest] : [earliest, latest]));
    },
  );
});
