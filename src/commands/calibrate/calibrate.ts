import { resolve } from 'node:path';
import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import { writeFileAtomic } from '#io/atomic-write.js';
import { normalOf } from '#judge/normal-of-records.js';
import type { FlagValues } from '#options/flags.js';
import { planOf } from '#options/plan/plan-of.js';
import { terminalFor } from '#options/terminal.js';
import { type Normal, printNormal } from '#report/normal.js';
import type { MeasureRecord } from '#report/record.js';
import { calibrationText } from '#reporters/terminal/calibration.js';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import type { CommandContext } from '../input/context.js';
import { measureRecords } from '../input/measure-records.js';
import { type Planned, planFor } from '../input/plan-for.js';
import { readRecords } from '../input/read-records.js';
import { calibrationOf } from './calibration.js';

/** Promised where nothing is asked for. */
const DEFAULT_ALPHA = 0.05;

/** Writes what healthy runs look like; returns 0, or 2 where there are too few of them, or 3 where an input cannot be read. */
export async function calibrate(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const planned = await planFor('calibrate', paths, given, context);
  const { flags } = planned;
  const healthy = await recordsOf(planned, context);
  const codes = showProblems(healthy, flags, context);
  if (codes.length > 0) return worstExitCode(codes);
  const normal = normalOf(healthy, flags.alpha ?? DEFAULT_ALPHA, context.version, flags.metrics);
  const bad = flags.bad === undefined ? [] : await badRecords(flags.bad, planned, context);
  const badCodes = showProblems(bad, flags, context);
  const calibration = calibrationOf(normal, bad);
  write(normal, flags, context);
  const out = isToFile(flags) ? context.stdout : context.stderr;
  const terminal = terminalFor(out, context.env, flags);
  out.write(calibrationText(calibration, terminal));
  return worstExitCode(badCodes);
}

async function recordsOf(planned: Planned, context: CommandContext): Promise<MeasureRecord[]> {
  const records: MeasureRecord[] = await readRecords(planned.plan.records, context, planned.plan.measuring);
  if (planned.plan.records.length > 0) return records;
  for await (const record of measureRecords(planned, context)) records.push(record);
  return records;
}

function badRecords(
  paths: readonly string[],
  planned: Planned,
  context: CommandContext,
): Promise<MeasureRecord[]> {
  const plan = planOf('calibrate', planned.flags, paths);
  return recordsOf({ ...planned, plan, array: null }, context);
}

/** Writes errors and warnings to stderr; returns the exit codes of the errors. */
function showProblems(
  records: readonly MeasureRecord[],
  flags: FlagValues,
  { stderr, env }: CommandContext,
): number[] {
  const terminal = terminalFor(stderr, env, flags);
  return records.flatMap((record) => {
    if (record.type === 'warning') stderr.write(formatWarning(record, terminal));
    if (record.type !== 'error') return [];
    stderr.write(formatError(record, terminal));
    return [exitCodeOfError(record.code)];
  });
}

function isToFile({ normal }: FlagValues): boolean {
  return normal !== undefined && normal !== '-';
}

function write(normal: Normal, flags: FlagValues, { cwd, stdout }: CommandContext): void {
  const text = printNormal(normal);
  if (!isToFile(flags)) stdout.write(text);
  else writeFileAtomic(resolve(cwd, flags.normal!), text, { makesFolder: true });
}
