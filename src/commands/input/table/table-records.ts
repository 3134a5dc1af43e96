import { InputError, NoDataError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import type { MeasureRecord, StepRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import { type AskedColumns, metricColumns, stepColumns } from './columns.js';
import { delimitedTable } from './delimited.js';
import { jsonLinesTable } from './json-lines.js';
import { type Cell, damagedLine, LIMITS, type Table, type TableRow } from './table.js';

/** A step as its rows say; those of one step are joined. */
interface LoggedStep {
  readonly metrics: Partial<Record<MetricId, number | null>>;
  readonly unavailable: Partial<Record<MetricId, string>>;
  klRegSource: StepRecord['klRegSource'];
}

/** The first value that is no finite number, of one column. */
interface NotFinite {
  readonly step: number;
  readonly value: string;
  readonly line: number;
  more: number;
}

interface LoggedRun {
  readonly steps: Map<number, LoggedStep>;
  readonly notFinite: Map<MetricId, NotFinite>;
}

/**
 * Turns a table of values that other software logged into records, a step each. Rows of one step are joined: an empty cell
 * is no value, and of two that differ the later counts, with a warning. NaN and infinities make the value unavailable
 * and are an error (E207) each column. A column named `run` tells runs apart.
 *
 * @throws InputError E204 for a damaged line and E225 for a cell that is no number, each with the line; E213 as of columns.
 */
export function tableRecords(text: string, path: string, asked: AskedColumns): MeasureRecord[] {
  if (text.length > LIMITS.bytes) {
    throw new InputError('E220', `it has more than ${LIMITS.bytes} characters`, {
      path,
      hint: 'keep the columns that are judged, and the step',
    });
  }
  const table = tableOf(text, path);
  if (table.columns.length === 0) {
    return [noSteps(path, 'there are no rows'), { type: 'summary', runs: 0, steps: 0, errors: 1 }];
  }
  const columns = metricColumns(table, asked, path);
  const logged = loggedRuns(table, columns, stepColumns(table, asked.stepColumn, path), path);
  const marks = { measuredElsewhere: { path, columns: Object.fromEntries(columns) }, ...roleOf(columns) };
  const fingerprint = {
    metrics: [...columns.keys()].sort((a, b) => METRIC_IDS.indexOf(a) - METRIC_IDS.indexOf(b)),
    klReg: 'auto',
    klFrom: 'target',
    pairwise: 'measured elsewhere',
    seed: 0,
  } as const;
  const steps = [...logged.runs].flatMap(([run, { steps }]) =>
    [...steps].map(
      ([step, values]): StepRecord => ({
        type: 'step',
        schemaVersion: 1,
        run,
        step,
        rows: 0,
        dims: 0,
        inputs: {},
        estimates: {},
        notes: [],
        fingerprint,
        ...marks,
        ...values,
      }),
    ),
  );
  const errors = [...logged.runs].flatMap(([run, { notFinite }]) =>
    [...notFinite].map(([id, found]) => notFiniteError(run, columns.get(id) ?? id, found, path)),
  );
  if (steps.length === 0) errors.push(noSteps(path, 'no row has a step and a value of a mapped column'));
  const warnings = logged.warnings.map((message) => ({ type: 'warning', path, message }) as const);
  const summary = {
    type: 'summary',
    runs: logged.runs.size,
    steps: steps.length,
    errors: errors.length,
  } as const;
  return [...steps, ...errors, ...warnings, summary];
}

function tableOf(text: string, path: string): Table {
  if (/^\s*\{/.test(text)) return jsonLinesTable(text, path, false);
  const isLog = !/\.[ct]sv$/i.test(path) && /\{\s*"[^\n]*\}\s*$/m.test(text);
  return isLog ? jsonLinesTable(text, path, true) : delimitedTable(text, path);
}

/** Values of one side alone, and of the prediction's, are an encoder's, as of arrays without a target. */
function roleOf(columns: ReadonlyMap<MetricId, string>): Pick<StepRecord, 'role'> {
  const hasPair = [...columns.keys()].some((id) => METRICS[id].needsTarget || id.includes('target'));
  return hasPair ? {} : { role: 'embeddings' };
}

function loggedRuns(
  table: Table,
  columns: ReadonlyMap<MetricId, string>,
  steps: readonly string[],
  path: string,
): { runs: Map<string, LoggedRun>; warnings: string[] } {
  const runs = new Map<string, LoggedRun>();
  let [stepless, changed] = [0, 0];
  for (const row of table.rows()) {
    const values = [...columns].flatMap(([id, column]) => {
      const value = numberIn(row, column, path);
      return value === null ? [] : [[id, value] as const];
    });
    // A line of a horizon, in a CSV of this tool's own.
    if (values.length === 0 || filled(row.cell('horizon'))) continue;
    const step = stepOf(row, steps, path);
    if (step === null) {
      stepless += 1;
      continue;
    }
    const run = filled(row.cell('run')) ? String(row.cell('run')) : path;
    const own = runs.get(run) ?? { steps: new Map(), notFinite: new Map() };
    runs.set(run, own);
    changed += addValues(own, step, values, row);
  }
  const rows = (n: number) => `${n} row${n === 1 ? ' has' : 's have'}`;
  return {
    runs,
    warnings: [
      ...(stepless === 0 ? [] : [`${rows(stepless)} values and no step in ${steps.join(', ')}: not judged`]),
      ...(changed === 0
        ? []
        : [`${rows(changed)} another value of a step that was there before: the later one counts`]),
    ],
  };
}

/** Adds a row to its step; returns 1 where it changes a value that was there. */
function addValues(
  { steps, notFinite }: LoggedRun,
  step: number,
  values: readonly (readonly [MetricId, number])[],
  row: TableRow,
): 0 | 1 {
  const known = steps.get(step) ?? { metrics: {}, unavailable: {}, klRegSource: null };
  steps.set(step, known);
  let changes: 0 | 1 = 0;
  for (const [id, value] of values) {
    const before = known.metrics[id];
    const kept = Number.isFinite(value) ? value : null;
    if (before !== undefined && before !== kept) changes = 1;
    known.metrics[id] = kept;
    delete known.unavailable[id];
    if (id === 'kl_reg')
      known.klRegSource = row.cell('kl_reg_source') === 'computed' ? 'computed' : 'supplied';
    if (kept !== null) continue;
    const written = String(value).replace('Infinity', 'Inf');
    known.unavailable[id] = `${written} was logged`;
    const first = notFinite.get(id);
    if (first === undefined) notFinite.set(id, { step, value: written, line: row.line, more: 0 });
    else first.more += 1;
  }
  return changes;
}

function notFiniteError(
  run: string,
  column: string,
  { step, value, line, more }: NotFinite,
  path: string,
): MeasureRecord {
  const rest = more === 0 ? '' : ` and ${more} more`;
  const error = new InputError('E207', `${column} is ${value} in line ${line}${rest}`, {
    path,
    step,
    hint: 'the training produced it, or divided by nothing; a column that may have none is left out of --map',
  });
  return { type: 'error', ...toReportError(error, run) };
}

function noSteps(path: string, message: string): MeasureRecord {
  const hint = 'look at the file: the step and the values must stand in one row';
  return { type: 'error', ...toReportError(new NoDataError('E301', message, { path, hint })) };
}

function stepOf(row: TableRow, columns: readonly string[], path: string): number | null {
  for (const column of columns) {
    const step = numberIn(row, column, path);
    if (step === null) continue;
    if (step >= 0 && step <= Number.MAX_SAFE_INTEGER) return step;
    throw damagedLine(row.line, `${column} is ${step}, which is not a step`, path);
  }
  return null;
}

/** Words that stand for no value. */
const NOTHING = new Set(['', 'none', 'null', 'n/a', 'na', '-']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NOT_FINITE: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

function filled(cell: Cell): boolean {
  return cell !== undefined && cell !== null && !NOTHING.has(String(cell).trim().toLowerCase());
}

/** Reads a cell as a number, NaN and infinities among them; null where it holds none. Throws `InputError` E225. */
function numberIn(row: TableRow, column: string, path: string): number | null {
  const cell = row.cell(column);
  if (!filled(cell)) return null;
  if (typeof cell === 'number') return cell;
  const text = String(cell).trim();
  if (typeof cell === 'string') {
    if (NUMBER.test(text)) return Number(text);
    const found = NOT_FINITE[text.toLowerCase().replace(/^[+-]/, '')];
    if (found !== undefined) return text.startsWith('-') ? -found : found;
  }
  throw new InputError('E225', `line ${row.line}: ${column} is '${text.slice(0, 40)}', and no number`, {
    path,
    fields: { line: row.line, column },
  });
}
