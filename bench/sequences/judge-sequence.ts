import type { MetricId } from '#metrics/ids.js';
import { Diagnoser, type DiagnosisLabel } from '#rules/diagnosis/diagnose.js';
import { activeRules } from '#rules/presets/presets.js';
import { RFC_0005_THRESHOLDS } from '#rules/presets/rfc-0005.js';
import { isOfPositions } from '#rules/presets/rules-of-horizons.js';
import { RuleSeries } from '#rules/series/series.js';

const RULES = activeRules(
  [
    { id: 'rfc-0005', level: 'error' },
    { id: 'jepa', level: 'error' },
  ],
  [],
  RFC_0005_THRESHOLDS,
).filter(({ metric }) => !isOfPositions(metric));

export interface Verdict {
  /** `STEP RULE`, steps counted 1, 2, …, by preset. */
  readonly rfc0005: readonly string[];
  readonly jepa: readonly string[];
  readonly skipped: readonly string[];
  /** At each step. */
  readonly labels: readonly DiagnosisLabel[];
}

/** Judges a run by both presets, every step of it, with a supplied kl_reg of 0. */
export function judgeSequence(
  ids: readonly MetricId[],
  steps: readonly (readonly (number | null)[])[],
): Verdict {
  const series = new RuleSeries(RULES);
  const diagnoser = new Diagnoser();
  const alerts: string[] = [];
  const skipped: string[] = [];
  const labels: DiagnosisLabel[] = [];
  for (const [i, values] of steps.entries()) {
    const step = i + 1;
    const named = { ...Object.fromEntries(ids.map((id, at) => [id, values[at] ?? null])), kl_reg: 0 };
    const judgement = series.judge({ step, values: named });
    alerts.push(...judgement.alerts.map(({ rule }) => `${step} ${rule.id}`));
    skipped.push(...judgement.skipped.map(({ rule, reason }) => `${step} ${rule.id}: ${reason}`));
    labels.push(diagnoser.judge({ step, values: named }).label);
  }
  const isJepa = (alert: string) => alert.split(' ')[1]!.startsWith('jepa.');
  return { rfc0005: alerts.filter((alert) => !isJepa(alert)), jepa: alerts.filter(isJepa), skipped, labels };
}
