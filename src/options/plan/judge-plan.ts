import { UsageError } from '#errors.js';
import type { JudgePlan } from '#plan.js';
import type { Rule } from '#rules/language/rule.js';
import { DEFAULT_PRESETS, type PresetRequest } from '#rules/presets/presets.js';
import { RFC_0005_THRESHOLDS } from '#rules/presets/rfc-0005.js';
import type { FlagValues } from '../flags.js';

/** Returns how the flags judge, with every default filled in. Throws `UsageError` where there is nothing to judge by. */
export function judgePlanOf(flags: FlagValues): JudgePlan {
  if (flags.rejudge && flags.state === undefined) {
    throw new UsageError('E103', '--rejudge is given and --state is missing', {
      hint: 'without a state everything is judged anew each time',
    });
  }
  const presets = presetsOf(flags.preset);
  const rules = rulesOf(flags);
  if (presets.length === 0 && rules.length === 0) {
    throw new UsageError('E103', '--preset none leaves no rule to judge by', {
      hint: "add --fail-if 'METRIC < NUMBER', or use `collapse measure` for the numbers alone",
    });
  }
  return {
    presets,
    rules,
    predVarToTargetVar: flags.predVarToTargetVar ?? RFC_0005_THRESHOLDS.predVarToTargetVar,
    pairwiseToInitial: flags.pairwiseToInitial ?? RFC_0005_THRESHOLDS.pairwiseToInitial,
    klRegMax: flags.klRegMax ?? RFC_0005_THRESHOLDS.klRegMax,
    initialPairwisePredDistMean: flags.initialPairwisePredDistMean ?? null,
    logEverySteps: flags.logEverySteps ?? 1,
    after: flags.after ?? null,
    judge: flags.judge ?? 'all',
    failOn: flags.failOn ?? 'error',
    onUnavailable: flags.onUnavailable ?? 'skip',
    exitZero: flags.exitZero ?? false,
  };
}

/** Takes the presets that are named, at level error, and none beside them; the default where none is named. */
function presetsOf(asked: FlagValues['preset']): readonly PresetRequest[] {
  if (asked === undefined) return DEFAULT_PRESETS;
  const ids = asked.filter((id) => id !== 'none');
  if (ids.length > 0 && ids.length < asked.length) {
    throw new UsageError('E104', '--preset none stands beside another preset');
  }
  return [...new Set(ids)].map((id) => ({ id, level: 'error' }));
}

/** Takes each rule once, at level error where it is given at both levels. */
function rulesOf({ failIf = [], warnIf = [] }: FlagValues): Rule[] {
  const byId = new Map<string, Rule>();
  for (const rule of [...failIf, ...warnIf]) if (!byId.has(rule.id)) byId.set(rule.id, rule);
  return [...byId.values()];
}
