import type { JudgePlan } from '#plan.js';
import type { ReportDiagnosis, ReportStep } from '#report/types.js';
import type { Diagnosis } from '#rules/diagnosis/diagnose.js';
import type { Rule } from '#rules/language/rule.js';

/**
 * Names what a run shows: what it showed at its last judged step or, where it has come out of a collapse that decides the
 * verdict nevertheless, that collapse and the step at which it had recovered.
 */
export function diagnosisOfRun(
  steps: readonly ReportStep[],
  diagnoses: ReadonlyMap<ReportStep, Diagnosis>,
  rules: readonly Rule[],
  judge: JudgePlan['judge'],
): ReportDiagnosis | null {
  const judged = steps.filter((step) => step.judged);
  const last = judged.at(-1);
  if (last === undefined) return null;
  const own = diagnoses.get(last)!;
  const kinds = new Map(rules.map(({ id, kind }) => [id, kind]));
  const decides = ({ alerts }: ReportStep) =>
    alerts.some(({ criterion, level }) => level === 'error' && kinds.get(criterion) !== undefined);
  if (judge === 'latest' || (isCollapse(own) && decides(last))) return completed(own, judged);
  const index = judged.findLastIndex((step) => isCollapse(diagnoses.get(step)!) && decides(step));
  const collapsed = judged[index];
  if (collapsed === undefined) return completed(own, judged);
  const recovered = judged[index + 1]?.step ?? null;
  return { ...completed(diagnoses.get(collapsed)!, judged), recovered };
}

/** True of a diagnosis that names a collapse of which it is known when it began. */
export function isCollapse({ began }: Diagnosis): boolean {
  return began !== undefined;
}

/** Adds the newest step before a collapse began at which nothing alerts: the checkpoint to go back to. */
function completed(diagnosis: Diagnosis, judged: readonly ReportStep[]): ReportDiagnosis {
  const { began } = diagnosis;
  if (began === undefined) return diagnosis;
  const good = judged.findLast(
    ({ step, alerts }) => alerts.length === 0 && step !== null && began !== null && step < began,
  );
  return { ...diagnosis, lastGood: good?.step ?? null };
}
