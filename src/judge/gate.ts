import { NoDataError, stepName } from '#errors.js';
import type { JudgePlan } from '#plan.js';
import { buildReport, type RunVerdict } from '#report/build.js';
import type { ErrorRecord, MeasureRecord, StepRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import type { Report, ReportAlert, ReportError, ReportWarning } from '#report/types.js';
import { ruleOfWhole, rulesOfHorizons } from '#rules/presets/rules-of-horizons.js';
import type { ReadyPlan } from './by-reference.js';
import { type JudgedRun, judgeRun, ONE_ROW } from './judge-run.js';
import { byStep, refuseMixture } from './refuse-mixture.js';
import { rulesOf } from './rules-of-plan.js';

export type RememberedSteps = ReadonlyMap<string, ReadonlySet<number | null>>;

/**
 * Judges records, from however many files and in whatever order: grouped by run, sorted by step. Error records are
 * replayed into the verdict and summaries ignored. Throws `InputError` E232 where a step of a run comes twice and
 * E233 where a run's records were measured with different settings.
 *
 * @param remembered Steps that an earlier invocation judged: a baseline among them comes from the state. null where
 * the records are all that there will be of their runs.
 */
export function gate(
  records: Iterable<MeasureRecord>,
  options: ReadyPlan,
  version: string,
  remembered: RememberedSteps | null = null,
): Report {
  const runs = new Map<string, StepRecord[]>();
  const errors: ReportError[] = [];
  const warnings: ReportWarning[] = [];
  for (const record of records) {
    if (record.type === 'step') stepsOf(runs, record.run).push(record);
    else if (record.type === 'error') {
      if (record.run !== undefined) stepsOf(runs, record.run);
      errors.push(withoutType(record));
    } else if (record.type === 'warning') {
      const { type: _, ...warning } = record;
      warnings.push(warning);
    }
  }
  const rules = rulesOf(options);
  const judged = [...runs].map(([run, steps]) => {
    steps.sort(byStep);
    refuseMixture(run, steps);
    return fromState(
      judgeRun(run, steps, rules, options, { isSeries: remembered !== null }),
      remembered?.get(run),
    );
  });
  for (const run of judged) {
    const error = run.problem ?? whyNoVerdict(run, options);
    if (error !== null) errors.push(toReportError(error));
  }
  const hasHorizons = judged.some(({ steps }) => steps.some(({ alerts }) => alerts.some(isOfHorizon)));
  return buildReport({
    version,
    thresholds: {
      pred_var_to_target_var: options.predVarToTargetVar,
      pairwise_to_initial: options.pairwiseToInitial,
      kl_reg_max: options.klRegMax,
    },
    ...referenceOf(options),
    rules: [...rules, ...(hasHorizons ? rulesOfHorizons(rules) : []), ...options.outside],
    runs: judged,
    errors,
    warnings,
    policy: options,
  });
}

function isOfHorizon({ criterion }: ReportAlert): boolean {
  return ruleOfWhole(criterion) !== null;
}

function referenceOf({ reference }: JudgePlan): Pick<Report, 'reference'> {
  if (reference === null) return {};
  const { path, runs, alpha } = reference;
  return { reference: { path, runs: runs.length, alpha } };
}

function fromState(verdict: JudgedRun, remembered: ReadonlySet<number | null> | undefined): JudgedRun {
  const { baseline } = verdict;
  if (baseline?.source !== 'first step' || !remembered?.has(baseline.step)) return verdict;
  return { ...verdict, baseline: { ...baseline, source: 'state' } };
}

function stepsOf(runs: Map<string, StepRecord[]>, run: string): StepRecord[] {
  const known = runs.get(run);
  if (known !== undefined) return known;
  const steps: StepRecord[] = [];
  runs.set(run, steps);
  return steps;
}

function withoutType({ type: _, ...error }: ErrorRecord): ReportError {
  return error;
}

/** Says why the steps of a run are no verdict; null where they are one, or where there are none. */
function whyNoVerdict(run: RunVerdict, { judge }: JudgePlan): NoDataError | null {
  const newest = run.steps.at(-1);
  if (newest === undefined) return null;
  if (run.latest === null) return nothingJudged(run);
  if (judge === 'latest' && newest.notJudged === ONE_ROW) {
    return new NoDataError('E302', `${stepName(newest.step)}, the newest, cannot be judged: ${ONE_ROW}`, {
      path: run.run,
      step: newest.step,
      hint: '`--judge all` gives the verdict of the steps before it',
    });
  }
  if (!run.isBlind) return null;
  const where = judge === 'latest' ? stepName(run.latest.step) : 'any judged step';
  return new NoDataError('E305', `none of the rules that can fail the run had a value at ${where}`, {
    path: run.run,
  });
}

function nothingJudged({ run, steps }: RunVerdict): NoDataError {
  if (steps.every(({ step }) => step === 0)) {
    return new NoDataError('E302', 'only step 0 so far, which is never judged', {
      path: run,
      hint: 'step 0 is an untrained network: check again once a later step is saved',
    });
  }
  const reasons = [...new Set(steps.map((step) => step.notJudged))].join('; ');
  const what =
    steps.length === 1 ? 'the only step cannot be judged' : `none of the ${steps.length} steps can be judged`;
  return new NoDataError('E302', `${what}: ${reasons}`, {
    path: run,
    hint: 'see --after, --log-every-steps and --steps; a verdict needs a step with at least two rows',
  });
}

/**
 * Returns the records without those that say that no steps were found in a run (E301) whose steps are in other records: a
 * shard without a step in its --steps window is no fault of the run. A run without any step keeps its error.
 */
export function withoutEmptyShards(records: readonly MeasureRecord[]): MeasureRecord[] {
  const runs = new Set<string>();
  for (const record of records) if (record.type === 'step') runs.add(record.run);
  return records.filter(
    (record) =>
      record.type !== 'error' || record.code !== 'E301' || record.run === undefined || !runs.has(record.run),
  );
}
