import { UsageError } from '#errors.js';
import type { JudgePlan } from '#plan.js';
import { nearestName } from '#rules/language/nearest-name.js';
import type { OutsideRule, Rule } from '#rules/language/rule.js';
import { activeRules, defaultPresets, type PresetRequest } from '#rules/presets/presets.js';
import { REFERENCE_RULE } from '#rules/presets/reference.js';
import { RFC_0005_THRESHOLDS } from '#rules/presets/rfc-0005.js';
import { rulesOfHorizons } from '#rules/presets/rules-of-horizons.js';
import type { FlagName, FlagValues } from '../flags.js';

/** Returns how the flags judge, with every default filled in. Throws `UsageError` where there is nothing to judge by. */
export function judgePlanOf(flags: FlagValues): JudgePlan {
  if (flags.rejudge && flags.state === undefined) {
    throw new UsageError('E103', '--rejudge is given and --state is missing', {
      hint: 'without a state everything is judged anew each time',
    });
  }
  if (flags.resumeFrom !== undefined && flags.state === undefined) {
    throw new UsageError('E103', '--resume-from is given and --state is missing', {
      hint: 'without a state nothing is remembered that could be forgotten',
    });
  }
  const presets = presetsOf(flags);
  const { rules, outside: own } = rulesOf(flags);
  refuseWithoutReference(flags, [...rules.filter(({ of }) => of === 'reference'), ...own]);
  const ignored = flags.ignore ?? [];
  const ofPreset = flags.reference === undefined ? [] : [REFERENCE_RULE];
  const outside = [...ofPreset, ...own].filter(({ id }) => !ignored.includes(id));
  if (presets.length === 0 && rules.length === 0 && outside.length === 0) {
    throw new UsageError('E103', '--preset none leaves no rule to judge by', {
      hint: "add --fail-if 'METRIC < NUMBER', or use `collapse measure` for the numbers alone",
    });
  }
  const plan: JudgePlan = {
    presets,
    rules,
    outside,
    reference: null,
    ignored,
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
  refuseIgnored(plan, [...ofPreset, ...own]);
  return plan;
}

/** Throws `UsageError` E104 for a rule to ignore that is none of those that judge, and where none is left. */
function refuseIgnored(
  { presets, rules, ignored, ...thresholds }: JudgePlan,
  outside: readonly OutsideRule[],
): void {
  const active = activeRules(presets, rules, thresholds);
  const ids = [...active, ...outside].map(({ id }) => id);
  const ofHorizons = rulesOfHorizons(active).map(({ id }) => id);
  for (const id of ignored) {
    if (ids.includes(id) || ofHorizons.includes(id)) continue;
    const nearest = nearestName(id, ids);
    throw new UsageError('E104', `--ignore names no rule that judges: ${id}`, {
      hint: nearest === null ? `the rules are ${ids.join(', ')}` : `did you mean ${nearest}?`,
    });
  }
  if (ids.length > 0 && ids.every((id) => ignored.includes(id))) {
    throw new UsageError('E103', '--ignore leaves no rule to judge by');
  }
}

/** The flags that are named after the reference's fields, and the criterion that each asks for. */
const FLAGS_OF_REFERENCE = {
  predVarToTargetVar: 'pred_var_per_dim',
  pairwiseToInitial: 'pairwise_pred_dist_mean',
  initialPairwisePredDistMean: 'pairwise_pred_dist_mean',
  klRegMax: 'kl_reg',
} as const satisfies Partial<Record<FlagName, string>>;

/**
 * Takes the presets that are named, at level error, and none beside them; the default where none is named, with the
 * criteria of the reference whose flags were given.
 */
function presetsOf(flags: FlagValues): readonly PresetRequest[] {
  const { preset: asked } = flags;
  if (asked === undefined) {
    const names = Object.keys(FLAGS_OF_REFERENCE) as (keyof typeof FLAGS_OF_REFERENCE)[];
    return defaultPresets(
      names.filter((name) => flags[name] !== undefined).map((name) => FLAGS_OF_REFERENCE[name]),
    );
  }
  const ids = asked.filter((id) => id !== 'none');
  if (ids.length > 0 && ids.length < asked.length) {
    throw new UsageError('E104', '--preset none stands beside another preset');
  }
  return [...new Set(ids)].map((id) => ({ id, level: 'error' }));
}

/** Takes each rule once, at level error where it is given at both levels. */
function rulesOf({ failIf = [], warnIf = [] }: FlagValues): { rules: Rule[]; outside: OutsideRule[] } {
  const byId = new Map<string, Rule | OutsideRule>();
  for (const rule of [...failIf, ...warnIf]) if (!byId.has(rule.id)) byId.set(rule.id, rule);
  const rules: Rule[] = [];
  const outside: OutsideRule[] = [];
  for (const rule of byId.values()) {
    if ('outside' in rule) outside.push(rule);
    else rules.push(rule);
  }
  return { rules, outside };
}

function refuseWithoutReference(
  { reference }: FlagValues,
  [rule]: readonly Pick<Rule, 'expression'>[],
): void {
  if (rule === undefined || reference !== undefined) return;
  throw new UsageError(
    'E103',
    `the rule '${rule.expression}' takes a reference, and --reference is missing`,
    {
      hint: 'name what `collapse calibrate` wrote, or the records of a golden run',
      fields: { rule: rule.expression },
    },
  );
}
