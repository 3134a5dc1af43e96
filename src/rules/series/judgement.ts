import type { RuleAlert, RuleFinding, RuleSkip } from '../language/rule.js';

/** In the order of the rules. A rule in no list does not apply to the step (`after S`). */
export interface StepJudgement {
  readonly alerts: readonly RuleAlert[];
  /** Decided without an alert: the rule does not trip, or trips for fewer than `for N` steps yet. */
  readonly held: readonly RuleFinding[];
  /** Those of `held` that trip, and wait for `for N`. */
  readonly pending: readonly RuleFinding[];
  readonly skipped: readonly RuleSkip[];
  /** What rules that are `at` horizons say of each one met so far. */
  readonly horizons: readonly HorizonJudgement[];
}

/** What the rules say of one horizon of a step. */
export interface HorizonJudgement {
  readonly horizon: number;
  /** False: it was there at an earlier step and is not at this one. */
  readonly isGiven: boolean;
  readonly judgement: StepJudgement;
}
