import { InputError } from '#errors.js';
import { goldenRun, runsOfRecords } from '#judge/normal-of-records.js';
import { planOf } from '#options/plan/plan-of.js';
import type { ReferenceData } from '#report/normal.js';
import type { ErrorRecord, MeasureRecord, StepRecord, WarningRecord } from '#report/record.js';
import type { CommandContext } from '../input/context.js';
import { measureRecords } from '../input/measure-records.js';
import type { Planned } from '../input/plan-for.js';
import { readRecords } from '../input/read-records.js';
import { isNormalFile, readReference } from '../input/read-reference.js';

/** One side of a diff: the records of one run, under the name that the user gave. */
export interface Side {
  readonly name: string;
  /** Empty of a normal. */
  readonly records: readonly StepRecord[];
  readonly problems: readonly (ErrorRecord | WarningRecord)[];
  readonly reference: ReferenceData;
}

const RECORDS = /\.(ndjson|jsonl)$/i;

/** Reads what a diff is of. Throws `InputError` E235 for what is not one run. */
export async function readSide(
  path: string,
  name: string,
  planned: Planned,
  context: CommandContext,
): Promise<Side> {
  if (isNormalFile(path, context.cwd, planned.plan.measuring.maxMemory)) {
    return {
      name,
      records: [],
      problems: [],
      reference: await readReference(path, context.cwd, planned.plan.measuring.maxMemory),
    };
  }
  const all = await recordsAt(path, planned, context);
  const runs = runsOfRecords(all);
  const problems = all.filter((record) => record.type === 'error' || record.type === 'warning');
  const [only] = runs;
  if (only === undefined || runs.size > 1) {
    const found = only === undefined ? 'no step that can be read' : `${runs.size} runs`;
    const first = problems.find((record) => record.type === 'error');
    throw new InputError(
      only === undefined && first !== undefined ? 'E202' : 'E235',
      `diff compares one run with one, and ${path} has ${found}${first === undefined ? '' : `: ${first.message}`}`,
      { path, hint: 'name a run, the records of one, or what `collapse calibrate` wrote' },
    );
  }
  const records = only[1].map((record) => ({ ...record, run: name }));
  return { name, records, problems, reference: { ...goldenRun(name, records), path: name } };
}

async function recordsAt(path: string, planned: Planned, context: CommandContext): Promise<MeasureRecord[]> {
  if (RECORDS.test(path)) return readRecords([path], context, planned.plan.measuring);
  const plan = planOf('check', { ...planned.flags, reference: path }, [path]);
  const records: MeasureRecord[] = [];
  for await (const record of measureRecords({ ...planned, plan, array: null }, context)) records.push(record);
  return records;
}
