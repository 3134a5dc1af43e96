import { RFC_0005_THRESHOLDS } from '../rules/preset-rfc-0005.js';
import type { FlagValues } from './flags.js';

/** The flags that shape a verdict, with their defaults filled in. */
export function gateOptions(flags: FlagValues) {
  return {
    predVarToTargetVar: flags.predVarToTargetVar ?? RFC_0005_THRESHOLDS.predVarToTargetVar,
    pairwiseToInitial: flags.pairwiseToInitial ?? RFC_0005_THRESHOLDS.pairwiseToInitial,
    klRegMax: flags.klRegMax ?? RFC_0005_THRESHOLDS.klRegMax,
    initialPairwisePredDistMean: flags.initialPairwisePredDistMean ?? null,
    logEverySteps: flags.logEverySteps ?? 1,
    after: flags.after ?? null,
    judge: flags.judge ?? ('all' as const),
    failOn: flags.failOn ?? ('error' as const),
    onUnavailable: flags.onUnavailable ?? ('skip' as const),
    exitZero: flags.exitZero ?? false,
  };
}
