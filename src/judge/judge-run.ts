import { klRegNull, rowsForKlRegNull } from '#numerics/gaussian/kl-null.js';
import type { JudgePlan } from '#plan.js';
import type { RunVerdict } from '#report/build.js';
import type { StepRecord } from '#report/record.js';
import type { ReportHeld, ReportStep } from '#report/types.js';
import { alertMessage } from '#rules/diagnosis/alert-message.js';
import { Diagnoser } from '#rules/diagnosis/diagnose.js';
import type { Rule, RuleFinding } from '#rules/language/rule.js';
import { RuleSeries } from '#rules/series/series.js';
import { EstimateDoubts } from './estimate-doubts.js';
import { HorizonDiagnosers, horizonValues } from './judge-horizons.js';

/** Judges one run's records, sorted by step, each in the light of those before it. */
export function judgeRun(
  run: string,
  records: readonly StepRecord[],
  rules: readonly Rule[],
  options: JudgePlan,
): RunVerdict {
  const series = new RuleSeries(rules, {
    initialPairwisePredDistMean: options.initialPairwisePredDistMean,
  });
  const diagnoser = new Diagnoser();
  const horizons = new HorizonDiagnosers();
  const doubts = new EstimateDoubts(options.initialPairwisePredDistMean !== null);
  const steps: ReportStep[] = [];
  let latest: ReportStep | null = null;
  let unavailable = false;
  for (const record of records) {
    const notJudged = reasonNotJudged(record, records.length, options);
    if (notJudged !== null) {
      steps.push(toReportStep(record, { judged: false, notJudged, alerts: [], held: [], skipped: [] }));
      continue;
    }
    const skips = policySkips(record, rules, options);
    const judgement = series.judge({
      step: record.step,
      values: record.metrics,
      unavailable: record.unavailable,
      horizons: horizonValues(record),
      skips,
    });
    const { alerts, held } = judgement;
    const skipped = judgement.skipped.filter(({ rule }) => !rule.quiet);
    unavailable ||= skipped.some(
      ({ rule }) => isUnavailable(record, rule) || isAskedInVain(record, rule, skips),
    );
    const { step, metrics: values } = record;
    const { label } = diagnoser.judge({ step, values, unavailable: record.unavailable });
    const notes = [...record.notes, ...doubts.notes(record, judgement)];
    latest = toReportStep(
      { ...record, notes },
      {
        judged: true,
        diagnosis: label,
        ...horizons.diagnose(record),
        alerts: alerts.map((alert) => ({ ...toFinding(alert), message: alertMessage(alert) })),
        held: held.map(toFinding),
        skipped: skipped.map(({ rule, reason }) => ({ criterion: rule.id, reason })),
      },
    );
    steps.push(latest);
  }
  const baseline = latest === null ? null : series.baselineOf('pairwise_pred_dist_mean');
  return {
    run,
    diagnosis: diagnoser.run,
    baseline:
      baseline === null
        ? null
        : {
            step: baseline.step,
            pairwise_pred_dist_mean: baseline.value,
            source: baseline.source === 'supplied' ? 'flag' : 'first step',
          },
    steps,
    latest,
    unavailable,
  };
}

/** Whether a rule lacks the value it rules on, at the step or at a horizon that it is at. */
function isUnavailable({ metrics, horizons }: StepRecord, { metric, at }: Rule): boolean {
  if (at === undefined) return metrics[metric] == null;
  const values = horizons?.metrics[metric] ?? [null];
  const ruled = at === 'any horizon' ? values : [values[horizons?.numbers.indexOf(at) ?? 0]];
  return ruled.some((value) => value == null);
}

/** `--kl-reg computed` asks for a verdict that this batch is too small for. */
function isAskedInVain(
  { fingerprint }: StepRecord,
  { id }: Rule,
  skips: Readonly<Record<string, string>>,
): boolean {
  return fingerprint.klReg === 'computed' && Object.hasOwn(skips, id);
}

/** Why a step is shown and not judged; null if it is. */
function reasonNotJudged(record: StepRecord, stepsInRun: number, options: JudgePlan): string | null {
  if (record.rows < 2) return 'one row: a verdict needs two';
  const { step } = record;
  if (step === null) return null;
  const after = options.after ?? (stepsInRun === 1 ? -1 : 0);
  if (step <= after) return `only steps after ${after} are judged`;
  // Step 0 is on every schedule, where it is judged at all.
  if (step % options.logEverySteps !== 0) return `only multiples of ${options.logEverySteps} are judged`;
  return null;
}

/** A computed kl_reg says more of the batch's size than of its health: it is judged only where that was asked for. */
function policySkips(
  record: StepRecord,
  rules: readonly Rule[],
  options: JudgePlan,
): Readonly<Record<string, string>> {
  const judgesKl = rules.some((rule) => rule.id === 'kl_reg');
  if (!judgesKl || record.klRegSource !== 'computed' || record.metrics.kl_reg == null) return {};
  if (record.fingerprint.klReg !== 'computed') {
    return { kl_reg: 'computed from the batch, not supplied; `--kl-reg computed` judges it' };
  }
  const { rows, dims } = record;
  const healthy = klRegNull(rows, dims);
  if (healthy !== null && healthy < options.klRegMax) return {};
  const needed = rowsForKlRegNull(dims, options.klRegMax);
  const shows = healthy === null ? 'is singular' : `of N(0, I) shows ${healthy.toPrecision(3)}`;
  return {
    kl_reg: `a healthy batch of ${rows}×${dims} ${shows}; a bound of ${options.klRegMax} needs ${needed ?? 'more than 2^40'} rows`,
  };
}

function toFinding({ rule, value, threshold, horizon }: RuleFinding): ReportHeld {
  return {
    criterion: rule.id,
    metric: rule.metric,
    operator: rule.operator,
    value,
    threshold,
    level: rule.level,
    ...(horizon === undefined ? {} : { horizon }),
  };
}

type Judgement = Pick<
  ReportStep,
  'judged' | 'notJudged' | 'diagnosis' | 'horizonDiagnoses' | 'alerts' | 'held' | 'skipped'
>;

function toReportStep(record: StepRecord, judgement: Judgement): ReportStep {
  const { type: _, schemaVersion: __, run: ___, fingerprint: ____, ...measured } = record;
  return { ...measured, ...judgement };
}
