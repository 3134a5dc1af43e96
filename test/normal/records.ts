import type { MetricId } from '#metrics/ids.js';
import type { Normal } from '#report/normal.js';
import type { StepRecord } from '#report/record.js';

export type Curves = Readonly<Partial<Record<MetricId, readonly (number | null)[]>>>;

/** The records of a run that was saved every 100 steps, or at `steps`. */
export function recordsOf(
  run: string,
  curves: Curves,
  { steps, ...own }: { readonly steps?: readonly number[] } & Partial<StepRecord> = {},
): StepRecord[] {
  const length = Math.max(...Object.values(curves).map((values) => values.length));
  return Array.from({ length }, (_, i) => ({
    type: 'step',
    schemaVersion: 1,
    run,
    step: steps?.[i] ?? 100 * (i + 1),
    rows: 64,
    dims: 16,
    inputs: {},
    metrics: Object.fromEntries(Object.entries(curves).map(([id, values]) => [id, values[i] ?? null])),
    klRegSource: null,
    unavailable: {},
    estimates: {},
    notes: [],
    fingerprint: {
      metrics: Object.keys(curves) as MetricId[],
      klReg: 'auto',
      klFrom: 'target',
      pairwise: 'auto',
      seed: 0,
    },
    ...own,
  }));
}

/** The lines of a file of records, with the summary that `measure` writes. */
export function ndjsonOf(records: readonly StepRecord[]): string {
  const runs = new Set(records.map(({ run }) => run)).size;
  const lines = [...records, { type: 'summary', runs, steps: records.length, errors: 0 }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What judging needs of a normal: one run an entry, each metric a value a step. */
export function runsOf(
  curves: readonly Curves[],
  alpha: number | null,
): Pick<Normal, 'runs' | 'metrics'> & { readonly alpha: number | null } {
  return {
    alpha,
    metrics: Object.keys(curves[0] ?? {}) as MetricId[],
    runs: curves.map((metrics, i) => ({
      run: String(i),
      hash: '',
      steps: (Object.values(metrics)[0] ?? []).map((_, k) => 100 * (k + 1)),
      errors: {},
      metrics: Object.fromEntries(Object.entries(metrics).map(([id, values]) => [id, [...values]])),
    })),
  };
}
