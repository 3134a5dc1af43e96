import type { Diff, MetricChange } from '#report/types.js';
import { formatNumber } from '../view/format-number.js';
import { placeText } from '../view/reference-notes.js';
import { counted, stepName } from '../view/step-text.js';

/** What the outputs of a diff ask of it. */
export const CHANGES = [
  'worse',
  'differs',
  'better',
  'same',
] as const satisfies readonly MetricChange['change'][];

/** Counts what became of the metrics: '2 metrics worse, 1 better, 20 the same'. */
export function countsText({ metrics }: Pick<Diff, 'metrics'>): string {
  const words = { worse: 'worse', differs: 'other', better: 'better', same: 'the same' };
  const parts = CHANGES.flatMap((change) => {
    const n = metrics.filter((metric) => metric.change === change).length;
    return n === 0 ? [] : [{ n, word: words[change] }];
  });
  return parts.map(({ n, word }, i) => `${i === 0 ? counted(n, 'metric') : n} ${word}`).join(', ');
}

/** Says what was compared: '8 steps compared, 100 to 800; values at step 800'. */
export function stepsText({ steps }: Pick<Diff, 'steps'>): string {
  const [first, last] = [steps[0] ?? null, steps.at(-1) ?? null];
  const span = steps.length > 1 ? `, ${first} to ${last}` : '';
  return `${counted(steps.length, 'step')} compared${span}; values at the last one that both have, ${stepName(last)}`;
}

/** Says what the presets make of a side, and the normal beside it: 'alert, dimensional collapse, outside since step 200'. */
export function sideText({ status, diagnosis, runs, reference }: Diff['a']): string {
  if (status === undefined) return `the median of ${counted(runs, 'run')}`;
  const place = reference === undefined ? null : placeText(reference);
  return [status, diagnosis, place].filter((text) => text != null).join(', ');
}

/** Says what noise it is where one run cannot tell how far seeds are apart. */
export function noiseText({ a }: Pick<Diff, 'a'>): string[] {
  if (a.runs > 1) return [];
  return [
    'Noise is what each run does from step to step. Seeds of one recipe may be further apart: `collapse calibrate` on several of them makes an A that knows.',
  ];
}

/** The cells of a metric: value, value, ratio, what became of it, by how much, and where it was worst. */
export function cellsOf({ a, b, ratio, change, deviation, worstStep }: MetricChange): string[] {
  return [
    formatNumber(a),
    formatNumber(b),
    ratio === null ? '' : formatNumber(ratio),
    change,
    `${deviation > 0 ? '+' : ''}${formatNumber(Number(deviation.toPrecision(2)))}`,
    String(worstStep),
  ];
}

export const HEADS = ['A', 'B', 'B / A', 'change', 'noises', 'worst at'] as const;

/** Names the metrics that could not be compared, by reason. */
export function notComparedText({ notCompared }: Pick<Diff, 'notCompared'>): string[] {
  const byReason = new Map<string, string[]>();
  for (const { metric, reason } of notCompared) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), metric]);
  }
  return [...byReason].map(([reason, metrics]) => `Not compared: ${metrics.join(', ')}: ${reason}.`);
}
