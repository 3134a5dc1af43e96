import { UsageError } from '#errors.js';
import type { Rule } from '#rules/language/rule.js';

/** Throws `UsageError` E103 for a rule over horizons where none are measured one by one. */
export function checkHorizonRules(
  { perStepAxis }: { readonly perStepAxis?: number },
  { rules }: { readonly rules: readonly Rule[] },
): void {
  const rule = rules.find(({ at }) => at !== undefined);
  if (rule === undefined || perStepAxis !== undefined) return;
  throw new UsageError(
    'E103',
    `the rule '${rule.expression}' is over horizons, and --per-step-axis is missing`,
    {
      hint: 'name the axis of the horizons: `--per-step-axis 1` with [B, T, D]',
      fields: { rule: rule.expression },
    },
  );
}
