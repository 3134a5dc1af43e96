import { LazyObject, READ, WRITE } from '#report/lazy-object.js';
import type { StepRecord } from '#report/record.js';
import { same } from '#report/same.js';
import type { ReportHeld, ReportStep } from '#report/types.js';
import type { RuleFinding } from '#rules/language/rule.js';

/** What the rules say of a step, but for `held`, which follows `alerts`. */
export type Judgement = Pick<ReportStep, 'judged' | 'alerts' | 'skipped'> & Partial<Omit<ReportStep, 'held'>>;

/** What most steps of a run share: rules, what they compare with, and that the values are those of the step's metrics. */
interface Held {
  readonly rules: readonly Pick<RuleFinding, 'rule' | 'horizon'>[];
  readonly thresholds: readonly number[];
  /** null where each is the step's value of its rule's metric. */
  readonly values: readonly number[] | null;
}

/** Of a record: of all steps of a run the same, or no matter of the report. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['type', 'schemaVersion', 'run', 'fingerprint', 'remarks', 'digest', 'positions', 'verdict'],
  ...['branch', 'stepsFrom', 'measuredElsewhere'],
]);

/** Makes the steps of one run's report, which are their records and, mostly shared, what the rules say of them. */
export class JudgedSteps {
  #names: readonly string[] = [];
  #judgement: Judgement | undefined;
  #held: Held = { rules: [], thresholds: [], values: null };

  /** @param values Those of the record's metrics, which would be made once more. */
  of(
    record: StepRecord,
    judgement: Judgement,
    values: StepRecord['metrics'],
    held: readonly RuleFinding[],
  ): ReportStep {
    this.#judgement = same(this.#judgement, judgement);
    this.#held = heldOf(values, held, this.#held);
    const measured = Object.keys(record).filter((name) => !LEFT_OUT.has(name));
    const own = Object.keys(judgement).flatMap((name) => (name === 'alerts' ? [name, 'held'] : [name]));
    this.#names = same(this.#names, [...new Set([...measured, ...own])]);
    return new JudgedStep(this.#names, record, this.#judgement, this.#held) as unknown as ReportStep;
  }
}

class JudgedStep extends LazyObject {
  readonly #record: StepRecord;
  #judgement: Judgement;
  readonly #held: Held;

  constructor(names: readonly string[], record: StepRecord, judgement: Judgement, held: Held) {
    super(names);
    this.#record = record;
    this.#judgement = judgement;
    this.#held = held;
  }

  [READ](name: string): unknown {
    if (Object.hasOwn(this.#judgement, name)) return this.#judgement[name as keyof Judgement];
    if (name !== 'held') return this.#record[name as keyof StepRecord];
    const { metrics } = this.#record;
    const { rules, thresholds, values } = this.#held;
    return rules.map(({ rule, horizon }, i) =>
      findingOf(rule, values?.[i] ?? metrics[rule.metric]!, thresholds[i]!, horizon),
    );
  }

  [WRITE](name: string, value: unknown): void {
    this.#judgement = { ...this.#judgement, [name]: value };
  }
}

function heldOf(metrics: StepRecord['metrics'], findings: readonly RuleFinding[], before: Held): Held {
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
  return {
    rules: isAsBefore ? before.rules : findings.map(({ rule, horizon }) => ({ rule, horizon: horizon! })),
    thresholds: findings.map(({ threshold }) => threshold),
    values: areOfStep ? null : findings.map(({ value }) => value),
  };
}

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
