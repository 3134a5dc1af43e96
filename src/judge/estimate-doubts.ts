import type { MetricId } from '#metrics/ids.js';
import type { StepHorizons, StepRecord } from '#report/record.js';
import { shortNumber } from '#rules/language/number-text.js';
import type { Rule, RuleFinding } from '#rules/language/rule.js';
import type { HorizonJudgement, StepJudgement } from '#rules/series/judgement.js';
import type { MetricValues } from '#rules/series/values.js';
import { horizonValues } from './judge-horizons.js';

type Errors = Partial<Record<MetricId, number>>;
type ErrorOf = (rule: Rule) => number;

/** A finding whose value and bound are within three standard errors of each other. */
interface Doubt {
  readonly finding: RuleFinding;
  readonly error: number;
}

/**
 * Notes which verdicts sampling leaves open: those of findings whose value and bound are within three standard errors
 * of each other. A relative bound has the error of what it is a share of, so the judged steps of one run are
 * remembered. Over horizons an alert is in doubt where each horizon that alerts is, and a rule that holds where one is.
 */
export class EstimateDoubts {
  readonly #whole: StandardErrors;
  readonly #horizons = new Map<number, StandardErrors>();

  /** @param initialIsSupplied The baseline of `pairwise_pred_dist_mean` was given, and has no error. */
  constructor(initialIsSupplied: boolean) {
    this.#whole = new StandardErrors(initialIsSupplied);
  }

  /** One sentence, without its full stop, for each rule of the next judged step that is in doubt. */
  notes(record: StepRecord, { alerts, held, horizons }: StepJudgement): string[] {
    const ofWhole = this.#whole.next(record.metrics, errorsOf(record.estimates));
    const ofHorizon = this.#nextOfHorizons(record);
    const doubts = (findings: readonly RuleFinding[], list: 'alerts' | 'held') =>
      findings.flatMap((finding) =>
        finding.horizon === undefined
          ? (doubtOf(finding, ofWhole) ?? [])
          : (doubtOverHorizons(finding, horizons, ofHorizon, list) ?? []),
      );
    return [...doubts(alerts, 'alerts'), ...doubts(held, 'held')].map(sentence);
  }

  #nextOfHorizons(record: StepRecord): ReadonlyMap<number, ErrorOf> {
    for (const number of record.horizons?.numbers ?? []) {
      if (!this.#horizons.has(number)) this.#horizons.set(number, new StandardErrors(false));
    }
    const values = new Map(horizonValues(record).map((horizon) => [horizon.number, horizon.values]));
    return new Map(
      [...this.#horizons].map(([number, series]) => [
        number,
        series.next(values.get(number) ?? {}, errorsAt(number, record.horizons)),
      ]),
    );
  }
}

/** The standard errors of one run's values, or of one horizon's, and of what relative bounds are a share of. */
class StandardErrors {
  readonly #initialIsSupplied: boolean;
  #baseline: Errors | null = null;
  #previous: Errors = {};
  readonly #peak: Partial<Record<MetricId, { value: number; error: number }>> = {};

  constructor(initialIsSupplied: boolean) {
    this.#initialIsSupplied = initialIsSupplied;
  }

  /** What the next judged step's rules compare, value less bound, has this standard error. Good until the next call. */
  next(values: MetricValues, errors: Errors): ErrorOf {
    const baseline = this.#baseline ?? errors;
    const previous = this.#previous;
    this.#baseline = baseline;
    this.#previous = errors;
    for (const [id, value] of Object.entries(values) as [MetricId, number | null][]) {
      if (value === null || value <= (this.#peak[id]?.value ?? Number.NEGATIVE_INFINITY)) continue;
      this.#peak[id] = { value, error: errors[id] ?? 0 };
    }
    const ofReference = ({ of, metric }: Rule): number => {
      if (of === null) return 0;
      if (of === 'reference') return 0;
      if (of === 'previous') return previous[metric] ?? 0;
      if (of === 'peak' || of === 'highest' || of === 'trained peak') return this.#peak[metric]?.error ?? 0;
      if (of !== 'baseline') return errors[of] ?? 0;
      return metric === 'pairwise_pred_dist_mean' && this.#initialIsSupplied ? 0 : (baseline[metric] ?? 0);
    };
    return (rule) => Math.hypot(errors[rule.metric] ?? 0, rule.factor * ofReference(rule));
  }
}

function errorsOf(estimates: StepRecord['estimates']): Errors {
  return Object.fromEntries(Object.entries(estimates).map(([id, { standardError }]) => [id, standardError]));
}

function errorsAt(number: number, horizons: StepHorizons | undefined): Errors {
  const at = horizons?.numbers.indexOf(number) ?? -1;
  return Object.fromEntries(
    Object.entries(horizons?.estimates ?? {}).map(([id, all]) => [id, all[at]?.standardError ?? 0]),
  );
}

function doubtOf(finding: RuleFinding, errorOf: ErrorOf): Doubt | null {
  const error = errorOf(finding.rule);
  return error > 0 && Math.abs(finding.value - finding.threshold) <= 3 * error ? { finding, error } : null;
}

/** Finds the doubt to name: that of the horizon that the rule is worst at, where it is among those in doubt. */
function doubtOverHorizons(
  { rule, horizon: worst }: RuleFinding,
  horizons: readonly HorizonJudgement[],
  errorOf: ReadonlyMap<number, ErrorOf>,
  list: 'alerts' | 'held',
): Doubt | null {
  const doubts = horizons
    .filter(({ horizon }) => rule.at === 'any horizon' || rule.at === horizon)
    .flatMap(({ horizon, judgement }) =>
      judgement[list]
        .filter((own) => own.rule.id === rule.id)
        .map((own) => doubtOf({ ...own, horizon }, errorOf.get(horizon)!)),
    );
  const open = doubts.filter((doubt) => doubt !== null);
  if (list === 'alerts' && open.length < doubts.length) return null;
  return open.find(({ finding }) => finding.horizon === worst) ?? open[0] ?? null;
}

function sentence({ finding: { rule, value, threshold, horizon }, error }: Doubt): string {
  const what = horizon === undefined ? rule.metric : `${rule.metric} of horizon ${horizon}`;
  const near = `${shortNumber(value)} and its bound ${shortNumber(threshold)}`;
  const within = `within three standard errors of sampling (${shortNumber(error)} each)`;
  return `${rule.id} is in doubt: ${what} ${near} are ${within}; \`--pairwise exact\` would settle it`;
}
