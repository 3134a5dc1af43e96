import type { MetricFacts } from '#report/metric-facts.js';
import type { Report, ReportError, ReportRun } from '#report/types.js';
import { alertSpans, spanMessage } from '../view/alert-spans.js';
import type { Render } from '../view/define-reporter.js';
import { isNoData } from '../view/error-kind.js';
import { collapseName } from '../view/verdict.js';
import { jsonText } from './json-text.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** What collapse is, and how it is seen in spectra and variances; the rule's own help says what it judges. */
const COLLAPSE = 'https://arxiv.org/abs/2110.09348';
const RFC = 'https://github.com/AbdelStark/GenoLeWM/blob/main/rfcs/0005-training-objective.md';

/**
 * Writes SARIF 2.1.0: a rule a criterion, with what its metric sees; a result a criterion and run, at the prediction's
 * file of the last step that failed; inputs that failed are notifications.
 */
export const sarif: Render = ({ report, catalogue }) => {
  const rules = report.rules.map(({ id, expression, level, metric, preset }) => {
    const facts = metric === undefined ? undefined : catalogue[metric];
    return {
      id,
      shortDescription: { text: `${id}: ${expression}` },
      help: { text: helpText(id, expression, preset, facts) },
      helpUri: helpUri(preset, facts),
      defaultConfiguration: { level: sarifLevel(level) },
    };
  });
  const run = {
    tool: { driver: { name: report.tool.name, version: report.tool.version, rules } },
    invocations: [
      {
        executionSuccessful: !report.errors.some(({ code }) => !isNoData(code)),
        exitCode: report.exitCode,
        exitCodeDescription: report.exitReason,
        toolExecutionNotifications: [
          ...report.errors.map(notification),
          ...report.warnings.map((warning) => ({
            level: 'warning',
            message: { text: warning.message },
            ...locationsOf(warning.path),
          })),
        ],
      },
    ],
    results: report.runs.flatMap((each) => resultsOf(each, report)),
  };
  return `${jsonText({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, 2)}\n`;
};

function sarifLevel(level: 'error' | 'warn'): 'error' | 'warning' {
  return level === 'error' ? 'error' : 'warning';
}

/** The page that says most of what a rule judges; SARIF takes absolute addresses alone, so that none is of this package. */
function helpUri(preset: string | undefined, facts: MetricFacts | undefined): string {
  const source = preset === 'rfc-0005' ? 'RFC-0005' : (facts?.source ?? '');
  if (source.includes('RFC-0005')) return RFC;
  const [, paper] = /arXiv (\d{4}\.\d{5})/.exec(source) ?? [];
  return paper === undefined ? COLLAPSE : `https://arxiv.org/abs/${paper}`;
}

function helpText(
  id: string,
  expression: string,
  preset: string | undefined,
  facts: MetricFacts | undefined,
): string {
  const what =
    facts === undefined ? [] : [`${facts.title}: ${facts.definition}. It detects ${facts.detects}.`];
  // A rule of one's own has no entry there.
  const page = preset === undefined || preset === 'reference' ? '' : `, docs/rules.md#${id} in the package`;
  return [`Alerts when ${expression}.`, ...what, `See \`collapse explain ${id}\`${page}.`].join(' ');
}

function resultsOf(run: ReportRun, { rules }: Report) {
  const name = collapseName(run);
  return alertSpans(run).map((span) => {
    const { criterion, level, first, last, steps, alert } = span;
    const { metric, value, threshold, operator } = alert;
    const ruleIndex = rules.findIndex(({ id }) => id === criterion);
    const collapse = name === null ? '' : ` (${name})`;
    return {
      ruleId: criterion,
      ...(ruleIndex < 0 ? {} : { ruleIndex }),
      level: sarifLevel(level),
      message: { text: `${run.run}: ${criterion} ${spanMessage(span)}${collapse}` },
      ...locationsOf(span.path),
      // One finding a run and criterion, however often the run is checked.
      partialFingerprints: { 'runCriterion/v1': JSON.stringify([run.run, criterion]) },
      properties: { run: run.run, step: last, firstStep: first, steps, metric, operator, value, threshold },
    };
  });
}

function notification({ code, message, path, hint, step, run }: ReportError) {
  return {
    descriptor: { id: code },
    level: 'error',
    message: { text: hint === undefined ? message : `${message}; ${hint}` },
    ...locationsOf(path),
    properties: { ...(run === undefined ? {} : { run }), ...(step === undefined ? {} : { step }) },
  };
}

function locationsOf(path: string | undefined) {
  if (path === undefined || path === '') return {};
  const segments = path.split('/').map((part) => encodeURIComponent(wellFormed(part)));
  const uri = path.startsWith('/') ? `file://${segments.join('/')}` : segments.join('/');
  return { locations: [{ physicalLocation: { artifactLocation: { uri } } }] };
}

/** Replaces lone surrogates, which UTF-8 cannot take, by U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
