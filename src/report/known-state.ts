import { METRIC_IDS } from '#metrics/ids.js';

type Test = (value: unknown) => boolean;
type Tests = Readonly<Record<string, Test>>;

/*
 * What `schema.state` accepts, without the time that loading a validator takes, of values that JSON has: records that were
 * measured here, and nothing that the schema does not accept (test/report/known-state.test.ts).
 */

const isText: Test = (value) => typeof value === 'string';
const isNumber: Test = (value) => Number.isFinite(value);
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isPositive: Test = (value) => isCount(value) && value !== 0;
const isInteger: Test = (value) => Number.isSafeInteger(value);
const isStep: Test = (value) => value === null || (Number.isFinite(value) && (value as number) >= 0);
const isNumberOrNull: Test = (value) => value === null || Number.isFinite(value);
const METRICS: ReadonlySet<unknown> = new Set(METRIC_IDS);
const isMetric: Test = (value) => METRICS.has(value);

const oneOf =
  (...values: unknown[]): Test =>
  (value) =>
    values.includes(value);
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(isKey: Test, test: Test): Test {
  return (value) => {
    if (!isObject(value)) return false;
    for (const key of Object.keys(value)) if (!isKey(key) || !test(value[key])) return false;
    return true;
  };
}

function shape(required: Tests, optional: Tests = {}): Test {
  const tests = new Map(Object.entries({ ...optional, ...required }));
  const least = Object.keys(required).length;
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    for (const key of Object.keys(value)) {
      if (tests.get(key)?.(value[key]) !== true) return false;
      if (Object.hasOwn(required, key)) found++;
    }
    return found === least;
  };
}

const byMetric = (test: Test): Test => mapOf(isMetric, test);

const stored = { path: isText, dtype: isText, shape: listOf(isCount) };
const input = shape(stored, {
  key: isText,
  parts: listOf(shape({ ...stored, rank: isCount }, { key: isText })),
});

const estimate = shape({
  method: oneOf('sampled'),
  pairs: isPositive,
  standardError: (value) => isNumber(value) && isStep(value),
});

const isHorizons = shape({
  axis: isCount,
  size: isPositive,
  numbers: listOf(isPositive),
  rows: listOf(isCount),
  metrics: byMetric(listOf(isNumberOrNull)),
  unavailable: byMetric(listOf(shape({ reason: isText, horizons: listOf(isPositive) }))),
  estimates: byMetric(listOf(orNull(estimate))),
});
type Lists = Readonly<Record<string, readonly unknown[]>>;
const horizons: Test = (value) => {
  if (!isHorizons(value)) return false;
  const { numbers, rows, metrics, estimates } = value as unknown as {
    readonly numbers: readonly unknown[];
    readonly rows: readonly unknown[];
    readonly metrics: Lists;
    readonly estimates: Lists;
  };
  const lists = [rows, ...Object.values(metrics), ...Object.values(estimates)];
  return numbers.length > 0 && lists.every(({ length }) => length === numbers.length);
};

const fingerprint = shape(
  {
    metrics: listOf(isMetric),
    klReg: oneOf('auto', 'computed', 'none', 'supplied'),
    klFrom: oneOf('target', 'prediction'),
    pairwise: isText,
    seed: isInteger,
  },
  { mask: oneOf('none'), maskKeeps: oneOf(0, 1), perStepAxis: isInteger, sampleAxis: isInteger },
);

const isRecord = shape(
  {
    type: oneOf('step'),
    schemaVersion: oneOf(1),
    run: isText,
    step: isStep,
    rows: isPositive,
    dims: isPositive,
    inputs: mapOf(isText, input),
    metrics: byMetric(isNumberOrNull),
    klRegSource: oneOf('supplied', 'computed', null),
    unavailable: byMetric(isText),
    estimates: byMetric(estimate),
    notes: listOf(isText),
  },
  {
    branch: isText,
    stepsFrom: isText,
    byHand: oneOf(true),
    role: oneOf('embeddings'),
    horizons,
    positions: horizons,
    remarks: listOf(shape({ id: isText, message: isText, step: isStep })),
    digest: isText,
  },
);

const judging = shape(
  {
    rules: listOf(
      shape({ id: isText, expression: isText, level: oneOf('warn', 'error') }, { quiet: oneOf(true) }),
    ),
    after: orNull(isCount),
    logEverySteps: isPositive,
    initialPairwisePredDistMean: isStep,
  },
  { reference: isText },
);

const isRun = shape({ run: isText, records: listOf(isRecord) }, { fingerprint });

/** Tests runs, as they are in a file, for having no field that is not known, of records that were measured here. */
export const areKnownRuns = listOf(
  (value) =>
    isRun(value) &&
    ((value as { records: unknown[] }).records.length === 0 || Object.hasOwn(value as object, 'fingerprint')),
);

/** Tests the head of a file for the same. Of any other, the schema is to be asked. */
export const isKnownHead = shape({ judging, runs: areKnownRuns });
