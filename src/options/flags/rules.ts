import { METRIC_IDS } from '#metrics/ids.js';
import { parseAnyRule } from '#rules/language/parse-rule.js';
import type { OutsideRule, Rule } from '#rules/language/rule.js';
import { PRESET_IDS, PRESETS } from '#rules/presets/presets.js';
import { REFERENCE_RULE } from '#rules/presets/reference.js';
import { RFC_0005_THRESHOLDS } from '#rules/presets/rfc-0005.js';
import { nonEmptyText, nonNegativeNumber, oneOf, positiveNumber } from '../parse/value-parsers.js';
import { type Flag, flagOf, JUDGES } from './flag.js';

const flag = flagOf('Rules');

export const RULES = {
  preset: {
    ...flag(
      JUDGES,
      '--preset <name>',
      `the rules that can fail the run: ${PRESET_IDS.join(', ')} or 'none'; may be repeated`,
      oneOf(...PRESET_IDS, 'none'),
      'jepa can fail it; rfc-0005 warns, and fails it only for a supplied kl_reg',
    ),
    repeatable: true,
  },
  ignore: {
    ...flag(
      JUDGES,
      '--ignore <rule>',
      'judge without this rule, such as jepa.target_rank_low; may be repeated',
      nonEmptyText,
    ),
    repeatable: true,
    completes: [
      ...PRESETS.flatMap(({ rules }) => rules('error', RFC_0005_THRESHOLDS).map(({ id }) => id)),
      REFERENCE_RULE.id,
    ],
  },
  failIf: {
    ...flag<Rule | OutsideRule>(
      JUDGES,
      '--fail-if <rule>',
      "alert when 'METRIC < NUMBER', also '< 50% of baseline|previous|peak|reference|METRIC', with 'at any horizon', 'for N' steps and 'after STEP', or 'outside reference'; may be repeated",
      (text) => parseAnyRule(text, 'error'),
    ),
    repeatable: true,
    completes: [...METRIC_IDS, 'outside reference'],
  },
  warnIf: {
    ...flag<Rule | OutsideRule>(JUDGES, '--warn-if <rule>', 'warn instead; the same syntax', (text) =>
      parseAnyRule(text, 'warn'),
    ),
    repeatable: true,
    completes: [...METRIC_IDS, 'outside reference'],
  },
  predVarToTargetVar: flag(
    JUDGES,
    '--pred-var-to-target-var <x>',
    'alert when pred_var_per_dim < x × target_var_per_dim; where given, it can fail the run',
    positiveNumber,
    '0.5',
  ),
  pairwiseToInitial: flag(
    JUDGES,
    '--pairwise-to-initial <x>',
    'alert when pairwise_pred_dist_mean < x × its baseline; where given, it can fail the run',
    positiveNumber,
    '0.5',
  ),
  klRegMax: flag(JUDGES, '--kl-reg-max <x>', 'alert when a supplied kl_reg > x', positiveNumber, '10'),
  initialPairwisePredDistMean: flag(
    JUDGES,
    '--initial-pairwise-pred-dist-mean <x>',
    'the baseline distance, instead of the first judged step',
    nonNegativeNumber,
  ),
} as const satisfies Record<string, Flag<unknown>>;
