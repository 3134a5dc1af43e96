import type { CollapseKindId } from '#metrics/ids.js';
import type { Rule } from '../language/rule.js';

/** A target or a prediction that is exactly one point. */
export const IS_CONSTANT = {
  operator: '<=',
  factor: 0,
  of: null,
  forSteps: 2,
  ofOneBatch: true,
  warnsAtOnce: true,
} as const satisfies Partial<JepaRule>;

/** A rule of the preset `jepa`. */
export interface JepaRule
  extends Pick<
    Rule,
    | 'id'
    | 'metric'
    | 'operator'
    | 'factor'
    | 'of'
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
  readonly kind: CollapseKindId;
  /** It never decides: no bound tells what it sees from health. */
  readonly onlyWarns?: true;
}
