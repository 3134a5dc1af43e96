import type { ReportHeld } from '#report/types.js';
import type { RuleFinding } from '#rules/language/rule.js';

const PACKED = Symbol('held');

/** Findings as their values and then their thresholds, beside what most steps of a run share. */
interface Packed {
  readonly shared: readonly Omit<RuleFinding, 'value' | 'threshold'>[];
  readonly numbers: readonly number[];
}

/** Gives steps of one run their `held`, whose objects are made when they are asked for: of a long run most never are. */
export class HeldFindings {
  #shared: Packed['shared'] = [];

  addTo<Step extends object>(
    step: Step,
    findings: readonly RuleFinding[],
  ): Step & { readonly held: readonly ReportHeld[] } {
    const isAsBefore =
      findings.length === this.#shared.length &&
      findings.every(({ rule, horizon }, i) => {
        const before = this.#shared[i]!;
        return rule === before.rule && horizon === before.horizon;
      });
    if (!isAsBefore) this.#shared = findings.map(({ rule, horizon }) => ({ rule, horizon: horizon! }));
    const values = findings.map(({ value }) => value);
    const numbers = values.concat(findings.map(({ threshold }) => threshold));
    Object.defineProperty(step, PACKED, { value: { shared: this.#shared, numbers } satisfies Packed });
    return Object.defineProperty(step, 'held', HELD) as Step & { readonly held: readonly ReportHeld[] };
  }
}

/** One for all steps, which keep one shape by it. */
const HELD: PropertyDescriptor & ThisType<{ readonly [PACKED]: Packed }> = {
  enumerable: true,
  get() {
    const { shared, numbers } = this[PACKED];
    return shared.map(({ rule, horizon }, i) =>
      findingOf(rule, numbers[i]!, numbers[shared.length + i]!, horizon),
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
