import type { CollapseError } from '#errors.js';
import { klRegNull, rowsForKlRegNull } from '#numerics/gaussian/kl-null.js';
import type { JudgePlan } from '#plan.js';
import type { RunVerdict } from '#report/build.js';
import type { StepRecord } from '#report/record.js';
import type { ReportStep } from '#report/types.js';
import { alertMessage } from '#rules/diagnosis/alert-message.js';
import { Diagnoser, type Diagnosis } from '#rules/diagnosis/diagnose.js';
import type { Rule, RuleFinding, RuleSkip } from '#rules/language/rule.js';
import { jepaRules } from '#rules/presets/jepa.js';
import { isOfPositions, rulesOfHorizons } from '#rules/presets/rules-of-horizons.js';
import { type RunForm, rulesOfRun } from '#rules/presets/rules-of-run.js';
import type { StepJudgement } from '#rules/series/judgement.js';
import { RuleSeries } from '#rules/series/series.js';
import type { ReadyPlan } from './by-reference.js';
import { DecidedRules } from './decided-rules.js';
import { diagnosisOfRun, isCollapse } from './diagnosis-of-run.js';
import { EstimateDoubts } from './estimate-doubts.js';
import { HorizonJudge, horizonValues } from './judge-horizons.js';
import { JudgedSteps, toFinding } from './judged-steps.js';
import { asRule } from './outside-rule.js';
import type { ReferenceJudgement } from './reference-judge.js';
import { remarksOfRun } from './remarks.js';
import { withoutIgnored } from './rules-of-plan.js';
import { excuseWarmUps } from './warm-up.js';

export interface RunContext {
  /** Earlier invocations have judged this run, or later ones will: one step is a series that has begun. */
  readonly isSeries: boolean;
}

/** A verdict, and what kept a reference from one. */
export interface JudgedRun extends RunVerdict {
  readonly problem: CollapseError | null;
}

