import type { CollapseKindId } from '#metrics/ids.js';
import type { Condition, Operator, Reference, Rule } from '../language/rule.js';

/** A target or a prediction that is exactly one point. */
export const IS_CONSTANT = {
  operator: '<=',
  factor: 0,
  forSteps: 2,
  ofOneBatch: true,
  warnsAtOnce: true,
} as const satisfies Partial<JepaRule>;

/** Asks that a metric be beyond a bound, which is a share of `of` where that is given. */
export function when(
  metric: Condition['metric'],
  operator: Operator,
  factor: number,
  of: Reference | null = null,
): Condition {
  return { metric, operator, factor, of };
}

/** A rule of the preset `jepa`: below its bound, which is no share, unless it says otherwise. */
export interface JepaRule
  extends Pick<
    Rule,
    | 'id'
    | 'metric'
    | 'factor'
    | 'forSteps'
    | 'unlessRecovering'
    | 'unlessRises'
    | 'where'
    | 'unless'
    | 'ofOneBatch'
    | 'warnsAtOnce'
    | 'ofScale'
    | 'ofWhole'
  > {
  readonly operator?: Operator;
  readonly of?: Reference;
  readonly kind: CollapseKindId;
  /** It never decides: no bound tells what it sees from health. */
  readonly onlyWarns?: true;
}
