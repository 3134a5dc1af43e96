import type { CollapseKindId } from '#metrics/ids.js';
import type { Rule } from '../language/rule.js';

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
  > {
  readonly kind: CollapseKindId;
  /** It never decides: no bound tells what it sees from health. */
  readonly onlyWarns?: true;
}
