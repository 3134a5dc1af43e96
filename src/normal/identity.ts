import { InputError } from '#errors.js';
import { METRIC_DEFINITIONS } from '#metrics/definitions.js';
import type { Identity } from '#report/normal.js';
import type { StepRecord } from '#report/record.js';

/** What of a fingerprint is no setting that a value depends on, or is kept as a field of its own. */
const NOT_SETTINGS = new Set(['metrics', 'klReg', 'pairwise', 'seed', 'perStepAxis']);

/** Returns what the records of a run are of; there is at least one. */
export function identityOf(records: readonly StepRecord[]): Identity {
  const [first] = records;
  if (first === undefined) throw new RangeError('a run without a record has no identity');
  if (records.some(({ measuredElsewhere }) => measuredElsewhere !== undefined)) {
    throw new InputError('E236', 'values that other software logged cannot be compared with measured ones', {
      path: first.run,
      hint: 'nobody knows of how many rows and dimensions they are: judge them by rules, without a reference',
    });
  }
  const several = records.filter((record) => record.rows > 1);
  const rows = (several.length > 0 ? several : records).map((record) => record.rows);
  const settings = Object.entries(first.fingerprint).filter(([name]) => !NOT_SETTINGS.has(name));
  const hasTarget = records.some(
    ({ inputs, metrics }) => inputs.target !== undefined || metrics.target_var_per_dim != null,
  );
  return {
    definitions: METRIC_DEFINITIONS,
    dims: first.dims,
    rows: {
      least: rows.reduce((least, n) => Math.min(least, n)),
      most: rows.reduce((most, n) => Math.max(most, n)),
    },
    axes: first.inputs.prediction?.shape.length ?? null,
    role: hasTarget ? 'pairs' : 'embeddings',
    klReg: records.find(({ klRegSource }) => klRegSource !== null)?.klRegSource ?? null,
    settings: Object.fromEntries(settings) as Identity['settings'],
  };
}

/** Rows that a tenth more or fewer are not told from: masks drop some, and the last batch may be short. */
const SAME_ROWS = 1.1;
/** Beyond twice or half the rows no correction is relied on. */
const MOST_APART = 2;

/** How the batches of a run compare with those of a reference. */
export type RowsApart = 'same' | 'corrected' | 'too far';

/** Compares rows: about the same, within what metrics corrected for the batch size bear, or beyond. */
export function rowsApart(reference: Identity['rows'], rows: Identity['rows']): RowsApart {
  const ratio = Math.max(reference.most / rows.least, rows.most / reference.least);
  const within = (most: number) => rows.most <= reference.most * most && rows.least * most >= reference.least;
  if (within(SAME_ROWS)) return 'same';
  return within(MOST_APART) && Number.isFinite(ratio) ? 'corrected' : 'too far';
}

/** Says in what two identities differ that numbers depend on, with both values: 'dims 32 and 64'; null: in nothing. */
export function identityApart(a: Identity, b: Identity): string | null {
  const apart: string[] = [];
  const compare = (name: string, one: unknown, other: unknown) => {
    const [left, right] = [textOf(one), textOf(other)];
    if (left !== right) apart.push(`${name} ${left} and ${right}`);
  };
  compare('the version of metric definitions', a.definitions, b.definitions);
  compare('dims', a.dims, b.dims);
  if (rowsApart(a.rows, b.rows) === 'too far') compare('rows', rowsText(a.rows), rowsText(b.rows));
  if (a.axes !== null && b.axes !== null) compare('axes of the arrays', a.axes, b.axes);
  compare('what was measured:', a.role, b.role);
  if (a.klReg !== null && b.klReg !== null) compare('kl_reg', a.klReg, b.klReg);
  for (const name of new Set([...Object.keys(a.settings), ...Object.keys(b.settings)])) {
    compare(name, own(a.settings, name), own(b.settings, name));
  }
  return apart.length === 0 ? null : apart.join(', ');
}

/** Writes a span of rows: '256', '240 to 256'. */
export function rowsText({ least, most }: Identity['rows']): string {
  return least === most ? String(least) : `${least} to ${most}`;
}

/** Not what every object inherits: names come from files. */
function own(settings: Identity['settings'], name: string): unknown {
  return Object.hasOwn(settings, name) ? settings[name] : undefined;
}

function textOf(value: unknown): string {
  return value === undefined ? 'none' : String(value);
}
