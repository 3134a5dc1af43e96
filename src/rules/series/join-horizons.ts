import type { Rule, RuleFinding } from '../language/rule.js';
import type { StepJudgement } from './series.js';

/** What the rules say of one horizon of a step. */
export interface HorizonJudgement {
  readonly horizon: number;
  /** False: it was there at an earlier step and is not at this one. */
  readonly isGiven: boolean;
  readonly judgement: StepJudgement;
}

/** At most one of them; none where the rule does not apply to the step. */
export interface JoinedJudgement {
  readonly alert?: RuleFinding;
  readonly hold?: RuleFinding;
  readonly skip?: string;
}

/** What a rule that is `at` horizons says of a step: the worst of those it is at, and no pass where one is not decided. */
export function joinHorizons(
  rule: Rule,
  step: number | null,
  horizons: readonly HorizonJudgement[],
): JoinedJudgement {
  if (rule.after !== null && step !== null && step <= rule.after) return {};
  const ruled = horizons.filter(
    ({ horizon, isGiven }) => isGiven && (rule.at === 'any horizon' || rule.at === horizon),
  );
  if (ruled.length === 0) return { skip: missing(rule, horizons) };
  const findings = (list: 'alerts' | 'held') =>
    ruled.flatMap(({ horizon, judgement }) =>
      judgement[list]
        .filter((found) => found.rule.id === rule.id)
        .map((found) => ({ ...found, rule, horizon })),
    );
  const alerts = findings('alerts');
  if (alerts.length > 0) return { alert: worst(alerts) };
  const [skip, ...more] = ruled.flatMap(({ horizon, judgement }) =>
    judgement.skipped
      .filter((skipped) => skipped.rule.id === rule.id)
      .map(({ reason }) => `horizon ${horizon}: ${reason}`),
  );
  if (skip !== undefined) return { skip: more.length === 0 ? skip : `${skip}; and ${more.length} more` };
  const held = findings('held');
  return held.length === 0 ? {} : { hold: worst(held) };
}

function missing({ at }: Rule, horizons: readonly HorizonJudgement[]): string {
  const given = horizons.filter(({ isGiven }) => isGiven).map(({ horizon }) => horizon);
  if (given.length === 0) return 'needs the horizons one by one: measure with --per-step-axis';
  return `horizon ${at} was not measured; the last is ${Math.max(...given)}`;
}

/** The finding that lies furthest on the wrong side of its bound, as a share of the bound; the first of equal ones. */
function worst<Found extends RuleFinding>(findings: readonly Found[]): Found {
  return findings.reduce((least, found) => (margin(found) < margin(least) ? found : least));
}

function margin({ rule, value, threshold }: RuleFinding): number {
  const distance = rule.operator.startsWith('<') ? value - threshold : threshold - value;
  return threshold === 0 ? distance : distance / Math.abs(threshold);
}
