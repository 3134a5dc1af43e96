import { resolve } from 'node:path';
import { InputError } from '#errors.js';
import { appendFile } from '#io/append-file.js';
import { writeFileAtomic } from '#io/atomic-write.js';
import { readText } from '#io/read-text.js';
import { parseMeasureRecord } from '#report/parse-record.js';
import type { MeasureRecord, StepRecord } from '#report/record.js';
import { recordLine } from '#reporters/machine/record-line.js';

/**
 * Returns the steps of a run in a file of records, ascending; none where there is no file. A last line that was cut, as by a
 * kill, is taken out of the file.
 */
export async function readRun(path: string, run: string, cwd: string): Promise<StepRecord[]> {
  const text = textOf(path, cwd);
  const end = text.lastIndexOf('\n') + 1;
  const steps = new Map<number | null, StepRecord>();
  for (const [i, line] of text.slice(0, end).split('\n').entries()) {
    if (line.trim() === '') continue;
    const record = await recordOf(line, i + 1, path);
    if (record.type === 'step') steps.set(record.step, { ...record, run });
  }
  const records = [...steps.values()].sort((a, b) => (a.step ?? -1) - (b.step ?? -1));
  if (end < text.length) writeRun(path, records, cwd);
  return records;
}

async function recordOf(line: string, number: number, path: string): Promise<MeasureRecord> {
  try {
    return await parseMeasureRecord(JSON.parse(line));
  } catch (cause) {
    const why = cause instanceof InputError ? cause.message : 'it is not JSON';
    throw new InputError('E231', `line ${number} is not a measure record: ${why}`, { path, cause });
  }
}

function textOf(path: string, cwd: string): string {
  try {
    return readText(path, cwd);
  } catch (error) {
    if (error instanceof InputError && error.code === 'E201') return '';
    throw error;
  }
}

/** Adds steps to the file of a run. */
export function appendRun(path: string, measured: readonly StepRecord[], cwd: string): void {
  appendFile(resolve(cwd, path), linesOf(measured));
}

/** Makes the file of a run anew, whole or not at all. */
export function writeRun(path: string, records: readonly StepRecord[], cwd: string): void {
  writeFileAtomic(resolve(cwd, path), linesOf(records), { makesFolder: true });
}

/** The records, and the summary by which `gate` knows that none is missing. */
function linesOf(records: readonly StepRecord[]): string {
  const summary: MeasureRecord = { type: 'summary', runs: 1, steps: records.length, errors: 0 };
  return [...records, summary].map(recordLine).join('');
}
