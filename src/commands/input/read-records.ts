import { InputError } from '#errors.js';
import { DEFAULT_MAX_MEMORY } from '#options/plan/measure-plan.js';
import { parseMeasureRecord } from '#report/parse-record.js';
import type { ErrorRecord, MeasureRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import type { CommandContext } from './context.js';
import type { Tables } from './read-tables.js';
import { RecordsBudget } from './records-budget.js';

/**
 * Returns the records in files, or on standard input for `-`; E231 names the first line that is none. A warning is
 * added for a file where steps are missing that `measure` would have written: it was stopped, or lines were taken out;
 * E234 where errors are missing. Throws E220 where judging so much text would take more than the budget.
 */
export async function readRecords(
  paths: readonly string[],
  context: Pick<CommandContext, 'cwd' | 'stdin'>,
  { mayBeParts = false, tables = null, maxMemory = DEFAULT_MAX_MEMORY, isWritten = true }: RecordOptions = {},
): Promise<MeasureRecord[]> {
  const budget = new RecordsBudget(maxMemory, isWritten);
  for (const path of paths) {
    if (path !== '-' && !tables?.isTable(path)) budget.countFile(path, context.cwd);
  }
  budget.check(paths[0] ?? '');
  const files: MeasureRecord[][] = [];
  for (const path of paths) files.push(await recordsIn(path, context, budget, { mayBeParts, tables }));
  tables?.refuseUnused();
  return files.flat();
}

interface RecordOptions {
  /** No warning of missing steps: a state remembers the other records. */
  readonly mayBeParts?: boolean;
  /** Reads files of values that other software logged; null where records alone are taken. */
  readonly tables?: Tables | null;
  /** In bytes. */
  readonly maxMemory?: number;
  /** Whether the report or a state has every step. */
  readonly isWritten?: boolean;
}

async function recordsIn(
  path: string,
  { cwd, stdin }: Pick<CommandContext, 'cwd' | 'stdin'>,
  budget: RecordsBudget,
  { mayBeParts, tables }: Required<Pick<RecordOptions, 'mayBeParts' | 'tables'>>,
): Promise<MeasureRecord[]> {
  const text =
    path === '-'
      ? await budget.textOf(stdin)
      : (tables?.textOf(path, cwd) ?? readRecordText(path, cwd, budget));
  const shown = path === '-' ? 'standard input' : path;
  const logged = (await tables?.recordsOf(text, shown)) ?? null;
  if (logged !== null) {
    // How many steps its lines are is known now: those of one step are joined.
    budget.count({ bytes: text.length, lines: logged.length, longest: 0 }, shown);
    budget.check(shown);
    return logged;
  }
  const records = await recordsOf(text, shown);
  const lost = lostErrors(records, shown);
  const missing = mayBeParts ? null : whatIsMissing(records, 'the verdict');
  return [
    ...records,
    ...(lost === null ? [] : [lost]),
    ...(missing === null ? [] : [{ type: 'warning', path: shown, message: missing } as const]),
  ];
}

/** Makes an error of errors that the summaries count and no record tells of: without them the verdict would be milder. */
export function lostErrors(records: readonly MeasureRecord[], path: string): ErrorRecord | null {
  const counted = records.reduce((sum, record) => sum + (record.type === 'summary' ? record.errors : 0), 0);
  const here = records.filter(({ type }) => type === 'error').length;
  if (here >= counted) return null;
  const message = `${here} of ${counted} errors that were met while measuring are here`;
  return { type: 'error', ...toReportError(new InputError('E234', message, { path })) };
}

function readRecordText(path: string, cwd: string, budget: RecordsBudget): string {
  try {
    return budget.textOfFile(path, cwd);
  } catch (error) {
    if (!(error instanceof InputError) || error.fields.systemCode !== 'EISDIR') throw error;
    const hint = 'pass records that `collapse measure` wrote, or judge the run with `collapse check`';
    throw new InputError('E202', error.message, { path, hint, fields: error.fields, cause: error });
  }
}

/** Compares the steps with the summaries, of which every `measure` writes one at its end; null where none is missing. */
export function whatIsMissing(records: readonly MeasureRecord[], made: string): string | null {
  const hint = `${made} is of what is there`;
  if (records.at(-1)?.type !== 'summary') {
    return `the records end without a summary, as where \`collapse measure\` was stopped: ${hint}`;
  }
  const measured = records.reduce((sum, record) => sum + (record.type === 'summary' ? record.steps : 0), 0);
  const steps = records.filter(({ type }) => type === 'step').length;
  return steps < measured ? `${steps} of ${measured} steps that were measured are here: ${hint}` : null;
}

/** Reads the records in a file's text. Throws `InputError` E231 for the first line that is none. */
export async function recordsOf(text: string, path: string): Promise<MeasureRecord[]> {
  const records: MeasureRecord[] = [];
  for (let start = 0, i = 1; start < text.length; i++) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end);
    start += line.length + 1;
    if (line.trim() === '') continue;
    try {
      // A byte order mark is white space to `trim`, and not to JSON.
      records.push(await parseMeasureRecord(JSON.parse(line.trim())));
    } catch (cause) {
      const why = cause instanceof InputError ? cause.message : notJson(line);
      throw new InputError('E231', `line ${i} is not a measure record: ${why}`, {
        path,
        cause,
        hint: 'pass files that `collapse measure` wrote; values of other software need `--map COLUMN=METRIC`',
      });
    }
  }
  return records;
}

/** Windows PowerShell redirects output as UTF-16. */
function notJson(line: string): string {
  return line.includes('\0') ? 'it is no text in UTF-8' : 'it is not JSON';
}
