import type { Report, ReportError, ReportRun } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { isNoData } from '../view/error-kind.js';
import { stepName } from '../view/step-text.js';
import { jsonText } from './json-text.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/**
 * Writes SARIF 2.1.0: a rule a criterion, a result an alert at the prediction's file; inputs that failed are
 * notifications.
 */
export const sarif: Render = ({ report }) => {
  const rules = report.rules.map(({ id, expression, level }) => ({
    id,
    shortDescription: { text: `${id}: ${expression}` },
    defaultConfiguration: { level: sarifLevel(level) },
  }));
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

function resultsOf({ run, steps }: ReportRun, { rules }: Report) {
  return steps.flatMap(({ step, alerts, inputs }) =>
    alerts.map(({ criterion, level, message, metric, value, threshold, operator }) => {
      const ruleIndex = rules.findIndex(({ id }) => id === criterion);
      return {
        ruleId: criterion,
        ...(ruleIndex < 0 ? {} : { ruleIndex }),
        level: sarifLevel(level),
        message: { text: `${run}, ${stepName(step)}: ${message}` },
        ...locationsOf(inputs.prediction?.path),
        // One finding a run, step and criterion, however often the run is checked.
        partialFingerprints: { 'runStepCriterion/v1': JSON.stringify([run, step, criterion]) },
        properties: { run, step, metric, operator, value, threshold },
      };
    }),
  );
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
