import { resolve } from 'node:path';
import { gate, withoutEmptyShards } from '#judge/gate.js';
import type { FlagValues } from '#options/flags.js';
import type { JudgePlan } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import type { CommandContext } from './input/context.js';

/** Judges records alone, or together with the state that --state names. */
export async function judge(
  records: readonly MeasureRecord[],
  options: JudgePlan,
  { state, rejudge }: Pick<FlagValues, 'state' | 'rejudge'>,
  { cwd, version }: Pick<CommandContext, 'cwd' | 'version'>,
  { takesLateSteps = false } = {},
): Promise<Report> {
  const counted = withoutEmptyShards(records);
  if (state === undefined) return gate(counted, options, version);
  const { gateWithState } = await import('#judge/state/gate-with-state.js');
  return gateWithState(counted, options, version, {
    path: resolve(cwd, state),
    shown: state,
    rejudge: rejudge ?? false,
    takesLateSteps,
  });
}
