import { expect, it } from 'vitest';
import { nearestName } from '#rules/language/nearest-name.js';

const NAMES = ['pred_var_per_dim', 'target_var_per_dim', 'kl_reg'] as const;

it.each([
  ['prediction', ['projection', 'pred'], 'pred'],
  ['predictor', ['predictor-collapse', 'copying'], 'predictor-collapse'],
  ['prediction', ['projection', 'pred', 'predict'], 'projection'],
  ['prejection', ['projection', 'prej'], 'projection'],
])('%s among %j is meant as %s', (given, names, expected) => {
  expect(nearestName(given, names)).toBe(expected);
});

it.each([
  ['pred_var_per_dmi', 'pred_var_per_dim'],
  ['PredVarPerDim', 'pred_var_per_dim'],
  ['tgt_var_per_dim', 'target_var_per_dim'],
  ['kl-reg', 'kl_reg'],
  ['klreg', 'kl_reg'],
  ['k', null],
  ['', null],
  ['something_else', null],
  ['x'.repeat(10_000), null],
])('%s is meant as %s', (given, expected) => {
  expect(nearestName(given, NAMES)).toBe(expected);
});
