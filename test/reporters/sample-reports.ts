import { catalogueFor } from '#commands/output/metric-catalogue.js';
import { gate } from '#judge/gate.js';
import { METRIC_IDS } from '#metrics/ids.js';
import type { FlagValues } from '#options/flags.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import type { MeasureRecord, StepRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import type { ReportDocument } from '#reporters/view/define-reporter.js';

const catalogue = await catalogueFor(METRIC_IDS);

type Metrics = Partial<StepRecord['metrics']>;

/** A healthy step, with what a sample says of it. */
export function stepRecord(
  step: number | null,
  parts: Partial<StepRecord> = {},
  metrics: Metrics = {},
): StepRecord {
  const run = parts.run ?? 'runs/exp1';
  const folder = step === null ? run : `${run}/step_${String(step).padStart(6, '0')}`;
  return {
    type: 'step',
    schemaVersion: 1,
    run,
    step,
    rows: 256,
    dims: 1024,
    inputs: {
      prediction: { path: `${folder}/prediction.npy`, dtype: 'float32', shape: [256, 1024] },
      target: { path: `${folder}/target.npy`, dtype: 'float32', shape: [256, 1024] },
    },
    metrics: {
      pred_cos_mean: 0.91,
      pred_l2_mean: 0.4203,
      target_var_per_dim: 0.4,
      pred_var_per_dim: 0.3812,
      pred_target_corr: 0.8875,
      pairwise_pred_dist_mean: 12.34,
      kl_reg: 3.25,
      ...metrics,
    },
    klRegSource: 'supplied',
    unavailable: {},
    estimates: {},
    notes: [],
    fingerprint: { metrics: [], klReg: 'auto', klFrom: 'target', pairwise: 'exact', seed: 0 },
    ...parts,
  };
}

/** What most samples are judged by: few rules, without patience. */
const REFERENCE: FlagValues = { preset: ['rfc-0005'] };

export function documentOf(records: readonly MeasureRecord[], flags: FlagValues = REFERENCE): ReportDocument {
  return { report: gate(records, judgePlanOf(flags), '1.2.3'), records, catalogue };
}

/** The last digits of powers and sines differ between versions of the engine; those of a sample must not. */
function settled(x: number): number {
  return Number(x.toPrecision(12));
}

/** Steps 0, 500, …; the prediction's variance falls to `last` of the first. */
function decaying(count: number, last: number, parts: Partial<StepRecord> = {}, every = 500): StepRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 1 : settled(last ** (i / (count - 1)));
    const wave = settled(1 + 0.04 * Math.sin(i));
    return stepRecord(i * every, parts, {
      pred_cos_mean: 0.62 + 0.3 * (1 - 1 / (i + 1)),
      pred_l2_mean: 0.9 / (i + 1) + 0.2,
      pred_var_per_dim: 0.39 * share * wave,
      pairwise_pred_dist_mean: 12.8 * Math.sqrt(share) * wave,
      kl_reg: settled(3 + 0.2 * Math.cos(i)),
    });
  });
}

/** Steps 100, 200, …: targets keep these shares of their variance, and turn into one direction meanwhile. */
function shrinking(shares: readonly number[], parts: Partial<StepRecord> = {}): StepRecord[] {
  return shares.map((share, i) =>
    stepRecord((i + 1) * 100, parts, {
      target_var_per_dim: 0.4 * share,
      pred_var_per_dim: 0.38 * share,
      pairwise_pred_dist_mean: settled(12.34 * Math.sqrt(share)),
      pred_target_var_ratio: 0.95,
      pred_r2: 0.8,
      pred_cos_centered_mean: 0.9,
      target_effective_rank: 40,
      pred_effective_rank_ratio: 0.9,
      target_effective_rank_ratio: 0.9,
      target_std_l2_normalized: settled(0.031 * share),
      target_mean_pairwise_cos: 0.2,
    }),
  );
}

const computedKl = { klRegSource: 'computed' } as const;

const missing: MeasureRecord[] = [
  {
    type: 'error',
    code: 'E203',
    run: 'runs/exp1',
    step: 1500,
    path: 'runs/exp1/step_001500/prediction.npy',
    message: 'the payload has 4080 bytes, the header says 4096',
    hint: 'write the file again; the copy is cut or padded',
  },
];

const many = Array.from({ length: 34 }, (_, i) => `pred_extra_metric_number_${i + 1}`);

/** More metrics than a table should show, as a later version may have. */
function withMany(record: StepRecord): StepRecord {
  const extra = Object.fromEntries(many.map((id, i) => [id, (i + 1) * 1.5]));
  return { ...record, metrics: { ...record.metrics, ...extra } };
}

/** The same with spectra: each share half of the one before. */
export function withSpectra(record: StepRecord, ranks: number): StepRecord {
  const shares = Array.from({ length: ranks }, (_, i) =>
    Number((0.5 ** (i + 1) / (1 - 0.5 ** ranks)).toPrecision(6)),
  );
  return {
    ...record,
    spectra: {
      ranks: shares.map((_, i) => i + 1),
      prediction: shares,
      target: shares,
      isotropic: shares.map(() => 1 / ranks),
    },
  };
}

