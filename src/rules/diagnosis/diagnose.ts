import { COLLAPSE_KIND_IDS, type CollapseKindId, type MetricId } from '#metrics/ids.js';
import { safeDirection } from '../language/comparison.js';
import { shortNumber } from '../language/number-text.js';
import type { Rule, RuleAlert, RuleFinding } from '../language/rule.js';
import { COLLAPSE_KINDS } from '../presets/collapse-kinds.js';
import { jepaRules } from '../presets/jepa.js';
import { aloneMetric, PAIRED_SERIES, type RunForm, rulesOfRun } from '../presets/rules-of-run.js';
import { RuleSeries } from '../series/series.js';
import { finiteValue, type MetricReasons, type MetricValues } from '../series/values.js';
import { alertMessage } from './alert-message.js';
import { onsetOf } from './onset.js';
import { Spread } from './spread.js';

/** A kind of collapse, none, or that too little is known. */
export type DiagnosisLabel = CollapseKindId | 'healthy' | 'not enough data';

/** All that a run may be said to show. */
export const DIAGNOSIS_LABELS = [
  'healthy',
  ...COLLAPSE_KIND_IDS,
  'not enough data',
] as const satisfies readonly DiagnosisLabel[];

/** What a run shows at a step, and since when. */
export interface Diagnosis {
  readonly label: DiagnosisLabel;
  /** The judged step from which on the label has been this one. */
  readonly since: number | null;
  /** What it rests on, in words: values against their bounds. */
  readonly evidence: readonly string[];
  /** Of a horizon by itself. */
  readonly horizon?: number;
  /** Of a collapse: the first judged step from which on the values had left what they had been. */
  readonly began?: number | null;
  /** Of a kind of collapse: what helps. */
  readonly remedy?: string;
}

interface Step {
  readonly step: number | null;
  readonly values: MetricValues;
  readonly unavailable?: MetricReasons | undefined;
}

/** A predictor that is no better than giving its input back, where that is already good. */
const COPYING = { skillBelow: 0.05, r2Above: 0.5 } as const;

/** A variance so many times what it was before has not shrunk, wherever the rows point. */
const EXPLODED = 10;

/** The kinds that rules speak of, the first that alerts names a run. */
const NAMED_BY_RULES = [
  'explosion',
  'complete collapse',
  // Where positions are all that is left, there are no more directions than positions.
  'positional collapse',
  'dimensional collapse',
  'predictor collapse',
  'over-smoothing',
] as const satisfies readonly CollapseKindId[];

type Named = Omit<Diagnosis, 'since'>;

const HEALTHY: Named = { label: 'healthy', evidence: ['no rule of the preset jepa alerts'] };

/**
 * Names what the judged steps of one run show, one after the other: the rules of the preset `jepa` over their values,
 * and which kind of collapse those that alert speak of. It says nothing of what the embeddings are good for.
 */
export class Diagnoser {
  readonly #series: RuleSeries;
  readonly #form: RunForm;
  readonly #steps: (number | null)[] = [];
  /** Of each metric that a rule is about, a number a step; NaN where there is none. */
  readonly #values: ReadonlyMap<MetricId, number[]>;
  /** The variance at the last step, and the largest up to each. */
  #variance = 0;
  readonly #largest: number[] = [];
  /** By rule, for the row of steps that tripped last. */
  readonly #onsets = new Map<string, { readonly from: number; readonly onset: number }>();
  /** By rule: the index of the first step of the row that trips now. */
  readonly #trippedFrom = new Map<string, number>();
  readonly #spread: Spread;
  #last: Diagnosis | null = null;

  /**
   * @param rules Those of the preset `jepa`, or some of them.
   * @param form Of embeddings alone `{ hasTarget: false, isByHand: false }`; of a series with targets unless given.
   * @param isSparse As of `RuleSeries`.
   */
  constructor(rules: readonly Rule[] = jepaRules(), form: RunForm = PAIRED_SERIES, isSparse = false) {
    this.#form = form;
    this.#spread = new Spread(form);
    const own = rulesOfRun(rules, form);
    this.#series = new RuleSeries(own, { isSparse });
    this.#values = new Map(own.map(({ metric }) => [metric, []]));
  }

  /** Takes note of step 0, as `RuleSeries` does. */
  noteUntrained(values: MetricValues): void {
    this.#series.noteUntrained({ values });
  }

