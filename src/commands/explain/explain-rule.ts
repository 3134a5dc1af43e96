import { METRICS } from '#metrics/index.js';
import type { Explanation } from '#report/explanation.js';
import { percentText } from '#rules/language/number-text.js';
import { parseRule } from '#rules/language/parse-rule.js';
import type { Rule } from '#rules/language/rule.js';

const OF: Readonly<Record<string, string>> = {
  baseline: 'the value at the first judged step',
  reference: 'the median of the runs of --reference at the same step',
  previous: 'the value at the last judged step before',
  peak: 'the largest value at a judged step so far',
};

/** Explains a rule as a user writes it; null for text without a comparison. Throws `UsageError` E110 as `parseRule` does. */
export function explainRule(text: string): Explanation | null {
  if (!/[<>]/.test(text)) return null;
  const rule = parseRule(text);
  const { metric, expression } = rule;
  return {
    id: expression,
    title: METRICS[metric].title,
    facts: [
      { label: 'formula', text: `alerts when ${expression}` },
      ...factsOf(rule),
      { label: 'no value', text: 'skipped with a reason, and no pass; --on-unavailable fail exits 4' },
      { label: 'see', text: `collapse explain ${metric}` },
    ],
  };
}

function factsOf({ factor, of, at, forSteps, after }: Rule): Explanation['facts'] {
  const reference = of === null ? null : (OF[of] ?? `${of} of the same step`);
  return [
    ...(reference === null ? [] : [{ label: 'bound', text: `${percentText(factor)} of ${reference}` }]),
    ...(at === undefined ? [] : [{ label: 'horizons', text: horizonText(at) }]),
    ...(forSteps === 1
      ? []
      : [
          {
            label: 'row',
            text: `alerts once ${forSteps} consecutive judged steps trip; a missing value restarts the count`,
          },
        ]),
    ...(after === null ? [] : [{ label: 'from', text: `only steps greater than ${after}` }]),
  ];
}

function horizonText(at: NonNullable<Rule['at']>): string {
  const own = 'each with its own baseline, peak, previous value and row of steps; needs --per-step-axis';
  return at === 'any horizon'
    ? `where one of them does, ${own}`
    : `horizon ${at} alone; needs --per-step-axis`;
}
