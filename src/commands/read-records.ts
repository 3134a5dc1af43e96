import { InputError } from '../errors.js';
import { readText } from '../io/read-text.js';
import { parseMeasureRecord } from '../report/parse-record.js';
import type { MeasureRecord } from '../report/record.js';
import type { CommandContext } from './context.js';
import { readAll } from './read-paths.js';

/** The records in a file, or on standard input for `-`; E231 names the first line that is none. */
export async function readRecords(
  path: string,
  { cwd, stdin }: Pick<CommandContext, 'cwd' | 'stdin'>,
): Promise<MeasureRecord[]> {
  const text = path === '-' ? await readAll(stdin) : readText(path, cwd);
  return recordsOf(text, path === '-' ? 'standard input' : path);
}

async function recordsOf(text: string, path: string): Promise<MeasureRecord[]> {
  const records: MeasureRecord[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      records.push(await parseMeasureRecord(JSON.parse(line)));
    } catch (cause) {
      const why = cause instanceof InputError ? cause.message : 'it is not JSON';
      throw new InputError('E231', `line ${i + 1} is not a measure record: ${why}`, { path, cause });
    }
  }
  return records;
}