  /**
   * Names what the run shows at a judged step, in the light of those before it; steps ascend, and step 0 is none of them.
   *
   * @throws InputError E224 unless the step is null or finite and >= 0.
   */
  judge({ step, values, unavailable }: Step): Diagnosis {
    this.#steps.push(step);
    for (const [id, numbers] of this.#values) numbers.push(finiteValue(values, id) ?? Number.NaN);
    this.#variance = this.#spread.varianceOf(values) ?? 0;
    this.#largest.push(Math.max(this.#largest.at(-1) ?? Number.NEGATIVE_INFINITY, this.#variance));
    this.#spread.add(values);
    const { alerts, pending: tripped } = this.#series.judge({ step, values, unavailable });
    this.#followRows([...alerts, ...tripped]);
    // A step against the one before says too little.
    const pending = tripped.filter(({ rule }) => rule.of !== 'previous');
    const found = this.#name(alerts, pending, values, unavailable ?? {});
    // Of a healthy run all steps share one.
    if (found === HEALTHY && this.#last?.label === 'healthy') return this.#last;
    const { began, ...named } = found;
    const before = this.#last?.label === named.label ? this.#last : null;
    const onset = before === null ? began : before.began;
    const since = before === null ? step : before.since;
    this.#last = { ...named, since, ...(onset === undefined ? {} : { began: onset }) };
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
  ): Named {
    const collapse = this.#collapseOf(alerts);
    if (collapse !== null) return collapse;
    const skill = finiteValue(values, 'copy_skill');
    const r2 = finiteValue(values, 'pred_r2');
    if (skill !== null && r2 !== null && skill < COPYING.skillBelow && r2 > COPYING.r2Above) {
      const evidence = [`copy_skill ${skill.toPrecision(3)} < ${COPYING.skillBelow}`];
      return { label: 'copying', evidence, remedy: COLLAPSE_KINDS.copying.remedies };
    }
    if (pending.length > 0) return { label: 'not enough data', evidence: pending.map(alertMessage) };
    const missing = diagnosisMetrics(this.#form).filter((id) => finiteValue(values, id) === null);
    if (missing.length === 0) return HEALTHY;
    const evidence = missing.map(
      (id) => `needs ${id}${unavailable[id] === undefined ? '' : `: ${unavailable[id]}`}`,
    );
    return { label: 'not enough data', evidence };
  }

  #collapseOf(alerts: readonly RuleAlert[]): Named | null {
    const of = (kind: CollapseKindId) => alerts.filter(({ rule }) => rule.kind === kind);
    const found = NAMED_BY_RULES.filter((kind) => of(kind).length > 0);
    const complete = of('complete collapse');
    const grown = complete.length === 0 ? null : this.#growthSince(this.#beganBy(complete), complete);
    const isExplained = grown === null && this.#spread.explains(complete, found);
    const kind = found.find((kind) => kind !== 'complete collapse' || !isExplained);
    if (kind === undefined) return null;
    const from = of(kind);
    const began = this.#beganBy(from);
    const hasGrown = grown !== null && kind === 'complete collapse';
    const label = hasGrown ? 'explosion' : kind;
    return {
      label,
      evidence: [
        ...new Set(
          from.filter((alert) => !from.some((other) => impliesMore(other, alert))).map(alertMessage),
        ),
        ...(hasGrown ? [`variance grown by a factor of ${shortNumber(grown)}`] : []),
      ],
      began: this.#steps[began] ?? null,
      remedy: COLLAPSE_KINDS[label].remedies,
    };
  }

  /** By what factor the variance is above all before a collapse of no scale: an explosion leaves one direction as well. */
  #growthSince(began: number, alerts: readonly RuleAlert[]): number | null {
    if (began === 0 || alerts.some(({ rule }) => rule.ofScale)) return null;
    const factor = this.#variance / this.#largest[began - 1]!;
    return factor > EXPLODED && Number.isFinite(factor) ? factor : null;
  }

  #followRows(tripped: readonly RuleFinding[]): void {
    const ids = new Set(tripped.map(({ rule }) => rule.id));
    for (const id of this.#trippedFrom.keys()) if (!ids.has(id)) this.#trippedFrom.delete(id);
    for (const id of ids) {
      if (!this.#trippedFrom.has(id)) this.#trippedFrom.set(id, this.#steps.length - 1);
    }
  }

  /** The index of the earliest onset among the metrics of the rules that alert. */
  #beganBy(alerts: readonly RuleAlert[]): number {
    return Math.min(...alerts.map(({ rule }) => this.#onsetOf(rule)));
  }

  /** The same at each step of a row that trips. */
  #onsetOf({ id, metric, operator }: Rule): number {
    const from = this.#trippedFrom.get(id) ?? this.#steps.length - 1;
    const known = this.#onsets.get(id);
    if (known?.from === from) return known.onset;
    const onset = onsetOf(this.#values.get(metric)!, safeDirection(operator) === 1 ? 'low' : 'high', from);
    this.#onsets.set(id, { from, onset });
    return onset;
  }
}

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

/** Lists those of `DIAGNOSIS_METRICS` that a run of this form has: of embeddings alone, the encoder's. */
function diagnosisMetrics({ hasTarget }: RunForm): readonly MetricId[] {
  if (hasTarget) return DIAGNOSIS_METRICS;
  return DIAGNOSIS_METRICS.filter((id) => id.startsWith('target_')).map(aloneMetric);
}

/** Is true where an alert says all that the other one does: the same value is beyond a stricter number. */
function impliesMore(strict: RuleAlert, lax: RuleAlert): boolean {
  const [a, b] = [strict.rule, lax.rule];
  const isSame = a.metric === b.metric && a.operator === b.operator && strict.horizon === lax.horizon;
  if (!isSame || a.of !== null || b.of !== null || a.forSteps < b.forSteps) return false;
  return a.operator.startsWith('<') ? strict.threshold < lax.threshold : strict.threshold > lax.threshold;
}
