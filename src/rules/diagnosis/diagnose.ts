import { COLLAPSE_KIND_IDS, type CollapseKindId } from '#metrics/ids.js';
import type { Rule, RuleAlert, RuleFinding } from '../language/rule.js';
import { jepaRules } from '../presets/jepa.js';
import { RuleSeries } from '../series/series.js';
import { finiteValue, type MetricReasons, type MetricValues } from '../series/values.js';
import { alertMessage } from './alert-message.js';

export type DiagnosisLabel = CollapseKindId | 'healthy' | 'not enough data';

export const DIAGNOSIS_LABELS = [
  'healthy',
  ...COLLAPSE_KIND_IDS,
  'not enough data',
] as const satisfies readonly DiagnosisLabel[];

export interface Diagnosis {
  readonly label: DiagnosisLabel;
  /** The judged step from which on the label has been this one. */
  readonly since: number | null;
  /** What it rests on, in words: values against their bounds. */
  readonly evidence: readonly string[];
}

interface Step {
  readonly step: number | null;
  readonly values: MetricValues;
  readonly unavailable?: MetricReasons | undefined;
}

/** A predictor that is no better than giving its input back, where that is already good. */
const COPYING = { skillBelow: 0.05, r2Above: 0.5 } as const;

/**
 * Names what the judged steps of one run show, one after the other: the rules of the preset `jepa` over their values,
 * and which kind of collapse those that alert speak of. It says nothing of what the embeddings are good for.
 */
export class Diagnoser {
  readonly #series: RuleSeries;
  #peakVariance = 0;
  #peakRank = 0;
  #last: Diagnosis | null = null;

  constructor(rules: readonly Rule[] = jepaRules()) {
    this.#series = new RuleSeries(rules);
  }

  judge({ step, values, unavailable }: Step): Diagnosis {
    this.#peakVariance = Math.max(this.#peakVariance, finiteValue(values, 'target_var_per_dim') ?? 0);
    this.#peakRank = Math.max(this.#peakRank, finiteValue(values, 'target_effective_rank_ratio') ?? 0);
    const { alerts, pending: tripped } = this.#series.judge({ step, values, unavailable });
    // A step against the one before says too little.
    const pending = tripped.filter(({ rule }) => rule.of !== 'previous');
    const { label, evidence } = this.#name(alerts, pending, values, unavailable ?? {});
    const since = this.#last?.label === label ? this.#last.since : step;
    this.#last = { label, since, evidence };
    return this.#last;
  }

  /** What the run shows at its last judged step; null before the first. */
  get run(): Diagnosis | null {
    return this.#last;
  }

  #name(
    alerts: readonly RuleAlert[],
    pending: readonly RuleFinding[],
    values: MetricValues,
    unavailable: MetricReasons,
  ): Omit<Diagnosis, 'since'> {
    const of = (kind: CollapseKindId) => alerts.filter(({ rule }) => rule.kind === kind);
    const named = (label: DiagnosisLabel, from: readonly RuleAlert[]) => ({
      label,
      evidence: from.map(alertMessage),
    });
    const complete = of('complete collapse');
    const dimensional = of('dimensional collapse');
    const predictor = of('predictor collapse');
    if (complete.length > 0 && !(dimensional.length > 0 && this.#rankExplains(values, complete))) {
      return named('complete collapse', complete);
    }
    if (dimensional.length > 0) return named('dimensional collapse', dimensional);
    if (predictor.length > 0) return named('predictor collapse', predictor);
    const skill = finiteValue(values, 'copy_skill');
    const r2 = finiteValue(values, 'pred_r2');
    if (skill !== null && r2 !== null && skill < COPYING.skillBelow && r2 > COPYING.r2Above) {
      return { label: 'copying', evidence: [`copy_skill ${skill.toPrecision(3)} < ${COPYING.skillBelow}`] };
    }
    if (pending.length > 0) return named('not enough data', pending);
    const missing = DIAGNOSIS_METRICS.filter((id) => finiteValue(values, id) === null);
    if (missing.length === 0) return { label: 'healthy', evidence: ['no rule of the preset jepa alerts'] };
    const evidence = missing.map(
      (id) => `needs ${id}${unavailable[id] === undefined ? '' : `: ${unavailable[id]}`}`,
    );
    return { label: 'not enough data', evidence };
  }

  /** Directions that are lost take their variance along: that alone is no shrinking to a point. */
  #rankExplains(values: MetricValues, complete: readonly RuleAlert[]): boolean {
    if (complete.some(({ rule }) => !OF_SCALE.has(rule.id))) return false;
    const variance = finiteValue(values, 'target_var_per_dim');
    const rank = finiteValue(values, 'target_effective_rank_ratio');
    if (variance === null || rank === null || this.#peakVariance === 0 || this.#peakRank === 0) return false;
    return variance / this.#peakVariance > 0.5 * (rank / this.#peakRank);
  }
}

/** What lost directions trip as well, by the variance they take along. */
const OF_SCALE: ReadonlySet<string> = new Set(['jepa.target_scale_lost', 'jepa.target_scale_drawdown']);

/** What every name rests on: the rules of `jepa`, and for copying the prediction's R². Without these none can be ruled out. */
export const DIAGNOSIS_METRICS = [
  'target_var_per_dim',
  'target_std_l2_normalized',
  'pred_target_var_ratio',
  'pred_r2',
  'pred_cos_centered_mean',
  'target_effective_rank',
  'target_effective_rank_ratio',
  'pred_effective_rank_ratio',
] as const;