/** The same with rows in a plane: a spiral, which turns with the step, and its prediction nearer to the middle. */
export function withProjection(record: StepRecord, rows: number, labels?: readonly string[]): StepRecord {
  const turn = (record.step ?? 0) / 700;
  const text = (size: number) => {
    const points = new Int16Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      const share = (i + 1) / rows;
      points[2 * i] = Math.round(32767 * size * share * Math.cos(9 * share + turn));
      points[2 * i + 1] = Math.round(32767 * size * share * Math.sin(9 * share + turn));
    }
    return Buffer.from(points.buffer).toString('base64');
  };
  const projection = { rows, share: [0.5, 0.25] as const, scale: 2, target: text(1), prediction: text(0.8) };
  return { ...record, projection: labels === undefined ? projection : { ...projection, labels } };
}

export const HOSTILE =
  'runs/\u001b[31mred\u001b[0m\n::error::x\u202egnp.txt\u202c <script>alert(1)</script> |a|`b` 日本語 👩‍🚀 שלום & "q" \'q\'';

export const SAMPLES = {
  healthy: documentOf(decaying(11, 0.9)),
  alerting: documentOf(decaying(11, 0.02)),
  warning: warned(documentOf(decaying(11, 0.02))),
  recovered: documentOf([
    stepRecord(100, {}, { pred_var_per_dim: 0.01 }),
    stepRecord(200),
    stepRecord(300),
    stepRecord(400, {}, { kl_reg: null, pred_cos_mean: null }),
  ]),
  erroneous: documentOf([...decaying(8, 0.3).filter(({ step }) => step !== 1500), ...missing]),
  'no-data': documentOf([
    {
      type: 'error',
      code: 'E301',
      message: 'no steps found',
      path: 'runs/empty',
      run: 'runs/empty',
      hint: 'names need a role and a step',
    },
  ]),
  'nothing-given': documentOf([]),
  'several-runs': documentOf([
    ...decaying(11, 0.9, { run: 'runs/a' }),
    ...decaying(11, 0.02, { run: 'runs/b' }),
    ...decaying(6, 0.5, { run: 'runs/c', ...computedKl }),
  ]),
  'unnumbered-step': documentOf([
    stepRecord(
      null,
      {
        run: '.',
        inputs: {
          prediction: { path: 'pred.npy', dtype: 'float32', shape: [256, 1024] },
          target: { path: 'tgt.npy', dtype: 'float32', shape: [256, 1024] },
        },
        ...computedKl,
      },
      { kl_reg: 51.93 },
    ),
  ]),
  'one-row': documentOf([
    stepRecord(500, { rows: 1 }, { pred_var_per_dim: 0, target_var_per_dim: 0, pairwise_pred_dist_mean: 0 }),
  ]),
  sampled: documentOf([
    stepRecord(500, {
      rows: 200_000,
      dims: 768,
      notes: ['prediction was flattened from [200, 1000, 768] to [200000, 768]'],
      estimates: {
        pairwise_pred_dist_mean: { method: 'sampled', pairs: 1_000_000, standardError: 0.002134 },
      },
    }),
  ]),
  'embeddings-alone': documentOf([
    stepRecord(
      500,
      {
        unavailable: {
          pred_cos_mean: 'needs a target',
          pred_l2_mean: 'needs a target',
          pred_target_corr: 'needs a target',
          target_var_per_dim: 'needs a target',
        },
      },
      { pred_cos_mean: null, pred_l2_mean: null, pred_target_corr: null, target_var_per_dim: null },
    ),
  ]),
  'many-metrics': documentOf(decaying(6, 0.9).map(withMany)),
  'thousand-steps': documentOf(decaying(1000, 0.02, {}, 100)),
  hostile: documentOf([
    ...decaying(4, 0.02, { run: HOSTILE }),
    {
      type: 'error',
      code: 'E204',
      run: HOSTILE,
      step: 7,
      path: `${HOSTILE}/x.npy`,
      message: `cannot read ${HOSTILE}`,
      hint: HOSTILE,
    },
  ]),
  collapsed: documentOf(shrinking([0.9, 1, 1, 0.6, 0.2, 0.05, 0.01, 0.01]), {}),
  'collapsed-and-recovered': documentOf(shrinking([1, 1, 0.05, 0.02, 0.05, 0.9, 1]), {}),
  early: documentOf(shrinking([1, 1]), {}),
  'several-kinds': documentOf(
    [
      ...shrinking([1, 1, 1, 0.05, 0.05], { run: 'runs/dead' }),
      ...shrinking([0.9, 1, 1, 1], { run: 'runs/well' }),
      ...shrinking([1, 0.2, 1, 1], { run: 'runs/spike' }),
      ...shrinking([1, 1], { run: 'runs/young' }),
      ...[500, 600, 700].map(
        (step): MeasureRecord => ({
          type: 'error',
          code: 'E206',
          run: 'runs/well',
          step,
          path: `runs/well/step_000${step}/prediction.npy`,
          message: 'the element type is complex64',
          hint: 'save real numbers',
        }),
      ),
    ],
    {},
  ),
} satisfies Record<string, ReportDocument>;

export type SampleName = keyof typeof SAMPLES;

/** The same alerts at level warn, as a rule of that level makes them. */
function warned(document: ReportDocument): ReportDocument {
  const report: Report = {
    ...document.report,
    status: 'warning',
    exitCode: 0,
    exitReason: '10 steps judged, no alert',
    rules: document.report.rules.map((rule) => ({ ...rule, level: 'warn' })),
    runs: document.report.runs.map((run) => ({
      ...run,
      status: 'warning',
      steps: run.steps.map((step) => ({
        ...step,
        alerts: step.alerts.map((alert) => ({ ...alert, level: 'warn' })),
      })),
    })),
    summary: { ...document.report.summary, warnings: document.report.summary.alerts, alerts: 0 },
  };
  return { ...document, report };
}
