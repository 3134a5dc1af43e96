import { LazyObject, READ, WRITE } from './lazy-object.js';
import type { StepRecord } from './record.js';
import { same } from './same.js';
import { StepText } from './step-text.js';

type Metrics = Readonly<Record<string, number | null>>;

/** So many steps have their numbers in one array; fewer at first, as a run may be short. */
const [FIRST_ROWS, ROWS] = [4, 512];
/** Where the numbers of a step are, those of its metrics last. */
const [STEP, DIGEST, VALUES] = [0, 1, 2];

/** What steps after each other share. */
interface Shared {
  /** Of all properties, in their order. */
  readonly names: readonly string[];
  /** Those that are kept as they are. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Metrics, and those that have a number. */
  readonly all: readonly string[];
  readonly ids: readonly string[];
  /** null for each metric: a copy of what was parsed has a field a metric. */
  readonly blank: Metrics;
  /** As JSON. */
  readonly inputs: StepText;
}

/**
 * Keeps the records of a run until its verdict in a fifth of their bytes: numbers side by side in long arrays, once what is
 * as it was at the step before, and paths as one text for all steps. What it gives in place of a record reads, copies
 * and prints the same.
 */
export class KeptSteps {
  #shared: Shared | undefined;
  #numbers = new Float64Array(0);
  #rows = FIRST_ROWS;
  #used = 0;

  keep(record: StepRecord): StepRecord {
    const metrics = record.metrics as Metrics;
    if (Object.values(metrics).some((value) => value !== null && typeof value !== 'number')) return record;
    this.#shared = sharedBy(record, this.#shared);
    const { ids } = this.#shared;
    const at = this.#place(VALUES + ids.length);
    const numbers = this.#numbers;
    numbers[at + STEP] = record.step ?? Number.NaN;
    numbers[at + DIGEST] = numberOf(record.digest);
    for (let i = 0; i < ids.length; i++) numbers[at + VALUES + i] = metrics[ids[i]!]!;
    return new KeptStep(this.#shared, numbers, at) as unknown as StepRecord;
  }

  /** Returns where the next numbers go. */
  #place(width: number): number {
    if (this.#used + width > this.#numbers.length) {
      this.#numbers = new Float64Array(this.#rows * width);
      this.#rows = Math.min(2 * this.#rows, ROWS);
      this.#used = 0;
    }
    this.#used += width;
    return this.#used - width;
  }
}

class KeptStep extends LazyObject {
  #shared: Shared;
  readonly #numbers: Float64Array;
  readonly #at: number;

  constructor(shared: Shared, numbers: Float64Array, at: number) {
    super(shared.names);
    this.#shared = shared;
    this.#numbers = numbers;
    this.#at = at;
  }

  [READ](name: string): unknown {
    const { fields, inputs } = this.#shared;
    if (Object.hasOwn(fields, name)) return fields[name];
    if (name === 'metrics') return this.#metrics();
    const step = this.#numbers[this.#at + STEP]!;
    if (name === 'inputs') return JSON.parse(inputs.at(step));
    return name === 'step' ? step : digestOf(this.#numbers[this.#at + DIGEST]!);
  }

  [WRITE](name: string, value: unknown): void {
    this.#shared = { ...this.#shared, fields: { ...this.#shared.fields, [name]: value } };
  }

  #metrics(): Metrics {
    const { blank, ids } = this.#shared;
    const metrics: Record<string, number | null> = { ...blank };
    for (let i = 0; i < ids.length; i++) metrics[ids[i]!] = this.#numbers[this.#at + VALUES + i]!;
    return metrics;
  }
}

/** Returns `before` where a step shares all of it, else one with the parts that it shares. */
function sharedBy(record: StepRecord, before: Shared | undefined): Shared {
  const { step: own, digest, inputs, metrics, ...others } = record;
  const step = own ?? Number.NaN;
  const fields: Record<string, unknown> = others;
  if (own === null) fields.step = own;
  if ('digest' in record && digestOf(numberOf(digest)) !== digest) fields.digest = digest;
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'object' && value !== null) fields[name] = same(before?.fields[name], value);
  }
  const all = same(before?.all, Object.keys(metrics));
  const text = JSON.stringify(inputs);
  return same(before, {
    names: same(before?.names, Object.keys(record)),
    fields: same(before?.fields, fields),
    all,
    blank: before?.all === all ? before.blank : blankOf(all),
    ids: same(
      before?.ids,
      all.filter((id) => (metrics as Metrics)[id] !== null),
    ),
    inputs: before?.inputs.at(step) === text ? before.inputs : new StepText(text, step),
  });
}

function blankOf(ids: readonly string[]): Metrics {
  return JSON.parse(`{${ids.map((id) => `${JSON.stringify(id)}:null`).join()}}`);
}

const DIGEST_DIGITS = 14;

function numberOf(digest: string | undefined): number {
  return Number.parseInt(digest ?? '', 16);
}

function digestOf(number: number): string {
  return number.toString(16).padStart(DIGEST_DIGITS, '0');
}
