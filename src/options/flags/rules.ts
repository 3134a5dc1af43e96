import { parseRule } from '#rules/language/parse-rule.js';
import type { Rule } from '#rules/language/rule.js';
import { PRESET_IDS } from '#rules/presets/presets.js';
import { nonEmptyText, nonNegativeNumber, oneOf, positiveNumber } from '../parse/value-parsers.js';
import { type Flag, flagOf, JUDGES } from './flag.js';

const flag = flagOf('Rules');

export const RULES = {
  preset: {
    ...flag(
      JUDGES,
      '--preset <name>',
      `judge by ${PRESET_IDS.join(' or ')} at level error, or by 'none' of them; may be repeated`,
      oneOf(...PRESET_IDS, 'none'),
      'jepa decides; rfc-0005 warns, but for a supplied kl_reg, which decides',
    ),
    repeatable: true,
  },
  ignore: {
    ...flag(
      JUDGES,
      '--ignore <rule>',
      'judge without the rule of this id, such as jepa.target_rank_low; may be repeated',
      nonEmptyText,
    ),
    repeatable: true,
  },
  failIf: {
    ...flag<Rule>(
      JUDGES,
      '--fail-if <rule>',
      "alert when 'METRIC < NUMBER', also '< 50% of baseline|previous|peak|METRIC', with 'at any horizon', 'for N' steps and 'after STEP'; may be repeated",
      (text) => parseRule(text, 'error'),
    ),
    repeatable: true,
  },
  warnIf: {
    ...flag<Rule>(JUDGES, '--warn-if <rule>', 'the same at level warn', (text) => parseRule(text, 'warn')),
    repeatable: true,
  },
  predVarToTargetVar: flag(
    JUDGES,
    '--pred-var-to-target-var <x>',
    'alert when pred_var_per_dim < x × target_var_per_dim; given, it decides beside jepa',
    positiveNumber,
    '0.5',
  ),
  pairwiseToInitial: flag(
    JUDGES,
    '--pairwise-to-initial <x>',
    'alert when pairwise_pred_dist_mean < x × its baseline; given, it decides beside jepa',
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
