import { InputError } from '#errors.js';
import type { MetricId } from '#metrics/ids.js';
import {
  isOfEarlierSteps,
  type Rule,
  type RuleAlert,
  type RuleFinding,
  type RuleSkip,
} from '../language/rule.js';
import { evaluateRule } from './evaluate-rule.js';
import { checkInitialDistance } from './initial-distance.js';
import { joinHorizons } from './join-horizons.js';
import type { HorizonJudgement, StepJudgement } from './judgement.js';
import { Peaks } from './peaks.js';
import { isRecovering } from './recovery.js';
import {
  type JudgedValues,
  type PendingCount,
  parseSeriesState,
  type RuleSeriesState,
} from './series-state.js';
import { checkStep } from './step-number.js';
import { Trend } from './trend.js';
import {
  finiteValue,
  finiteValues,
  type MetricReasons,
  type MetricValues,
  type References,
} from './values.js';

/** Where the baseline of a `RuleSeries` comes from, and how densely its values are logged. */
export interface RuleSeriesOptions {
  /** Takes the first judged step's place as the baseline of `pairwise_pred_dist_mean`; finite and >= 0. */
  readonly initialPairwisePredDistMean?: number | null | undefined;
  /**
   * Values are logged at steps of their own. A value that is absent, and not null, was not logged: what was found of it
   * stands until it is, and rows of steps, baselines and previous values pass over the step.
   */
  readonly isSparse?: boolean;
}

/** One step, as the rules see it. */
export interface JudgeInput {
  /** null: the step has no number. */
  readonly step: number | null;
  readonly values: MetricValues;
  /** Why a metric has no value; it becomes part of the skip's reason. */
  readonly unavailable?: MetricReasons | undefined;
  /** The same of each horizon, for rules that are `at` horizons. */
  readonly horizons?: readonly HorizonValues[] | undefined;
  /** What a reference has at this step, for rules that are a share of it; without one they are skipped. */
  readonly reference?: MetricValues | undefined;
  /** Why it has nothing. */
  readonly noReference?: string | undefined;
  /** By rule id: rules that must not be decided at this step, with the reason. */
  readonly skips?: Readonly<Record<string, string>> | undefined;
}

/** One horizon of a step, as the rules see it. */
export interface HorizonValues {
  /** From 1 on. */
  readonly number: number;
  readonly values: MetricValues;
  readonly unavailable?: MetricReasons | undefined;
}

/** The value that a rule `of baseline` compares with, in the unit of its metric. */
export interface Baseline {
  /** The step the value came from; null where it was supplied or the step has no number. */
  readonly step: number | null;
  readonly value: number;
  readonly source: 'first step' | 'supplied';
}

/**
 * Judges rules over the judged steps of one run, in the order they are given: a thin shell around `evaluateRule` that
 * remembers what relative bounds and `for N` need.
 *
 * - `baseline` is the first judged step, itself included: there a rule `< 50% of baseline` compares the value with
 *   half of itself. A metric that has no value at that step has no baseline for the whole series.
 * - `previous` is the last judged step; where it lacks the metric, the rule is skipped.
 * - `peak` is the maximum over the earlier judged steps and this one; `highest` is the same with step 0 before them,
 *   which is noted and not judged; without a step 0 its rules do not apply.
 * - `for N` alerts from the Nth tripped step in a row on. A skip breaks the row, as a step that holds does.
 * - `after S` leaves out steps that are not greater than S; they do not count for `for N`. A step without a number
 *   is left out, as a skip, where S > 0.
 * - `at any horizon` and `at horizon N` judge each horizon as a series of its own, with its own baseline, previous
 *   value, peak and row of steps. The rule alerts where one of them does, and names the one it is worst at; it is
 *   skipped where none alerts and one cannot be decided.
 *
 * A skip is never a pass: NaN, infinite, null and missing values are listed with a reason.
 */
export class RuleSeries {
  readonly rules: readonly Rule[];
  readonly #initial: number | null;
  #baseline: Judged | null = null;
  #previous: Judged | null = null;
  #peaks = new Peaks();
  #trend = new Trend();
  #pending = new Map<string, PendingCount>();
  /** The rules of `rules` that are at horizons, as rules of the series of one. */
  readonly #rulesOfHorizons: readonly Rule[];
  readonly #horizons = new Map<number, RuleSeries>();
  readonly #isSparse: boolean;
  /** By rule, where values are sparse: what was found when its values were last logged. */
  readonly #standing = new Map<string, Applied>();

