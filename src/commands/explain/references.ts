import type { Explanation } from '#report/explanation.js';
import { parseAnyRule } from '#rules/language/parse-rule.js';
import { REFERENCE_RULE } from '#rules/presets/reference.js';

const OUTSIDE =
  'the metrics together deviate in their bad directions further than every run of the reference ever does, at two judged steps in a row';

/** What calibrating promises, and what being judged by it means. */
export const REFERENCES: readonly Explanation[] = [
  {
    id: 'calibrate',
    title: 'What healthy runs of a recipe look like',
    facts: [
      {
        label: 'promise',
        text: 'a further run of the recipe is outside with a probability of alpha at most: over all its metrics and steps, at whatever step one looks',
      },
      {
        label: 'runs',
        text: 'n runs can promise an alpha of 1/(n + 1) at best: 19 for 5 %, 9 for 10 %, 3 for 25 %; with one run there is no alpha, see `collapse diff`',
      },
      {
        label: 'only if',
        text: 'the runs and the further one are exchangeable, as seeds of one recipe are. Checkpoints of one run are not runs, nor are other data, widths, rates, schedules or a newer version of the code, though such a change may be just what you want to see',
      },
      {
        label: 'no claim',
        text: 'that what is outside has collapsed: another healthy recipe is outside as well. Nor that what is inside is good: three runs leave much room, and --bad tells whether known collapses would be seen',
      },
      {
        label: 'how',
        text: 'on a logarithm where values are positive, the new run is set against each of the n in turn, both measured from the median of the n − 1 others in units of the distance of two of them. Deviations in the bad direction that last two steps are squared and added up over the metrics, and the larger sum at any step wins: a healthy run that goes its own way in one metric does not hide a collapse, which moves many. The new run is outside where it wins against all n, or at larger levels against all but k with (2k + 1)/(n + 1) ≤ alpha',
      },
      {
        label: 'why it holds',
        text: 'of n + 1 runs compared in pairs at most 2k + 1 lose k comparisons or fewer; the distances of the n do not depend on the new run, and its own largest one only grows with its steps',
      },
      {
        label: 'rates',
        text: 'each file is calibrated once: of many runs judged by one file more or fewer than alpha may be outside; alpha is the mean over files',
      },
      {
        label: 'source',
        text: 'this project, after conformal prediction (Vovk et al. 2005) and the jackknife+ (Barber et al. 2021)',
      },
      { label: 'see', text: 'collapse explain reference; docs/normal.md has figures' },
    ],
  },
  {
    id: 'reference',
    title: 'Judged beside runs of the recipe',
    facts: [
      { label: 'rule', text: `${REFERENCE_RULE.id}: alerts where ${OUTSIDE}` },
      {
        label: 'limit',
        text: 'in tables and pages, how far a metric may go by itself; beyond it the table says outside, and the rule alerts once, for the metric furthest away. Several metrics may be outside together with each within its limit: the alert names them, and the value up to which its own would do',
      },
      {
        label: 'level',
        text: 'error, beside the presets; --preset none for it alone, --ignore reference.outside for shares of it alone',
      },
      {
        label: 'p',
        text: 'the smallest alpha at which the run would be outside by what it has shown: 1 is like the others; it never rises',
      },
      {
        label: 'not judged',
        text: 'steps before the first or beyond the last that all its runs have, metrics that it or the run lacks, metrics without a bad direction; a run saved more often is compared as often as the reference was. Listed, and never a pass: nothing judged ends with 4',
      },
      {
        label: 'refused',
        text: 'other dimensions, axes, settings or metric definitions, and more than twice or less than half the rows, with 3; between a tenth and that, metrics that depend on the batch size are left out',
      },
      {
        label: 'one run',
        text: 'the records of one golden run are a reference too: rules may be shares of it (target_effective_rank < 80% of reference), and there is no outside',
      },
      { label: 'see', text: 'collapse explain calibrate' },
    ],
  },
  {
    id: REFERENCE_RULE.id,
    title: 'Outside a reference',
    facts: [
      { label: 'formula', text: `alerts when ${OUTSIDE}` },
      { label: 'preset', text: 'reference, which --reference adds' },
      { label: 'see', text: 'collapse explain reference' },
    ],
  },
];

/** Explains a rule of all metrics of a reference; null for other text. Throws `UsageError` E110 as `parseAnyRule` does. */
export function explainOutside(text: string): Explanation | null {
  if (!/^\s*outside\b/.test(text)) return null;
  const { expression, forSteps, after } = parseAnyRule(text);
  return {
    id: expression,
    title: 'Outside a reference',
    facts: [
      { label: 'formula', text: `alerts when ${OUTSIDE}` },
      {
        label: 'row',
        text: `alerts once it is so at ${forSteps} judged steps in a row; a missing value breaks the row`,
      },
      ...(after === null ? [] : [{ label: 'from', text: `only steps greater than ${after}` }]),
      { label: 'see', text: 'collapse explain reference' },
    ],
  };
}
