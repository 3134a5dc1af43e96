import { resolve } from 'node:path';
import { InputError, UsageError } from '#errors.js';
import { isOther, readText } from '#io/read-text.js';
import { isPipeOfShell } from '#io/regular-file.js';
import { checkPromise, goldenRun, runsOfRecords } from '#judge/normal-of-records.js';
import type { JudgePlan } from '#plan.js';
import { parseNormal, type ReferenceData } from '#report/normal.js';
import { lostErrors, recordsOf, whatIsMissing } from './read-records.js';
import { RecordsBudget } from './records-budget.js';

/** Returns the plan with a reference: what calibrate wrote, or the records of one run. */
export function withReference(judging: JudgePlan, reference: ReferenceData): JudgePlan {
  const { path } = reference;
  if (reference.alpha !== null) return { ...judging, reference };
  const own = judging.outside.find(({ preset }) => preset === undefined);
  if (own !== undefined) {
    throw new UsageError('E103', `the rule '${own.expression}' takes runs, and ${path} is one golden run`, {
      hint: 'calibrate on two runs or more, or rule on a share: target_effective_rank < 80% of reference',
    });
  }
  if (judging.presets.length === 0 && judging.rules.length === 0) {
    throw new UsageError('E103', `${path} is one golden run, and leaves no rule to judge by`, {
      hint: "add --fail-if 'target_effective_rank < 80% of reference', or use `collapse diff`",
    });
  }
  return { ...judging, outside: [], reference };
}

/** Reads a reference. Throws `InputError` E235 for a file that is none, E220 over the budget, and as `readText` does. */
export async function readReference(path: string, cwd: string, maxMemory: number): Promise<ReferenceData> {
  const budget = new RecordsBudget(maxMemory, false);
  budget.countFile(path, cwd);
  budget.check(path);
  const text = textOf(path, cwd, budget);
  if (!isRecords(text)) {
    const normal = await parseNormal(text.trim(), path);
    checkPromise(normal, path);
    return { ...normal, path };
  }
  const records = await recordsOf(text, path);
  const failed = records.find(({ type }) => type === 'error') ?? lostErrors(records, path);
  if (failed?.type === 'error') {
    throw new InputError('E235', `a step of this golden run could not be read: ${failed.message}`, {
      path,
      hint: 'measure it again, and name what `collapse measure` writes where it exits 0',
    });
  }
  const runs = runsOfRecords(records);
  const [only] = runs;
  if (only === undefined || runs.size > 1) {
    const found = only === undefined ? 'no step' : `${runs.size} runs`;
    throw new InputError('E235', `a golden run is the records of one run, and there is ${found}`, {
      path,
      hint: '`collapse calibrate` makes a reference of several runs',
    });
  }
  const missing = whatIsMissing(records, 'the reference');
  const warning = missing === null ? {} : { warning: `of ${path}, ${missing}` };
  return { ...goldenRun(...only), path, ...warning };
}

/** Reads a file's text; of a directory, says what makes a reference of it. */
function textOf(path: string, cwd: string, budget: RecordsBudget): string {
  const file = resolve(cwd, path);
  // A configuration that nobody named may say so, and a FIFO waits for its writer.
  if (isOther(file) && !isPipeOfShell(file)) {
    throw new InputError('E202', 'cannot read: this is not a regular file', { path });
  }
  try {
    return budget.textOfFile(path, cwd);
  } catch (error) {
    if (!(error instanceof InputError) || error.fields.systemCode !== 'EISDIR') throw error;
    const hint =
      'measure a golden run first: `collapse measure RUN > golden.ndjson`; or calibrate on several';
    throw error.with({ path, hint });
  }
}

/** Tells whether a path names a file that calibrate wrote, as far as its beginning says. Throws E220 and E231 as a budget does. */
export function isNormalFile(path: string, cwd: string, maxMemory: number): boolean {
  // What is no regular file can be read once.
  if (!/\.json$/i.test(path) || isOther(resolve(cwd, path))) return false;
  const budget = new RecordsBudget(maxMemory, false);
  budget.countFile(path, cwd);
  budget.check(path);
  return !isRecords(readText(path, cwd));
}

/** Tells whether the first line is a document of its own. */
function isRecords(text: string): boolean {
  try {
    const first: unknown = JSON.parse(text.trimStart().split('\n', 1)[0] ?? '');
    return (
      typeof first === 'object' &&
      first !== null &&
      (first as { type?: unknown }).type !== 'embedding-collapse normal'
    );
  } catch {
    return false;
  }
}
