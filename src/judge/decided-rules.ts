import type { JudgePlan } from '#plan.js';
import type { RunVerdict } from '#report/build.js';
import type { Rule } from '#rules/language/rule.js';
import type { StepJudgement } from '#rules/series/judgement.js';
import type { MetricValues } from '#rules/series/values.js';

/** Follows which of the rules that decide an exit code could be decided, over the judged steps of one run. */
export class DecidedRules {
  readonly #deciding: readonly Rule[];
  readonly #latestAlone: boolean;
  readonly #isSparse: boolean;
  /** By rule: judged steps that have a value of its own. */
  readonly #valued = new Map<string, number>();
  #decided = new Set<string>();
  #reasons = new Map<string, string>();
  #judged = 0;

  /** Without a rule at the level that fails, all that there are decide. */
  constructor(
    rules: readonly Rule[],
    { failOn, judge }: Pick<JudgePlan, 'failOn' | 'judge'>,
    isSparse = false,
  ) {
    const failing = rules.filter(({ level }) => level === 'error' || failOn === 'warn');
    this.#deciding = failing.length > 0 ? failing : rules;
    this.#latestAlone = judge === 'latest';
    this.#isSparse = isSparse;
  }

  add({ alerts, held, skipped }: StepJudgement, values: MetricValues): void {
    this.#judged += 1;
    if (this.#latestAlone) {
      this.#decided = new Set();
      this.#reasons = new Map();
    }
    for (const { rule } of [...alerts, ...held]) {
      this.#decided.add(rule.id);
      if (values[rule.metric] != null) this.#valued.set(rule.id, (this.#valued.get(rule.id) ?? 0) + 1);
    }
    for (const { rule, reason } of skipped) this.#reasons.set(rule.id, reason);
  }

  /**
   * Says what keeps the verdict from being a plain one: too few steps for a rule's patience, rules that nobody listed a
   * skip of and that never had a value, and whether none of those that decide had one.
   */
  verdict(): Pick<RunVerdict, 'early' | 'undecided' | 'isBlind'> {
    const { judged, needed } = this.#patience();
    const had = (rule: Rule) => this.#decided.has(rule.id);
    const lacked = this.#deciding.filter((rule) => !had(rule) && this.#reasons.has(rule.id));
    const isBlind = judged > 0 && !this.#deciding.some(had);
    // A share of what step 0 had is no bound that will apply later.
    const waits = isBlind && this.#deciding.some(({ id, of }) => !this.#reasons.has(id) && of !== 'highest');
    return {
      early: waits || judged < needed ? { judged, needed, reason: earlyText(judged, needed) } : null,
      undecided: lacked
        .filter(({ quiet, of }) => quiet && (of !== 'previous' || judged > 1))
        .map(({ id }) => ({ criterion: id, reason: this.#reasons.get(id)! })),
      isBlind: isBlind && !waits,
    };
  }

  /**
   * Counts the steps and those that the most patient rule waits for; where values are logged at steps of their own, of
   * the rule that is furthest from its patience, among those that had a value at all.
   */
  #patience(): { judged: number; needed: number } {
    const all = { judged: this.#judged, needed: mostPatient(this.#deciding) };
    if (!this.#isSparse) return all;
    const valued = this.#deciding.flatMap(({ id, forSteps }) => {
      const judged = this.#valued.get(id);
      return judged === undefined ? [] : [{ judged, needed: forSteps }];
    });
    return valued.reduce(
      (least, one) => (one.needed - one.judged > least.needed - least.judged ? one : least),
      valued[0] ?? { ...all, needed: 1 },
    );
  }
}

function mostPatient(rules: readonly Rule[]): number {
  return rules.reduce((most, { forSteps }) => Math.max(most, forSteps), 1);
}

/** Says that a verdict has to wait: 'too early to tell: 2 of 4 steps'. */
function earlyText(judged: number, needed: number): string {
  return `too early to tell: ${judged < needed ? `${judged} of ${needed} steps` : 'no rule applies yet'}`;
}
