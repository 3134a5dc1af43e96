import { InputError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';

type Numbers = Readonly<Partial<Record<MetricId, number>>>;

/** The values of a judged step, as a series remembers them. */
export interface JudgedValues {
  readonly step: number | null;
  /** The finite values; a metric without one is absent. */
  readonly values: Numbers;
}

/** How many steps in a row a rule has tripped at. */
export interface PendingCount {
  /** The rule the count belongs to: a rule that changed under the same id starts anew. */
  readonly expression: string;
  readonly count: number;
}

/** What a series was a while ago: see `Trend`. */
export interface TrendState {
  /** How many steps were judged. */
  readonly count: number;
  readonly marks: readonly { readonly at: number; readonly values: Numbers; readonly peak: Numbers }[];
}

/** All that a `RuleSeries` remembers, as plain JSON. */
export interface RuleSeriesState {
  readonly version: 1;
  /** A supplied initial `pairwise_pred_dist_mean`; null where the first judged step gives it. */
  readonly initialPairwisePredDistMean: number | null;
  /** The first judged step; null before it. */
  readonly baseline: JudgedValues | null;
  /** The last judged step. */
  readonly previous: JudgedValues | null;
  /** Per metric, the maximum over the judged steps. */
  readonly peak: Numbers;
  /** Step 0, where there was one. */
  readonly untrained?: Numbers;
  /** Per metric whose peak was a spike, the level that the run has reached. */
  readonly level?: Numbers;
  /** Per metric that has risen, the level since. */
  readonly trainedPeak?: Numbers;
  /** Per metric that has not risen since step 0, the value it fell to last. */
  readonly lowest?: Numbers;
  /** And for how many steps it has been about there. */
  readonly steady?: Numbers;
  /** Per metric, the lower of the last two values. */
  readonly lastTwo?: Numbers;
  /** Where movements are measured from; absent in a state of an earlier version, which goes on from the last step. */
  readonly trend?: TrendState;
  /** By rule id: how many judged steps in a row the rule was tripped. Zeros are left out. */
  readonly pending: Readonly<Record<string, PendingCount>>;
  /** By horizon, what the rules over horizons remember; absent where there are none. */
  readonly horizons?: Readonly<Record<string, RuleSeriesState>>;
}

/**
 * Checks that `state` is what `RuleSeries.toJSON` gives, at any depth, and returns it typed.
 *
 * @throws InputError E224, naming the field that is wrong.
 */
export function parseSeriesState(state: unknown): RuleSeriesState {
  const {
    version,
    initialPairwisePredDistMean,
    baseline,
    previous,
    peak,
    untrained,
    level,
    trainedPeak,
    lowest,
    steady,
    lastTwo,
    trend,
    pending,
    horizons,
  } = asObject(state, 'state');
  if (version !== 1) invalid('version', 'must be 1', version);
  const initial =
    initialPairwisePredDistMean === null
      ? null
      : asNumber(initialPairwisePredDistMean, 'initialPairwisePredDistMean');
  if (initial !== null && initial < 0) invalid('initialPairwisePredDistMean', 'must be >= 0', initial);
  const first = asJudged(baseline, 'baseline');
  const last = asJudged(previous, 'previous');
  if ((first === null) !== (last === null)) {
    invalid('previous', 'must be null exactly where baseline is', previous);
  }
  return {
    version: 1,
    initialPairwisePredDistMean: initial,
    baseline: first,
    previous: last,
    peak: asNumbers(peak, 'peak'),
    ...(untrained === undefined ? {} : { untrained: asNumbers(untrained, 'untrained') }),
    ...(level === undefined ? {} : { level: asNumbers(level, 'level') }),
    ...(trainedPeak === undefined ? {} : { trainedPeak: asNumbers(trainedPeak, 'trainedPeak') }),
    ...(lowest === undefined ? {} : { lowest: asNumbers(lowest, 'lowest') }),
    ...(steady === undefined ? {} : { steady: asNumbers(steady, 'steady') }),
    ...(lastTwo === undefined ? {} : { lastTwo: asNumbers(lastTwo, 'lastTwo') }),
    ...(trend === undefined ? {} : { trend: asTrend(trend) }),
    pending: asPending(pending),
    ...(horizons === undefined ? {} : { horizons: asHorizons(horizons) }),
  };
}

function asHorizons(value: unknown): Record<string, RuleSeriesState> {
  const entries = Object.entries(asObject(value, 'horizons')).map(([number, state]) => {
    if (!/^[1-9]\d*$/.test(number)) invalid(`horizons.${number}`, 'must be a number from 1 on', number);
    return [number, parseSeriesState(state)] as const;
  });
  return Object.fromEntries(entries);
}

function asJudged(value: unknown, field: string): JudgedValues | null {
  if (value === null) return null;
  const { step, values } = asObject(value, field);
  if (step !== null && !(Number.isSafeInteger(step) && (step as number) >= 0)) {
    invalid(`${field}.step`, 'must be an integer >= 0 or null', step);
  }
  return { step: step as number | null, values: asNumbers(values, `${field}.values`) };
}

function asTrend(value: unknown): TrendState {
  const { count, marks } = asObject(value, 'trend');
  if (!Array.isArray(marks)) invalid('trend.marks', 'must be an array', marks);
  return {
    count: asNumber(count, 'trend.count'),
    marks: (marks as unknown[]).map((mark, i) => {
      const field = `trend.marks.${i}`;
      const { at, values, peak } = asObject(mark, field);
      return {
        at: asNumber(at, `${field}.at`),
        values: asNumbers(values, `${field}.values`),
        peak: asNumbers(peak, `${field}.peak`),
      };
    }),
  };
}

function asNumbers(value: unknown, field: string): Numbers {
  const numbers: Partial<Record<MetricId, number>> = {};
  for (const [id, number] of Object.entries(asObject(value, field))) {
    if (!(METRIC_IDS as readonly string[]).includes(id)) {
      invalid(`${field}.${id}`, 'is not a metric of this version', number);
    }
    numbers[id as MetricId] = asNumber(number, `${field}.${id}`);
  }
  return numbers;
}

function asPending(value: unknown): Record<string, PendingCount> {
  const entries = Object.entries(asObject(value, 'pending')).map(([id, entry]) => {
    const { expression, count } = asObject(entry, `pending.${id}`);
    if (typeof expression !== 'string') invalid(`pending.${id}.expression`, 'must be a string', expression);
    if (!Number.isSafeInteger(count) || (count as number) < 1) {
      invalid(`pending.${id}.count`, 'must be an integer > 0', count);
    }
    return [id, { expression: expression as string, count: count as number }] as const;
  });
  return Object.fromEntries(entries);
}

function asObject(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    invalid(field, 'must be an object', value);
  }
  return value as Record<string, unknown>;
}

function asNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) invalid(field, 'must be a finite number', value);
  return value as number;
}

function invalid(field: string, must: string, actual: unknown): never {
  throw new InputError('E224', `the rule series' state is not valid: ${field} ${must}`, {
    fields: { field, actual },
    hint: 'pass what toJSON() gave, unchanged',
  });
}