/** Judges one run's records, sorted by step, each in the light of those before it. */
export function judgeRun(
  run: string,
  records: readonly StepRecord[],
  rules: readonly Rule[],
  options: ReadyPlan,
  { isSeries }: RunContext = { isSeries: false },
): JudgedRun {
  const form = formOf(records, isSeries);
  const own = rulesOfShape(rulesOfRun(rules, form), records);
  const isSparse = records.some(({ measuredElsewhere }) => measuredElsewhere !== undefined);
  const series = new RuleSeries(own, {
    initialPairwisePredDistMean: options.initialPairwisePredDistMean,
    isSparse,
  });
  const naming = withoutIgnored(jepaRules(), options);
  const diagnoser = new Diagnoser(naming, form, isSparse);
  const ofEach = withoutIgnored(rulesOfHorizons(own), options);
  const horizons = new HorizonJudge(ofEach, () => new Diagnoser(naming, form));
  const doubts = records.some(hasEstimates)
    ? new EstimateDoubts(options.initialPairwisePredDistMean !== null)
    : null;
  const { outside } = options;
  const judge = options.judgeReference?.(options, records) ?? null;
  if (judge === null && options.reference !== null) throw new TypeError('the reference was not made ready');
  const decided = new DecidedRules([...own, ...outside.map((rule) => asRule(rule))], options, isSparse);
  const shown = new JudgedSteps();
  const steps: ReportStep[] = [];
  const diagnoses = new Map<ReportStep, Diagnosis>();
  let unavailable = false;
  for (const record of records) {
    const { step, metrics: values, unavailable: reasons } = record;
    const notJudged = reasonNotJudged(record, options);
    if (notJudged !== null) {
      if (step === 0) {
        series.noteUntrained({ values, horizons: horizonValues(record) });
        diagnoser.noteUntrained(values);
        horizons.noteUntrained(record);
      }
      steps.push(shown.of(record, { judged: false, notJudged, alerts: NONE, skipped: NONE }, values, []));
      continue;
    }
    const skips = policySkips(record, values, own, options);
    const compared = judge?.judge({ step, metrics: values });
    const ofRules = series.judge({
      step,
      values,
      unavailable: reasons,
      horizons: horizonValues(record),
      reference: compared?.reference,
      noReference: compared?.noReference,
      skips,
    });
    const judgement = joined(ofRules, compared);
    decided.add(judgement, values);
    const skipped = judgement.skipped.filter(({ rule }) => !rule.quiet);
    unavailable ||= skipped.some(
      ({ rule }) => isUnavailable(record, values, rule) || isAskedInVain(record, rule, skips),
    );
    const diagnosis = diagnoser.judge({ step, values, unavailable: reasons });
    const notes = doubts?.notes(record, judgement) ?? NONE;
    const { alerts: ofWhole, held } = withWarningsAtOnce(judgement);
    const ofHorizons = horizons.judge(record, judgement);
    const alerts = [...ofWhole, ...ofHorizons.alerts];
    const judged = shown.of(
      record,
      {
        judged: true,
        diagnosis: diagnosis.label,
        ...(notes.length === 0 ? {} : { notes: [...record.notes, ...notes] }),
        ...(ofHorizons.labels === null ? {} : { horizonDiagnoses: ofHorizons.labels }),
        alerts:
          alerts.length === 0
            ? NONE
            : alerts.map((alert) => ({ ...toFinding(alert), message: alertMessage(alert) })),
        ...waitingOf(judgement, held),
        ...compared?.report,
        skipped: sameSkips(steps.at(-1), skipped),
      },
      values,
      held,
    );
    diagnoses.set(judged, isCollapse(diagnosis) ? diagnosis : (ofHorizons.diagnosis ?? diagnosis));
    steps.push(judged);
  }
  excuseWarmUps(steps, records, [...own, ...ofEach]);
  const latest = steps.findLast(({ judged }) => judged) ?? null;
  const baseline = latest === null ? null : series.baselineOf('pairwise_pred_dist_mean');
  return {
    run,
    marks: marksOf(records[0]),
    diagnosis: diagnosisOfRun(steps, diagnoses, [...own, ...ofEach], options.judge),
    baseline:
      baseline === null
        ? null
        : {
            step: baseline.step,
            pairwise_pred_dist_mean: baseline.value,
            source: baseline.source === 'supplied' ? 'flag' : 'first step',
          },
    steps,
    remarks: remarksOfRun(records),
    latest,
    unavailable,
    ...judge?.report,
    problem: judge?.error(run, isSeries) ?? null,
    ...decided.verdict(),
  };
}

function marksOf({ branch, stepsFrom, measuredElsewhere }: Partial<StepRecord> = {}): RunVerdict['marks'] {
  return {
    ...(branch === undefined ? {} : { branch }),
    ...(stepsFrom === undefined ? {} : { stepsFrom }),
    ...(measuredElsewhere === undefined ? {} : { measuredElsewhere }),
  };
}

/** One for all steps of a long run. */
const NONE: readonly never[] = [];

/** Names what a step skips, by the list of the step before where that says the same. */
function sameSkips(before: ReportStep | undefined, skips: readonly RuleSkip[]): ReportStep['skipped'] {
  const isSame =
    before?.skipped.length === skips.length &&
    skips.every(
      ({ rule, reason }, i) =>
        rule.id === before.skipped[i]!.criterion && reason === before.skipped[i]!.reason,
    );
  return isSame ? before.skipped : skips.map(({ rule, reason }) => ({ criterion: rule.id, reason }));
}

/** Adds to what rules of one metric say what those of a reference do. */
function joined(judgement: StepJudgement, compared: ReferenceJudgement | undefined): StepJudgement {
  if (compared === undefined) return judgement;
  const both = (list: 'alerts' | 'held' | 'pending') => [...judgement[list], ...compared[list]];
  return {
    ...judgement,
    alerts: both('alerts'),
    held: both('held'),
    pending: both('pending'),
    skipped: [...judgement.skipped, ...compared.skipped],
  };
}

function hasEstimates({ estimates, horizons }: StepRecord): boolean {
  return Object.keys({ ...estimates, ...horizons?.estimates }).length > 0;
}

