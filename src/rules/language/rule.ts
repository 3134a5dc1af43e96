import type { CollapseKindId, MetricId } from '#metrics/ids.js';

/** How a value compares with its bound where a rule is broken. */
export type Operator = '<' | '<=' | '>' | '>=';
/** How grave an alert is: an error fails a run, a warning does not. */
export type Level = 'error' | 'warn';
/**
 * What a relative bound is a share of: an earlier step of the same metric, the reference's value at the same step, or
 * another metric of the same step.
 */
export type Reference = EarlierSteps | 'reference' | MetricId;
/** Only presets use `highest` and `trained peak`; `References` says what they are. */
export type EarlierSteps = 'baseline' | 'previous' | 'peak' | 'highest' | 'trained peak';

/** `metric operator factor [× of [- less]]`: what is compared at one step. */
export type Condition = Pick<Rule, 'metric' | 'operator' | 'factor' | 'of'> & {
  /** The bound is less than the share by so much. Only presets use it. */
  readonly less?: number;
  /** It is a share of the square of `of`. Only presets use it. */
  readonly squared?: true;
};

/**
 * `metric operator factor [× of] [at …] [for N] [after S]`. A rule with `of` compares with `factor * reference`:
 * 50 % of the baseline is `{ factor: 0.5, of: 'baseline' }`.
 */
export interface Rule {
  readonly id: string;
  readonly metric: MetricId;
  readonly operator: Operator;
  readonly factor: number;
  readonly of: Reference | null;
  /**
   * Which horizons of a step are ruled on, where they were measured one by one: every one of them for itself, or one
   * by its number from 1 on. Absent: the step as a whole. What `of` names is then that of the same horizon.
   */
  readonly at?: 'any horizon' | number;
  /** Alerts from the Nth consecutive judged step on; a missing value breaks the row. */
  readonly forSteps: number;
  /**
   * A warm-up that the rule finds itself: while the value moves away from the bound from one judged step to the next
   * by more than a twentieth, `for N` does not count on, and nothing alerts that has not yet. Only presets use it.
   */
  readonly unlessRecovering?: true;
  /** It waits in the same way while one of these metrics clearly surpasses its peak (`isRecovering`). Only presets use it. */
  readonly unlessRises?: readonly MetricId[];
  /** The rule trips only where all of these are true of the same step too. Only presets use it. */
  readonly where?: readonly Condition[];
  /** Excuses: it holds where all conditions of one of them are true of the same step. Only presets use it. */
  readonly unless?: readonly (readonly Condition[])[];
  /** It needs no earlier step and says collapse of a batch by itself. Only presets use it. */
  readonly ofOneBatch?: true;
  /** While it trips and waits for `for N`, it is shown as a warning: what it sees is no noise. Only presets use it. */
  readonly warnsAtOnce?: true;
  /** It rules on scale, of which lost directions take their share along: that alone is no shrinking to a point. */
  readonly ofScale?: true;
  /** It says nothing of one horizon: of a far one little may be known. */
  readonly ofWhole?: true;
  /** Only steps greater than this are ruled on; null: all judged steps. */
  readonly after: number | null;
  readonly level: Level;
  /** The preset it comes from; absent for a rule of the user's own. */
  readonly preset?: string;
  /** The kind of collapse it shows, where its preset says so. */
  readonly kind?: CollapseKindId;
  /**
   * Nobody asked for it: it is shown only where it alerts. Nothing is measured for its sake, and where its metric
   * is missing the diagnosis says so, and no skip.
   */
  readonly quiet?: true;
  /** Made of an `OutsideRule`, for the metric that decides it: its bound is the end of the reference's band. */
  readonly isOutside?: true;
  /** It judges because no preset was named: where its metric cannot be judged, that is no news. */
  readonly byDefault?: true;
  /** The rule as a user would write it. */
  readonly expression: string;
}

/**
 * `outside reference [for N] [after S]`: alerts where the metrics together deviate further than the runs of the reference do,
 * at N judged steps in a row.
 */
export type OutsideRule = Pick<
  Rule,
  'id' | 'forSteps' | 'after' | 'level' | 'preset' | 'quiet' | 'expression'
> & {
  readonly outside: 'reference';
};

/** A rule that was decided at a step: what it compared. */
export interface RuleFinding {
  readonly rule: Rule;
  readonly value: number;
  /** The bound in the metric's own unit: for a relative rule the product. */
  readonly threshold: number;
  /** Of a rule over horizons: the one it is worst at. */
  readonly horizon?: number;
  /** Of what is outside a reference: the metrics that it takes beside this one. */
  readonly beside?: readonly MetricId[];
}

/** A finding that alerts. */
export type RuleAlert = RuleFinding;

/** A rule that could not be decided at a step, and why: never a pass. */
export interface RuleSkip {
  readonly rule: Rule;
  readonly reason: string;
}

const EARLIER_STEPS: readonly EarlierSteps[] = ['baseline', 'previous', 'peak', 'highest', 'trained peak'];

/** Tells a bound that is a share of earlier steps from one that is a share of another metric. */
export function isOfEarlierSteps(of: Reference): of is EarlierSteps {
  return EARLIER_STEPS.some((earlier) => earlier === of);
}
