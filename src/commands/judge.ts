import { resolve } from 'node:path';
import { gate, withoutEmptyShards } from '#judge/gate.js';
import type { MeasureRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import { configurationText } from '#reporters/view/configuration-text.js';
import type { CommandContext } from './input/context.js';
import type { Configuration } from './input/lay-on-config.js';
import type { Planned } from './input/plan-for.js';

/** How records are judged. */
type ToJudge = Pick<Planned, 'flags' | 'configuration'> & { readonly plan: Pick<Planned['plan'], 'judging'> };

/** Judges records alone, or together with the state that --state names. */
export async function judge(
  records: readonly MeasureRecord[],
  { plan: { judging }, flags: { state, rejudge }, configuration }: ToJudge,
  { cwd, version }: Pick<CommandContext, 'cwd' | 'version'>,
  { takesLateSteps = false } = {},
): Promise<Report> {
  const counted = withoutEmptyShards(records);
  if (state === undefined) return withConfiguration(gate(counted, judging, version), configuration);
  const { gateWithState } = await import('#judge/state/gate-with-state.js');
  const report = await gateWithState(counted, judging, version, {
    path: resolve(cwd, state),
    shown: state,
    rejudge: rejudge ?? false,
    takesLateSteps,
  });
  return withConfiguration(report, configuration);
}

/** Adds to a report the configuration that it was judged by, also to the reason of its exit code. */
function withConfiguration(report: Report, configuration: Configuration | null): Report {
  if (configuration === null) return report;
  const exitReason = `${report.exitReason}; ${configurationText(configuration)}`;
  return { ...report, exitReason, configuration };
}
