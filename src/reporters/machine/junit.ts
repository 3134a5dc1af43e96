import type { Report, ReportRun } from '#report/types.js';
import { alertSpans, spanMessage } from '../view/alert-spans.js';
import { configurationText } from '../view/configuration-text.js';
import type { Render } from '../view/define-reporter.js';
import { type GroupedError, groupErrors } from '../view/group-errors.js';
import { remarkText } from '../view/remark-text.js';
import { collapseName, remedyText } from '../view/verdict.js';
import { xmlText } from '../view/xml-text.js';

/**
 * Writes JUnit XML: a suite a run, a case a criterion, whose failure names its steps. An input that could not be used is
 * an error, a criterion that was decided at no step is skipped; one that only warned passes and says so in its output.
 */
export const junit: Render = ({ report }) => {
  const suites = [...report.runs.map((run) => runSuite(run, report)), ...looseErrors(report)];
  const body = suites.map(suiteText).join('');
  const all = suites.flatMap(({ cases }) => cases);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="embedding-collapse" ${countsOf(all)}>\n${body}</testsuites>\n`;
};

type Outcome = 'passed' | 'failure' | 'error' | 'skipped' | 'warned' | 'remarked';

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly outcome: Outcome;
  readonly message: string;
  /** The kind of failure or error. */
  readonly type: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

function runSuite(run: ReportRun, report: Report): Suite {
  const errors = report.errors.filter((error) => error.run === run.run);
  return {
    name: run.run,
    cases: [
      ...collapseCase(run),
      ...criterionCases(run),
      ...groupErrors(errors).map(errorCase),
      ...remarkCases(run),
      ...configurationCase(run, report),
    ],
  };
}

/** One case for what the run as a whole collapsed to, when, and what to do about it. */
function collapseCase(run: ReportRun): Case[] {
  const name = collapseName(run);
  if (name === null) return [];
  const message = [name, remedyText(run)].filter((text) => text !== null).join('; ');
  const outcome = run.status === 'alert' ? 'failure' : 'warned';
  return [{ name: 'diagnosis', classname: run.run, outcome, type: 'collapse', message }];
}

/** Errors of no run, in a suite for each input. */
function looseErrors({ runs, errors }: Report): Suite[] {
  const known = new Set(runs.map(({ run }) => run));
  const loose = errors.filter(({ run }) => run === undefined || !known.has(run));
  return groupErrors(loose).map((error) => ({
    name: error.run ?? error.path ?? 'inputs',
    cases: [errorCase(error)],
  }));
}

function errorCase({ code, message, path, run, hint, steps }: GroupedError): Case {
  const at = steps === undefined ? '' : ` (${steps})`;
  const help = hint === undefined ? '' : `; ${hint}`;
  return {
    name: path ?? run ?? code,
    classname: run ?? 'inputs',
    outcome: 'error',
    type: code,
    message: message + at + help,
  };
}

/** What is said of a run and fails nothing, as one case that passes. */
function remarkCases({ run, remarks = [] }: ReportRun): Case[] {
  if (remarks.length === 0) return [];
  const message = remarks.map((remark) => `remark: ${remarkText(remark)}`).join('; ');
  return [{ name: 'remarks', classname: run, outcome: 'remarked', type: '', message }];
}

/** A configuration that was found and not named may have changed what the others mean. */
function configurationCase({ run }: ReportRun, { configuration }: Report): Case[] {
  if (configuration === undefined) return [];
  const message = configurationText(configuration);
  return [{ name: 'configuration', classname: run, outcome: 'remarked', type: '', message }];
}

function criterionCases(run: ReportRun): Case[] {
  const judged = run.steps.filter((step) => step.judged);
  const common = { classname: run.run, type: '', message: '' };
  if (judged.length === 0) {
    const message = run.steps.at(-1)?.notJudged ?? 'no step was judged';
    return run.steps.length === 0 ? [] : [{ ...common, name: 'judged', outcome: 'skipped', message }];
  }
  const spans = new Map(alertSpans(run).map((span) => [span.criterion, span]));
  const decided = new Set(judged.flatMap(({ held }) => held.map(({ criterion }) => criterion)));
  const reasons = new Map(
    judged.flatMap(({ skipped }) => skipped.map((skip) => [skip.criterion, skip.reason])),
  );
  const ids = new Set([...spans.keys(), ...decided, ...reasons.keys()]);
  return [...ids].map((id): Case => {
    const span = spans.get(id);
    if (span !== undefined) {
      const outcome = span.level === 'error' ? 'failure' : 'warned';
      return { ...common, name: id, outcome, type: 'alert', message: spanMessage(span) };
    }
    if (decided.has(id)) return { ...common, name: id, outcome: 'passed' };
    return { ...common, name: id, outcome: 'skipped', message: reasons.get(id) ?? '' };
  });
}

function countsOf(cases: readonly Case[], withSkipped = false): string {
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const skipped = withSkipped ? ` skipped="${count('skipped')}"` : '';
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"${skipped}`;
}

function suiteText({ name, cases }: Suite): string {
  return `  <testsuite name="${xmlText(name)}" ${countsOf(cases, true)}>\n${cases.map(caseText).join('')}  </testsuite>\n`;
}

function caseText({ name, classname, outcome, message, type }: Case): string {
  const head = `    <testcase name="${xmlText(name)}" classname="${xmlText(classname)}"`;
  if (outcome === 'passed') return `${head}/>\n`;
  const safe = xmlText(message);
  const body =
    outcome === 'warned' || outcome === 'remarked'
      ? `<system-out>${outcome === 'warned' ? 'warning: ' : ''}${safe}</system-out>`
      : outcome === 'skipped'
        ? `<skipped message="${safe}"/>`
        : `<${outcome} type="${xmlText(type)}" message="${safe}">${safe}</${outcome}>`;
  return `${head}>\n      ${body}\n    </testcase>\n`;
}
