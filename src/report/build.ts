import { type ExitPolicy, exitCodeFor, exitCodeOfError } from '#exit-code.js';
import type { OutsideRule, Rule } from '#rules/language/rule.js';
import type { Remark } from './record.js';
import type {
  Report,
  ReportAlert,
  ReportBaseline,
  ReportDiagnosis,
  ReportError,
  ReportLatest,
  ReportRun,
  ReportStatus,
  ReportStep,
  ReportThresholds,
  ReportWarning,
} from './types.js';

/** A run after its steps were judged. */
export interface RunVerdict {
  readonly run: string;
  /** What is true of all its steps. */
  readonly marks: Pick<ReportRun, 'branch' | 'stepsFrom' | 'measuredElsewhere'>;
  readonly diagnosis: ReportDiagnosis | null;
  readonly baseline: ReportBaseline | null;
  readonly steps: readonly ReportStep[];
  readonly remarks: readonly Remark[];
  /** The newest judged step; null where none was. */
  readonly latest: ReportStep | null;
  /** True where a criterion that was asked for lacked its metric at a judged step. */
  readonly unavailable: boolean;
  /** Fewer steps are judged than the most patient of the deciding rules waits for; null: enough. */
  readonly early: ReportRun['early'] | null;
  /** Deciding rules that nobody asked for and that had no value at any step that counts. */
  readonly undecided: NonNullable<ReportRun['undecided']>;
  /** How it compares with a reference. */
  readonly reference?: ReportRun['reference'];
  /** True where no rule that decides had a value. */
  readonly isBlind: boolean;
}

export interface ReportParts {
  readonly version: string;
  readonly thresholds: ReportThresholds;
  readonly rules: readonly (Rule | OutsideRule)[];
  readonly reference?: Report['reference'];
  readonly runs: readonly RunVerdict[];
  readonly errors: readonly ReportError[];
  readonly warnings: readonly ReportWarning[];
  readonly policy: ExitPolicy & { readonly judge: 'all' | 'latest' };
}

/** Puts judged runs, errors and warnings into the document that every reporter prints. */
export function buildReport({
  version,
  thresholds,
  reference,
  rules,
  runs,
  errors,
  warnings,
  policy,
}: ReportParts): Report {
  const reportRuns = runs.map((run): ReportRun => {
    const ownErrors = errors.filter((error) => error.run === run.run || error.path === run.run);
    const alerts = decidingAlerts(run, policy.judge);
    const judged = run.latest !== null && !isRefused(run, policy);
    return {
      run: run.run,
      ...run.marks,
      status: statusOf(ownErrors, judged, alerts, run.early != null && !fails(alerts, policy)),
      ...(run.diagnosis === null ? {} : { diagnosis: run.diagnosis }),
      ...(run.early == null ? {} : { early: run.early }),
      ...(run.undecided.length === 0 ? {} : { undecided: run.undecided }),
      baseline: run.baseline,
      latest: latestOf(run, policy),
      remarks: [...run.remarks],
      ...(run.reference === undefined ? {} : { reference: run.reference }),
      steps: run.steps,
    };
  });
  const steps = runs.flatMap((run) => run.steps);
  const alerts = steps.flatMap((step) => step.alerts);
  const deciding = runs.flatMap((run) => decidingAlerts(run, policy.judge));
  const judged = steps.filter((step) => step.judged).length;
  const isEarly = reportRuns.some(({ status }) => status === 'early');
  const remarks = runs.flatMap(({ run, remarks }) => remarks.map((remark) => ({ ...remark, run })));
  const { code, reason } = exitCodeFor(
    {
      errors,
      judged,
      statuses: reportRuns.map(({ status }) => status),
      early: runs.find(({ early }) => early != null)?.early?.reason ?? null,
      decidingAlerts: { error: ofLevel(deciding, 'error'), warn: ofLevel(deciding, 'warn') },
      unavailable: runs.some((run) => run.unavailable),
    },
    policy,
  );
  return {
    schemaVersion: 1,
    tool: { name: 'embedding-collapse', version },
    status: statusOf(
      errors,
      judged > 0 && !runs.some((run) => isRefused(run, policy)),
      deciding,
      isEarly && !fails(deciding, policy),
    ),
    exitCode: code,
    exitReason: reason,
    thresholds,
    ...(reference === undefined ? {} : { reference }),
    rules: rules.map(({ id, expression, level, preset, quiet, ...rest }) => ({
      id,
      expression,
      level,
      ...('metric' in rest ? { metric: rest.metric } : {}),
      ...('at' in rest && rest.at !== undefined ? { at: rest.at } : {}),
      ...(preset === undefined ? {} : { preset }),
      ...(quiet ? { quiet } : {}),
      ...('byDefault' in rest && rest.byDefault ? { byDefault: true as const } : {}),
    })),
    runs: reportRuns,
    errors: [...errors],
    warnings: [...warnings],
    ...(remarks.length === 0 ? {} : { remarks }),
    summary: {
      runs: runs.length,
      steps: steps.length,
      judged,
      alerts: ofLevel(alerts, 'error'),
      warnings: ofLevel(alerts, 'warn'),
      skipped: steps.reduce((sum, step) => sum + step.skipped.length, 0),
      errors: errors.length,
    },
  };
}

/** Tells whether a criterion without its metric is no verdict, by --on-unavailable fail. */
function isRefused({ unavailable }: RunVerdict, { onUnavailable }: ExitPolicy): boolean {
  return unavailable && onUnavailable === 'fail';
}

/** The newest judged step in short; null where none was. Its alerts decide whichever steps `--judge` takes. */
function latestOf({ latest }: RunVerdict, { failOn }: ExitPolicy): ReportLatest | null {
  if (latest === null) return null;
  const { step, alerts, diagnosis = null, metrics } = latest;
  const [errors, warnings] = [ofLevel(alerts, 'error'), ofLevel(alerts, 'warn')];
  const level = errors > 0 ? 'error' : warnings > 0 ? 'warn' : null;
  const stop = failOn === 'error' ? errors > 0 : failOn === 'warn' && level !== null;
  return { step, stop, level, messages: alerts.map(({ message }) => message), diagnosis, metrics };
}

function decidingAlerts({ steps, latest }: RunVerdict, judge: 'all' | 'latest'): ReportAlert[] {
  return judge === 'latest' ? [...(latest?.alerts ?? [])] : steps.flatMap((step) => step.alerts);
}

/** Tells whether alerts fail a run as `--fail-on` says. */
function fails(alerts: readonly ReportAlert[], { failOn }: ExitPolicy): boolean {
  return failOn === 'warn' ? alerts.length > 0 : ofLevel(alerts, 'error') > 0;
}

function ofLevel(alerts: readonly ReportAlert[], level: ReportAlert['level']): number {
  return alerts.filter((alert) => alert.level === level).length;
}

/** Names what happened, whatever the exit policy makes of it. */
function statusOf(
  errors: readonly ReportError[],
  judged: boolean,
  alerts: readonly ReportAlert[],
  isEarly: boolean,
): ReportStatus {
  if (errors.some((error) => exitCodeOfError(error.code) !== 4)) return 'error';
  if (!judged || errors.length > 0) return 'no-data';
  if (ofLevel(alerts, 'error') > 0) return 'alert';
  if (isEarly) return 'early';
  return alerts.length > 0 ? 'warning' : 'ok';
}
