import { resolve } from 'node:path';
import { nodeDirectories } from '#io/node-directories.js';
import { readyToJudge } from '#judge/by-reference.js';
import { gate, withoutEmptyShards } from '#judge/gate.js';
import { DEFAULT_MAX_MEMORY } from '#options/plan/measure-plan.js';
import type { MeasureRecord, StepRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import { configurationText } from '#reporters/view/configuration-text.js';
import type { CommandContext } from './input/context.js';
import type { Configuration } from './input/lay-on-config.js';
import type { Planned } from './input/plan-for.js';

/** How records are judged. */
type ToJudge = Pick<Planned, 'flags' | 'configuration'> & {
  readonly plan: Pick<Planned['plan'], 'judging'> & Partial<Pick<Planned['plan'], 'records'>>;
};

interface JudgeContext {
  readonly takesLateSteps?: boolean;
  /** More steps of the runs will come: one is no batch by hand. */
  readonly isSeries?: boolean;
  /** Sees the report before the state has it. */
  readonly onJudged?: (report: Report) => void;
}

/**
 * Judges records alone, or together with the state that --state names.
 */
export async function judge(
  records: readonly MeasureRecord[],
  { plan, flags: { state, rejudge, resumeFrom, maxMemory = DEFAULT_MAX_MEMORY }, configuration }: ToJudge,
  { cwd, version }: Pick<CommandContext, 'cwd' | 'version'>,
  { takesLateSteps = false, isSeries = false, onJudged }: JudgeContext = {},
): Promise<Report> {
  const judging = await readyToJudge(plan.judging);
  const counted = withoutEmptyShards(records);
  if (state === undefined) {
    const report = gate(counted, judging, version, isSeries || takesLateSteps ? new Map() : null);
    onJudged?.(report);
    return withConfiguration(report, configuration);
  }
  const { gateWithState } = await import('#judge/state/gate-with-state.js');
  const report = await gateWithState(counted, judging, version, {
    path: resolve(cwd, state),
    shown: state,
    rejudge: rejudge ?? false,
    maxMemory,
    takesLateSteps,
    resumeFrom,
    onJudged,
    // A watch keeps steps whose files are gone; records and requests may be of files that were never here.
    isGone: takesLateSteps || plan.records?.length !== 0 ? undefined : (record) => isGone(record, cwd),
  });
  return withConfiguration(report, configuration);
}

/** Tells whether none of the files that a step was measured from is there any more. */
function isGone({ inputs }: StepRecord, cwd: string): boolean {
  const paths = Object.values(inputs).map(({ path }) => resolve(cwd, path));
  const directories = nodeDirectories(cwd);
  return paths.length > 0 && paths.every((path) => directories.kind(path) === 'missing');
}

/** Adds to a report the configuration that it was judged by, also to the reason of its exit code. */
function withConfiguration(report: Report, configuration: Configuration | null): Report {
  if (configuration === null) return report;
  const exitReason = `${report.exitReason}; ${configurationText(configuration)}`;
  return { ...report, exitReason, configuration };
}