  /**
   * @throws InputError E224 for rules that are no array, when two share an id, a rule's `forSteps` is not an integer
   * > 0, or the supplied initial distance is not a finite number >= 0.
   */
  constructor(
    rules: readonly Rule[],
    { initialPairwisePredDistMean = null, isSparse = false }: RuleSeriesOptions = {},
  ) {
    if (!Array.isArray(rules)) throw new InputError('E224', `rules must be an array, not ${String(rules)}`);
    const ids = new Set<string>();
    for (const { id, forSteps } of rules) {
      if (ids.has(id)) throw new InputError('E224', `two rules have the id ${id}`, { fields: { id } });
      if (!Number.isSafeInteger(forSteps) || forSteps < 1) {
        throw new InputError('E224', `rule ${id}: "for ${forSteps}" needs an integer > 0`, {
          fields: { id, forSteps },
        });
      }
      ids.add(id);
    }
    this.rules = [...rules];
    this.#rulesOfHorizons = rules.filter(({ at }) => at !== undefined).map(({ at: _, ...rule }) => rule);
    this.#initial = checkInitialDistance(initialPairwisePredDistMean);
    this.#isSparse = isSparse;
  }

  /** Remembers a step of a network that is not trained yet, before the first judged one: it counts for `highest` alone. */
  noteUntrained({ values, horizons = [] }: Pick<JudgeInput, 'values' | 'horizons'>): void {
    this.#peaks.noteUntrained(values);
    for (const own of this.#seriesOf(horizons)) own.series.noteUntrained(own);
  }

  /**
   * Judges one step and remembers it.
   *
   * @throws InputError E224 unless the step is null or finite and >= 0 (`epoch_0.5`); nothing is remembered then.
   */
  judge({
    step,
    values,
    unavailable = {},
    horizons = [],
    reference,
    noReference,
    skips = {},
  }: JudgeInput): StepJudgement {
    if (step !== null && !(step >= 0 && step <= Number.MAX_SAFE_INTEGER)) checkStep(step);
    // Whoever has the values may write to them after this.
    const judged = { step, values: { ...values } };
    this.#baseline ??= judged;
    if (this.#isSparse)
      this.#baseline = { ...this.#baseline, values: { ...values, ...this.#baseline.values } };
    this.#peaks.add(values, this.#previous?.values ?? {});
    const { values: earlier, peak: earlierPeak } = this.#trend.start;
    const references: References = {
      baseline: this.#baselineValues(),
      previous: this.#previous?.values ?? {},
      earlier,
      earlierPeak,
      ...this.#peaks.references(judged.values),
      reference,
      noReference,
    };

    const alerts: RuleAlert[] = [];
    const held: RuleFinding[] = [];
    const pending: RuleFinding[] = [];
    const skipped: RuleSkip[] = [];
    const ofHorizons = this.#judgeHorizons(step, horizons, skips);
    for (const rule of this.rules) {
      if (rule.at !== undefined) {
        const { alert, hold, skip } = joinHorizons(rule, step, ofHorizons);
        if (alert !== undefined) alerts.push(alert);
        if (hold !== undefined) held.push(hold);
        if (skip !== undefined) skipped.push({ rule, reason: skip });
        continue;
      }
      const { count, finding, trips, skip } = this.#apply(rule, step, values, references, unavailable, skips);
      if (count > 0) this.#pending.set(rule.id, { expression: rule.expression, count });
      else this.#pending.delete(rule.id);
      if (finding !== undefined) {
        const isAlert = count >= rule.forSteps;
        (isAlert ? alerts : held).push(finding);
        if (trips && !isAlert) pending.push(finding);
      }
      if (skip !== undefined) skipped.push({ rule, reason: skip });
    }
    this.#previous = this.#isSparse ? { step, values: { ...this.#previous?.values, ...values } } : judged;
    this.#trend.add(this.#previous.values, this.#peaks.peak);
    return { alerts, held, pending, skipped, horizons: ofHorizons };
  }

  /** What `metric` is compared with under `of baseline`; null before the first judged step or without a value there. */
  baselineOf(metric: MetricId): Baseline | null {
    if (metric === 'pairwise_pred_dist_mean' && this.#initial !== null) {
      return { step: null, value: this.#initial, source: 'supplied' };
    }
    const value = finiteValue(this.#baseline?.values ?? {}, metric);
    return value === null ? null : { step: this.#baseline!.step, value, source: 'first step' };
  }

  /** The whole memory as plain JSON. Feeding it to `fromJSON` with the same rules continues the series unchanged. */
  toJSON(): RuleSeriesState {
    return structuredClone({
      version: 1,
      initialPairwisePredDistMean: this.#initial,
      baseline: finite(this.#baseline),
      previous: finite(this.#previous),
      ...this.#peaks.toJSON(),
      ...(this.#previous === null ? {} : { trend: this.#trend.toJSON() }),
      pending: Object.fromEntries(this.#pending),
      ...(this.#horizons.size === 0
        ? {}
        : { horizons: Object.fromEntries([...this.#horizons].map(([n, series]) => [n, series.toJSON()])) }),
    });
  }

  /**
   * Continues a series from what `toJSON` gave. Counts of rules that are no longer there, or that read differently
   * under the same id, start anew.
   *
   * @throws InputError E224 when the state is not valid, naming the field.
   */
  static fromJSON(rules: readonly Rule[], state: unknown): RuleSeries {
    const parsed = parseSeriesState(state);
    const series = new RuleSeries(rules, {
      initialPairwisePredDistMean: parsed.initialPairwisePredDistMean,
    });
    series.#baseline = parsed.baseline;
    series.#previous = parsed.previous;
    series.#peaks = Peaks.fromJSON(parsed);
    if (parsed.trend !== undefined) series.#trend = Trend.fromJSON(parsed.trend);
    else if (parsed.previous !== null) series.#trend.add(parsed.previous.values, parsed.peak);
    const pending = new Map(Object.entries(parsed.pending));
    for (const { id, expression } of rules) {
      const entry = pending.get(id);
      if (entry?.expression === expression) series.#pending.set(id, entry);
    }
    for (const [number, own] of Object.entries(parsed.horizons ?? {})) {
      series.#horizons.set(Number(number), RuleSeries.fromJSON(series.#rulesOfHorizons, own));
    }
    return series;
  }

  /** Every horizon met so far is judged: one that is missing now has no values, and its rows of steps break. */
  #judgeHorizons(
    step: number | null,
    given: readonly HorizonValues[],
    skips: Readonly<Record<string, string>>,
  ): HorizonJudgement[] {
    this.#seriesOf(given);
    return [...this.#horizons].map(([horizon, series]) => {
      const own = given.find(({ number }) => number === horizon);
      const judgement = series.judge({
        step,
        values: own?.values ?? {},
        unavailable: own?.unavailable,
        skips,
      });
      return { horizon, isGiven: own !== undefined, judgement };
    });
  }

  /** The series of each horizon that is given; none where no rule is at a horizon. */
  #seriesOf(given: readonly HorizonValues[]): (HorizonValues & { series: RuleSeries })[] {
    const rules = this.#rulesOfHorizons;
    if (rules.length === 0) return [];
    return given.map((own) => {
      const series = this.#horizons.get(own.number) ?? new RuleSeries(rules);
      this.#horizons.set(own.number, series);
      return { ...own, series };
    });
  }

  #baselineValues(): MetricValues {
    const first = this.#baseline?.values ?? {};
    return this.#initial === null ? first : { ...first, pairwise_pred_dist_mean: this.#initial };
  }

  #apply(
    rule: Rule,
    step: number | null,
    values: MetricValues,
    references: References,
    unavailable: MetricReasons,
    skips: Readonly<Record<string, string>>,
  ): Applied {
    if (rule.after !== null) {
      if (step === null && rule.after > 0) {
        return { count: 0, skip: `holds after step ${rule.after}, and this step has no number` };
      }
      if (step !== null && step <= rule.after) return { count: 0 };
    }
    if (Object.hasOwn(skips, rule.id)) return { count: 0, skip: skips[rule.id]! };
    if (rule.of === 'highest' && !this.#peaks.hasUntrained) return { count: 0 };
    if (!this.#isSparse) return this.#decide(rule, values, references, unavailable);
    const standing = this.#standing.get(rule.id);
    const isLogged = metricsOf(rule).every((id) => values[id] !== undefined);
    if (standing !== undefined && !isLogged) return standing;
    const applied = this.#decide(rule, values, references, unavailable);
    if (isLogged) this.#standing.set(rule.id, applied);
    return applied;
  }

  #decide(rule: Rule, values: MetricValues, references: References, unavailable: MetricReasons): Applied {
    const outcome = evaluateRule(rule, values, references, unavailable);
    if (outcome.outcome === 'skipped') return { count: 0, skip: outcome.reason };
    const finding = { rule, value: outcome.value, threshold: outcome.threshold };
    if (outcome.outcome === 'holds') return { count: 0, finding };
    const count = this.#pending.get(rule.id)?.count ?? 0;
    if (count < rule.forSteps && isRecovering(rule, values, references)) {
      return { count, finding, trips: true };
    }
    return { count: count + 1, finding, trips: true };
  }
}

/** What a rule comes to at a step, and the row of steps that it has tripped at. */
interface Applied {
  readonly count: number;
  readonly finding?: RuleFinding;
  readonly trips?: true;
  readonly skip?: string;
}

/** Lists the metrics whose values at a step decide a rule. */
function metricsOf(rule: Rule): MetricId[] {
  const named = [rule, ...(rule.where ?? []), ...(rule.unless?.flat() ?? [])].flatMap(({ metric, of }) => [
    metric,
    of,
  ]);
  return named.filter(
    (name): name is MetricId => name != null && name !== 'reference' && !isOfEarlierSteps(name),
  );
}

/** A judged step with all its values, also those that are not finite. */
interface Judged {
  readonly step: number | null;
  readonly values: MetricValues;
}

function finite(judged: Judged | null): JudgedValues | null {
  return judged === null ? null : { step: judged.step, values: finiteValues(judged.values) };
}
