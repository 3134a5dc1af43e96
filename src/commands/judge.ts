import { resolve } from 'node:path';
import type { FlagValues } from '../options/flags.js';
import { gate } from '../pipeline/gate.js';
import type { GateOptions } from '../pipeline/gate-options.js';
import { withoutEmptyShards } from '../pipeline/without-empty-shards.js';
import type { MeasureRecord } from '../report/record.js';
import type { Report } from '../report/types.js';
import type { CommandContext } from './context.js';

/** Judges records alone, or in the light of the state that --state names. */
export async function judge(
  records: readonly MeasureRecord[],
  options: GateOptions,
  { state, rejudge }: Pick<FlagValues, 'state' | 'rejudge'>,
  { cwd, version }: Pick<CommandContext, 'cwd' | 'version'>,
  { takesLateSteps = false } = {},
): Promise<Report> {
  const counted = withoutEmptyShards(records);
  if (state === undefined) return gate(counted, options, version);
  const { gateWithState } = await import('../pipeline/gate-with-state.js');
  return gateWithState(counted, options, version, {
    path: resolve(cwd, state),
    shown: state,
    rejudge: rejudge ?? false,
    takesLateSteps,
  });
}
