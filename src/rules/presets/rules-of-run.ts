import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { printRule } from '../language/print-rule.js';
import type { Condition, Reference, Rule } from '../language/rule.js';

/** What a run is made of, as far as it decides which rules of presets can say something of it. */
export interface RunForm {
  /** False for embeddings alone: what was saved as the prediction is an encoder's output. */
  readonly hasTarget: boolean;
  /** One batch and no series: a pair, an array or a step that was given by its own name. */
  readonly isByHand: boolean;
}

export const PAIRED_SERIES: RunForm = { hasTarget: true, isByHand: false };

/**
 * Fits the rules of presets to a run; the user's own stay as they are. Of embeddings alone, rules about the encoder
 * read `pred_*` in place of `target_*`, and those about the predictor are left out. One batch by hand is judged by the rules
 * that need no earlier step, without their patience, and by none of the reference's but what was asked for.
 */
export function rulesOfRun(rules: readonly Rule[], { hasTarget, isByHand }: RunForm): Rule[] {
  return rules
    .filter((rule) => hasTarget || !isAboutPairs(rule))
    .map((rule) => (hasTarget || rule.kind === undefined ? rule : ofEmbeddingsAlone(rule)))
    .filter((rule) => !isByHand || saysSomethingOfOneBatch(rule))
    .map((rule) => (isByHand && rule.kind !== undefined ? withoutPatience(rule) : rule));
}

/** Of presets: what cannot be said without a target; a criterion of the reference only where nobody asked for it. */
function isAboutPairs({ kind, preset, level, of }: Rule): boolean {
  if (kind !== undefined) return kind === 'predictor collapse';
  return preset === 'rfc-0005' && level === 'warn' && of === 'target_var_per_dim';
}

/** A rule with a kind is one of `jepa`; of the reference, the criteria that merely warn were not asked for. */
function saysSomethingOfOneBatch({ kind, preset, level, ofOneBatch }: Rule): boolean {
  if (kind !== undefined) return ofOneBatch === true;
  return preset !== 'rfc-0005' || level === 'error';
}

function withoutPatience({ unlessRecovering: _, unlessRises: __, ...rule }: Rule): Rule {
  return printed({ ...rule, forSteps: 1 });
}

function ofEmbeddingsAlone(rule: Rule): Rule {
  const { where, unlessRises } = rule;
  return printed({
    ...rule,
    ...read(rule),
    ...(unlessRises === undefined ? {} : { unlessRises: unlessRises.map(aloneMetric) }),
    ...(where === undefined ? {} : { where: where.map(read) }),
  });
}

function read<T extends Condition>(condition: T): T {
  const { metric, of } = condition;
  return { ...condition, metric: aloneMetric(metric), of: of === null ? null : aloneReference(of) };
}

/** Gives the metric that says of embeddings alone what `metric` says of a target; itself where there is none. */
export function aloneMetric(metric: MetricId): MetricId {
  const alone = metric.replace(/^target_/, 'pred_');
  return METRIC_IDS.find((id) => id === alone) ?? metric;
}

function aloneReference(of: Reference): Reference {
  return METRIC_IDS.some((id) => id === of) ? aloneMetric(of as MetricId) : of;
}

function printed(rule: Rule): Rule {
  return { ...rule, expression: printRule(rule) };
}
