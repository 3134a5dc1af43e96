import { ERROR_CODES, type ErrorCode, type ErrorKind } from '#errors.js';
import { COLLAPSE_KIND_IDS, type CollapseKindId, METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import type { Explanation, ExplanationList } from '#report/explanation.js';
import { nearestName } from '#rules/language/nearest-name.js';
import type { Rule } from '#rules/language/rule.js';
import { COLLAPSE_KINDS } from '#rules/presets/collapse-kinds.js';
import { whyOfJepa } from '#rules/presets/jepa-whys.js';
import { PRESETS, type Preset } from '#rules/presets/presets.js';
import { RFC_0005_THRESHOLDS } from '#rules/presets/rfc-0005.js';
import { ruleOfWhole, rulesOfHorizons } from '#rules/presets/rules-of-horizons.js';
import { explainRule } from './explain-rule.js';
import { explainOutside, REFERENCES } from './references.js';

const presets: readonly Preset[] = PRESETS;

/** The labels of a diagnosis that are no collapse. */
const STATES: readonly Explanation[] = [
  {
    id: 'healthy',
    title: 'Healthy',
    facts: [
      { label: 'meaning', text: 'no rule of the preset jepa alerts, and all that it needs has a value' },
      {
        label: 'no claim',
        text: 'what the embeddings are good for: a run that learns nothing can be healthy',
      },
      { label: 'see', text: 'collapse explain jepa' },
    ],
  },
  {
    id: 'not-enough-data',
    title: 'Not enough data',
    facts: [
      {
        label: 'meaning',
        text: 'a value is beyond its bound, but not yet for enough steps, or a metric that the preset jepa needs has no value; the evidence in the report says which',
      },
      { label: 'remedy', text: 'check more steps, save targets and at least two rows a step' },
      { label: 'see', text: 'collapse explain jepa' },
    ],
  },
];

/** Explains an id from the registries, or what a rule does; null for what is neither. */
export function explain(id: string): Explanation | null {
  const metric = METRIC_IDS.find((known) => known === id);
  if (metric !== undefined) return ofMetric(metric);
  const preset = presets.find((known) => known.id === id);
  if (preset !== undefined) return ofPreset(preset);
  const kind = COLLAPSE_KIND_IDS.find((known) => known === id || known.replace(' ', '-') === id);
  if (kind !== undefined) return ofKind(kind);
  const whole = ruleOfWhole(id) ?? id;
  for (const { preset: owner, rule } of presetRules()) {
    if (rule.id === whole) return ofRule(owner, rulesOfHorizons([rule]).find((own) => own.id === id) ?? rule);
  }
  const reference = REFERENCES.find((known) => known.id === id);
  if (reference !== undefined) return reference;
  const state = STATES.find((known) => known.id === id || known.id.replaceAll('-', ' ') === id);
  if (state !== undefined) return state;
  return Object.hasOwn(ERROR_CODES, id) ? ofError(id as ErrorCode) : (explainOutside(id) ?? explainRule(id));
}

/** Returns the id most like `id`; null where none is near. */
export function nearestExplained(id: string): string | null {
  return nearestName(
    id,
    explanations().flatMap(({ entries }) => entries.map((entry) => entry.id)),
  );
}

/** Lists everything that can be explained, by sort. */
export function explanations(): ExplanationList[] {
  const metrics: readonly string[] = METRIC_IDS;
  const rules = presetRules().filter(({ rule }) => !metrics.includes(rule.id));
  return [
    { heading: 'metrics and criteria', entries: METRIC_IDS.map((id) => ({ id, title: METRICS[id].title })) },
    { heading: 'presets', entries: presets.map(({ id, title }) => ({ id, title })) },
    ...(rules.length === 0
      ? []
      : [
          {
            heading: 'rules of presets',
            entries: rules.map(({ rule }) => ({ id: rule.id, title: rule.expression })),
          },
        ]),
    { heading: "a recipe's own normal", entries: REFERENCES.map(({ id, title }) => ({ id, title })) },
    {
      heading: 'kinds of collapse',
      entries: COLLAPSE_KIND_IDS.map((id) => ({
        id: id.replace(' ', '-'),
        title: COLLAPSE_KINDS[id].meaning,
      })),
    },
    {
      heading: 'other labels of a diagnosis',
      entries: STATES.map(({ id, facts }) => ({ id, title: facts[0]?.text ?? '' })),
    },
    {
      heading: 'error codes',
      entries: Object.entries(ERROR_CODES).map(([id, { title }]) => ({ id, title })),
    },
  ];
}

function presetRules(): { readonly preset: Preset; readonly rule: Rule }[] {
  return presets.flatMap((preset) =>
    preset.rules('error', RFC_0005_THRESHOLDS).map((rule) => ({ preset, rule })),
  );
}

function ofMetric(id: MetricId): Explanation {
  const { title, unit, range, definition, edge, detects, blindTo, source } = METRICS[id];
  const rules = presetRules().filter(({ rule }) => rule.metric === id);
  return {
    id,
    title,
    facts: [
      { label: 'formula', text: definition },
      { label: 'range', text: `${range}, ${unit}` },
      { label: 'edge', text: edge },
      { label: 'detects', text: detects },
      { label: 'blind to', text: blindTo },
      ...rules.map(({ preset, rule }) => ({
        label: 'criterion',
        text: `alerts when ${rule.expression} (preset ${preset.id})`,
      })),
      ...advice(METRICS[id].sees),
      { label: 'source', text: source },
    ],
  };
}

function ofRule(preset: Preset, rule: Rule): Explanation {
  const why = whyOfJepa(ruleOfWhole(rule.id) ?? rule.id);
  return {
    id: rule.id,
    title: METRICS[rule.metric].title,
    facts: [
      { label: 'formula', text: `alerts when ${rule.expression}` },
      { label: 'range', text: `${rule.metric} lies in ${METRICS[rule.metric].range}` },
      { label: 'preset', text: preset.id },
      ...(why === null ? [] : [{ label: 'why', text: why }]),
      ...advice(rule.kind === undefined ? METRICS[rule.metric].sees : [rule.kind]),
      { label: 'source', text: preset.source },
    ],
  };
}

function ofPreset(preset: Preset): Explanation {
  return {
    id: preset.id,
    title: preset.title,
    facts: [
      ...preset.rules('error', RFC_0005_THRESHOLDS).map(({ id, metric, expression }) => ({
        label: 'rule',
        text: id === metric ? expression : `${id}: ${expression}`,
      })),
      { label: 'source', text: preset.source },
    ],
  };
}

function ofKind(id: CollapseKindId): Explanation {
  const { title, meaning, source, causes, remedies } = COLLAPSE_KINDS[id];
  return {
    id: id.replace(' ', '-'),
    title,
    facts: [
      { label: 'meaning', text: meaning },
      { label: 'seen by', text: METRIC_IDS.filter((metric) => METRICS[metric].sees[0] === id).join(', ') },
      { label: 'likely cause', text: causes },
      { label: 'remedy', text: remedies },
      { label: 'source', text: source },
    ],
  };
}

const CAUSES: Readonly<Record<ErrorKind, string>> = {
  usage: 'the command line, the configuration or a rule is wrong; nothing was read (exit 2)',
  input: 'an input is missing, unreadable, inconsistent or invalid (exit 3)',
  'no data': 'no step could be judged (exit 4)',
  output: 'an output or a state file cannot be written or used (exit 3)',
  bug: 'a bug in the tool (exit 70)',
};

function ofError(code: ErrorCode): Explanation {
  const { title, help, kind } = ERROR_CODES[code];
  return {
    id: code,
    title,
    facts: [
      { label: 'likely cause', text: CAUSES[kind] },
      { label: 'remedy', text: help },
      { label: 'source', text: 'the table of error codes of this tool' },
    ],
  };
}

function advice(kinds: readonly CollapseKindId[]): { label: string; text: string }[] {
  return kinds.flatMap((id) => [
    { label: 'likely cause', text: `${id}: ${COLLAPSE_KINDS[id].causes}` },
    { label: 'remedy', text: `${id}: ${COLLAPSE_KINDS[id].remedies}` },
  ]);
}
