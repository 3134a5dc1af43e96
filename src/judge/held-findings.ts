import type { ReportHeld } from '#report/types.js';
import type { RuleFinding } from '#rules/language/rule.js';

const PACKED = Symbol('held');

/** What most steps of a run share: rules, what they compare with, and that the values are those of the step's metrics. */
interface Packed {
  readonly rules: readonly Pick<RuleFinding, 'rule' | 'horizon'>[];
  readonly thresholds: readonly number[];
  /** null where each is the step's value of its rule's metric. */
  readonly values: readonly number[] | null;
}

type WithMetrics = { readonly metrics: Readonly<Partial<Record<string, number | null>>> };

/** Gives steps of one run their `held`, whose objects are made when they are asked for: of a long run most never are. */
export class HeldFindings {
  #before: Packed = { rules: [], thresholds: [], values: null };

  addTo<Step extends WithMetrics>(
    step: Step,
    findings: readonly RuleFinding[],
  ): Step & { readonly held: readonly ReportHeld[] } {
    Object.defineProperty(step, PACKED, { value: this.#packed(step, findings) });
    return Object.defineProperty(step, 'held', HELD) as Step & { readonly held: readonly ReportHeld[] };
  }

  #packed({ metrics }: WithMetrics, findings: readonly RuleFinding[]): Packed {
    const before = this.#before;
    const isAsBefore =
      findings.length === before.rules.length &&
      findings.every(
        ({ rule, horizon }, i) => rule === before.rules[i]!.rule && horizon === before.rules[i]!.horizon,
      );
    const areOfStep = findings.every(
      ({ rule, horizon, value }) => horizon === undefined && Object.is(metrics[rule.metric], value),
    );
    const isSame =
      isAsBefore &&
      areOfStep &&
      before.values === null &&
      findings.every(({ threshold }, i) => Object.is(threshold, before.thresholds[i]));
    if (isSame) return before;
    this.#before = {
      rules: isAsBefore ? before.rules : findings.map(({ rule, horizon }) => ({ rule, horizon: horizon! })),
      thresholds: findings.map(({ threshold }) => threshold),
      values: areOfStep ? null : findings.map(({ value }) => value),
    };
    return this.#before;
  }
}

/** One for all steps, which keep one shape by it. */
const HELD: PropertyDescriptor & ThisType<WithMetrics & { readonly [PACKED]: Packed }> = {
  enumerable: true,
  get() {
    const { metrics } = this;
    const { rules, thresholds, values } = this[PACKED];
    return rules.map(({ rule, horizon }, i) =>
      findingOf(rule, values?.[i] ?? metrics[rule.metric]!, thresholds[i]!, horizon),
    );
  },
};

export function toFinding({ rule, value, threshold, horizon }: RuleFinding): ReportHeld {
  return findingOf(rule, value, threshold, horizon);
}

/** One object of one shape, as there are dozens a step. */
function findingOf(
  { id: criterion, metric, operator, level }: RuleFinding['rule'],
  value: number,
  threshold: number,
  horizon: RuleFinding['horizon'],
): ReportHeld {
  return horizon === undefined
    ? { criterion, metric, operator, value, threshold, level }
    : { criterion, metric, operator, value, threshold, level, horizon };
}
