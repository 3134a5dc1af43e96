import { marginOf, safeDirection } from '../language/comparison.js';
import type { Rule, RuleFinding } from '../language/rule.js';
import type { HorizonJudgement } from './judgement.js';

/** At most one of them; none where the rule does not apply to the step. */
export interface JoinedJudgement {
  readonly alert?: RuleFinding;
  readonly hold?: RuleFinding;
  readonly skip?: string;
}

/** Joins what a rule that is `at` horizons says of each: the worst of those it is at, and no pass where one is not decided. */
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
  return `horizon ${at} was not measured; the last is ${given.reduce((last, number) => Math.max(last, number))}`;
}

/** Picks the finding furthest on the wrong side of its bound, as a share of it; the first of equal ones. */
function worst(findings: readonly RuleFinding[]): RuleFinding {
  return findings.reduce((least, found) => (isWorse(found, least) ? found : least));
}

function isWorse(a: RuleFinding, b: RuleFinding): boolean {
  const [of, other] = [a, b].map(({ rule, value, threshold }) =>
    marginOf({ operator: rule.operator, value, threshold }),
  ) as [number, number];
  if (a.threshold !== 0 || b.threshold !== 0) return of < other;
  // All values on one side of 0 have the same share; those of one metric can be compared themselves.
  return safeDirection(a.rule.operator) * (a.value - b.value) < 0;
}
