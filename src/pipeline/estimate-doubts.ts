import type { MetricId } from '../metrics/ids.js';
import type { StepRecord } from '../report/record.js';
import { shortNumber } from '../rules/number-text.js';
import type { Rule, RuleFinding } from '../rules/rule.js';

type Errors = Partial<Record<MetricId, number>>;

/**
 * Tells which findings sampling leaves open: those whose value and bound are within three standard errors of each
 * other. A relative bound has the error of what it is a share of, so the judged steps of one run are remembered.
 */
export class EstimateDoubts {
  readonly #initialIsSupplied: boolean;
  #baseline: Errors | null = null;
  #previous: Errors = {};
  readonly #peak: Partial<Record<MetricId, { value: number; error: number }>> = {};

  /** @param initialIsSupplied The baseline of `pairwise_pred_dist_mean` was given, and has no error. */
  constructor(initialIsSupplied: boolean) {
    this.#initialIsSupplied = initialIsSupplied;
  }

  /** One sentence, without its full stop, for each finding of the next judged step that is in doubt. */
  notes(record: StepRecord, findings: readonly RuleFinding[]): string[] {
    const errors = errorsOf(record);
    this.#baseline ??= errors;
    for (const [id, value] of Object.entries(record.metrics) as [MetricId, number | null][]) {
      if (value === null || value <= (this.#peak[id]?.value ?? Number.NEGATIVE_INFINITY)) continue;
      this.#peak[id] = { value, error: errors[id] ?? 0 };
    }
    const notes = findings.flatMap(({ rule, value, threshold }) => {
      const error = Math.hypot(errors[rule.metric] ?? 0, rule.factor * this.#errorOfReference(rule, errors));
      if (error === 0 || Math.abs(value - threshold) > 3 * error) return [];
      const near = `${shortNumber(value)} and its bound ${shortNumber(threshold)}`;
      const within = `within three standard errors of sampling (${shortNumber(error)} each)`;
      return [
        `${rule.id} is in doubt: ${rule.metric} ${near} are ${within}; \`--pairwise exact\` would settle it`,
      ];
    });
    this.#previous = errors;
    return notes;
  }

  #errorOfReference({ of, metric }: Rule, errors: Errors): number {
    if (of === null) return 0;
    if (of === 'previous') return this.#previous[metric] ?? 0;
    if (of === 'peak') return this.#peak[metric]?.error ?? 0;
    if (of !== 'baseline') return errors[of] ?? 0;
    if (metric === 'pairwise_pred_dist_mean' && this.#initialIsSupplied) return 0;
    return this.#baseline?.[metric] ?? 0;
  }
}

function errorsOf({ estimates }: StepRecord): Errors {
  return Object.fromEntries(Object.entries(estimates).map(([id, { standardError }]) => [id, standardError]));
}