/** Leaves out the rules of presets about samples and positions, where no step has such a value: its arrays have two axes. */
function rulesOfShape(rules: readonly Rule[], records: readonly StepRecord[]): Rule[] {
  const isOfShape = ({ preset, metric }: Rule) => preset !== undefined && isOfPositions(metric);
  const missing = new Set(rules.filter(isOfShape).map(({ metric }) => metric));
  for (const { metrics } of records) for (const id of missing) if (metrics[id] != null) missing.delete(id);
  return rules.filter((rule) => !isOfShape(rule) || !missing.has(rule.metric));
}

/** Finds out what a run is made of: whether its records have targets, and whether it is one batch given by hand. */
function formOf(records: readonly StepRecord[], isSeries: boolean): RunForm {
  const [only] = records;
  const hasTarget = records.some(
    ({ inputs, metrics }) => inputs.target !== undefined || metrics.target_var_per_dim != null,
  );
  const isAlone =
    !hasTarget &&
    records.some(
      ({ inputs, measuredElsewhere, role }) =>
        inputs.prediction !== undefined || (measuredElsewhere !== undefined && role === 'embeddings'),
    );
  return {
    hasTarget: !isAlone,
    isByHand:
      !isSeries && records.length === 1 && only !== undefined && (only.byHand === true || only.step === null),
  };
}

/** Shows what must not wait for the next step as a warning meanwhile. */
function withWarningsAtOnce({
  alerts,
  held,
  pending,
}: StepJudgement): Pick<StepJudgement, 'alerts' | 'held'> {
  const early = pending.filter(({ rule }) => rule.warnsAtOnce);
  const warnings = early.map((finding) => ({
    ...finding,
    rule: { ...finding.rule, level: 'warn' as const, forSteps: 1 },
  }));
  return { alerts: [...alerts, ...warnings], held: held.filter((finding) => !early.includes(finding)) };
}

/** Lists the rules that trip and wait; a step against the one before says too little to be shown. */
function waitingOf({ pending }: StepJudgement, held: readonly RuleFinding[]): Pick<ReportStep, 'waiting'> {
  const waiting = pending.filter((finding) => held.includes(finding) && finding.rule.of !== 'previous');
  return waiting.length === 0 ? {} : { waiting: waiting.map(({ rule }) => rule.id) };
}

/** Whether a rule lacks the value it rules on, at the step or at a horizon that it is at. */
function isUnavailable(record: StepRecord, values: StepRecord['metrics'], { metric, at }: Rule): boolean {
  // What was not logged at this step is no news; what was logged and is no number is.
  if (record.measuredElsewhere !== undefined) return record.unavailable[metric] !== undefined;
  if (at === undefined) return values[metric] == null;
  const { horizons } = record;
  const ofEach = horizons?.metrics[metric] ?? [null];
  const ruled = at === 'any horizon' ? ofEach : [ofEach[horizons?.numbers.indexOf(at) ?? 0]];
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

export const ONE_ROW = 'one row: a verdict needs two';

/** Why a step is shown and not judged; null if it is. Step 0, of an untrained network, never is. */
function reasonNotJudged(record: StepRecord, options: JudgePlan): string | null {
  if (record.rows < 2 && record.measuredElsewhere === undefined) return ONE_ROW;
  const { step } = record;
  if (step === null) return null;
  const after = options.after ?? 0;
  if (step <= after) return `only steps after ${after} are judged`;
  // Every step is judged by default, those of `epoch_0.5` too.
  if (options.logEverySteps > 1 && step % options.logEverySteps !== 0)
    return `only multiples of ${options.logEverySteps} are judged`;
  return null;
}

/** A computed kl_reg says more of the batch's size than of its health: it is judged only where that was asked for. */
function policySkips(
  record: StepRecord,
  values: StepRecord['metrics'],
  rules: readonly Rule[],
  options: JudgePlan,
): Readonly<Record<string, string>> {
  const judgesKl = rules.some((rule) => rule.id === 'kl_reg');
  if (!judgesKl || record.klRegSource !== 'computed' || values.kl_reg == null) return {};
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
