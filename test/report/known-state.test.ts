import fc from 'fast-check';
import { expect, it } from 'vitest';
import { METRIC_IDS } from '#metrics/ids.js';
import { isKnownHead } from '#report/known-state.js';
import { state as schema } from '#report/record-schema.js';
import { THOROUGH } from '../support/thorough.js';

const text = fc.constantFrom('', 'run', 'prediction');
const count = fc.constantFrom(0, 1, 32);
const positive = fc.constantFrom(1, 2, 1000);
const step = fc.constantFrom(null, 0, 0.5, 100);
const metric = fc.constantFrom(...METRIC_IDS.slice(0, 4), METRIC_IDS.at(-1)!);
const value = fc.constantFrom(null, 0, -1.5, 8);
const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 1 });
const byMetric = <T>(of: fc.Arbitrary<T>) => fc.dictionary(metric, of, { maxKeys: 3, noNullPrototype: true });
/** An object with all of `required` and any of `optional`. */
const shape = (required: Fields, optional: Fields = {}) =>
  fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required), noNullPrototype: true });
type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const stored = { path: text, dtype: text, shape: list(count) };
const input = shape(stored, { key: text, parts: list(shape({ ...stored, rank: count }, { key: text })) });
const estimate = shape({
  method: fc.constant('sampled'),
  pairs: positive,
  standardError: fc.constantFrom(0, 0.1),
});

const horizons = fc.constantFrom(1, 1, 2, 0).chain((size) => {
  const each = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: size, maxLength: size });
  return shape({
    axis: count,
    size: positive,
    numbers: each(positive),
    rows: each(count),
    metrics: byMetric(each(value)),
    unavailable: byMetric(list(shape({ reason: text, horizons: list(positive) }))),
    estimates: byMetric(each(fc.option(estimate))),
  });
});

const fingerprint = shape(
  {
    metrics: list(metric),
    klReg: fc.constantFrom('auto', 'computed', 'none', 'supplied'),
    klFrom: fc.constantFrom('target', 'prediction'),
    pairwise: text,
    seed: fc.constantFrom(0, -1, 7),
  },
  {
    mask: fc.constant('none'),
    maskKeeps: fc.constantFrom(0, 1),
    perStepAxis: fc.constantFrom(1, -2),
    sampleAxis: count,
  },
);

const record = shape(
  {
    type: fc.constant('step'),
    schemaVersion: fc.constant(1),
    run: text,
    step,
    rows: positive,
    dims: positive,
    inputs: fc.dictionary(fc.constantFrom('prediction', 'target', 'mask'), input, { noNullPrototype: true }),
    metrics: byMetric(value),
    klRegSource: fc.constantFrom('supplied', 'computed', null),
    unavailable: byMetric(text),
    estimates: byMetric(estimate),
    notes: list(text),
  },
  {
    branch: text,
    stepsFrom: text,
    byHand: fc.constant(true),
    role: fc.constant('embeddings'),
    horizons,
    positions: horizons,
    remarks: list(shape({ id: text, message: text, step })),
    digest: text,
  },
);

const rule = shape(
  { id: text, expression: text, level: fc.constantFrom('warn', 'error') },
  { quiet: fc.constant(true) },
);
const judging = shape(
  { rules: list(rule), after: fc.option(count), logEverySteps: positive, initialPairwisePredDistMean: step },
  { reference: text },
);
const run = shape({ run: text, fingerprint, records: fc.tuple(record) });
const anyHead = shape({ judging, runs: list(run) });

type Parent = Record<string, unknown>;

/** Every object and list in a value, with each of its keys. */
function placesIn(value: unknown): [Parent, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const parent = value as Parent;
  return Object.keys(parent).flatMap((key): [Parent, string][] => [[parent, key], ...placesIn(parent[key])]);
}

/** What JSON may hold in place of what belongs there; 1e999 is read as infinite. */
const OTHERS = [
  ...[null, true, false, 0, -0, 1, -1, 2, 0.5, 1.5, 2 ** 53, Number.POSITIVE_INFINITY],
  ...['', '1', 'step', 'sampled', 'auto', 'constructor', 'kl_reg', 'x_nothing', 'embeddings', 'none'],
  ...[[], {}, [null], [1], ['kl_reg'], [[]], { a: 1 }, { path: 'p' }, { kl_reg: 1 }, { length: 1 }],
];
const KEYS = [
  ...['more', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', 'length'],
  ...['verdict', 'spectra', 'projection', 'measuredElsewhere', 'digest', 'key', 'parts', 'quiet', 'mask'],
  ...['prediction', 'kl_reg', 'pred_r2', 'x_nothing', 'step', 'branch', 'horizons', 'reference'],
];

/** As JSON.parse does it: `__proto__` is a field as others are. */
function set(parent: Parent, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, writable: true, configurable: true });
}

/** Harms a state at one place after another, and heals it again. */
function harm(state: unknown, seed: number, look: (brings: boolean) => void): void {
  let at = seed;
  const oneOf = <T>(list: readonly T[]): T => {
    at = (Math.imul(at, 1_103_515_245) + 12_345) & 0x7fffffff;
    return list[(at >>> 8) % list.length]!;
  };
  const places = placesIn(state);
  for (const [parent, name] of places) {
    const before = parent[name];
    for (let i = 0; i < 3; i++) {
      set(parent, name, oneOf(OTHERS));
      look(false);
    }
    set(parent, name, structuredClone(oneOf(places.map(([from, key]) => from[key]))));
    look(true);
    set(parent, name, before);
    if (Array.isArray(parent)) {
      parent.splice(Number(name), 1);
      look(false);
      parent.splice(Number(name), 0, before);
      continue;
    }
    delete parent[name];
    look(false);
    set(parent, name, before);
    const key = oneOf(KEYS);
    if (Object.hasOwn(parent, key)) continue;
    set(parent, key, oneOf([oneOf(OTHERS), oneOf(Object.values(parent))]));
    look(true);
    delete parent[key];
  }
}

/** As records are judged: each has the settings of its run. */
function unfolded(head: { runs: { fingerprint: unknown; records: object[] }[] }): unknown {
  if (!Array.isArray(head.runs)) return head;
  const runs = head.runs.map((run) => {
    if (!Array.isArray(run?.records)) return run;
    const { fingerprint, records, ...rest } = run;
    return { ...rest, records: records.map((record) => ({ ...record, fingerprint })) };
  });
  return { ...head, runs };
}

it('what is known is what the schema accepts, whatever comes to harm in it', () => {
  const seen = { known: 0, unknown: 0, wrong: 0 };
  fc.assert(
    fc.property(anyHead, fc.nat(), (whole, seed) => {
      const state = JSON.parse(JSON.stringify(whole));
      // A field that is not known is for the schema to pass over.
      const look = (brings: boolean) => {
        const isKnown = isKnownHead(state);
        const { success, error } = schema.safeParse(unfolded(state));
        if (isKnown !== (brings ? isKnown && success : success)) {
          expect.unreachable(`${JSON.stringify(state)} is ${isKnown ? '' : 'not '}known: ${error?.message}`);
        }
        seen[isKnown ? 'known' : success ? 'unknown' : 'wrong']++;
      };
      look(false);
      harm(state, seed, look);
    }),
    { numRuns: THOROUGH ? 2000 : 150 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
});

it.each([undefined, null, 1, 'x', [], {}, [[]]])('%j is no state', (value) => {
  expect(isKnownHead(value)).toBe(false);
});
