import type { Report, ReportError, ReportRun, ReportStep } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { remarkText } from '../view/remark-text.js';
import { stepName } from '../view/step-text.js';
import { collapseName, remedyText } from '../view/verdict.js';
import { xmlText } from '../view/xml-text.js';

/**
 * Writes JUnit XML: a suite a step, a case a criterion. An alert is a failure, an unreadable input an error, a
 * criterion that was not judged is skipped; an alert of level warn passes and says so in its output.
 */
export const junit: Render = ({ report }) => {
  const suites = [...report.runs.flatMap((run) => runSuites(run, report)), ...looseErrors(report)];
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

function runSuites(run: ReportRun, report: Report): Suite[] {
  const errors = report.errors.filter((error) => error.run === run.run);
  const suites = run.steps.map((step, i): Suite => {
    const own = errors.filter((error) => error.step !== undefined && error.step === step.step);
    return {
      name: `${run.run} ${stepName(step.step)}`,
      cases: [...stepCases(run.run, step), ...own.map(errorCase), ...(i === 0 ? remarkCases(run) : [])],
    };
  });
  const known = new Set(run.steps.map(({ step }) => step));
  const others = errors.filter((error) => error.step === undefined || !known.has(error.step));
  return [...suites, ...collapseSuite(run), ...others.map(errorSuite)];
}

/** One case for what the run as a whole collapsed to, when, and what to do about it. */
function collapseSuite(run: ReportRun): Suite[] {
  const name = collapseName(run);
  if (name === null) return [];
  const message = [name, remedyText(run)].filter((text) => text !== null).join('; ');
  const outcome = run.status === 'alert' ? 'failure' : 'warned';
  return [
    {
      name: run.run,
      cases: [{ name: 'diagnosis', classname: run.run, outcome, type: 'collapse', message }],
    },
  ];
}

function looseErrors(report: Report): Suite[] {
  const runs = new Set(report.runs.map(({ run }) => run));
  return report.errors.filter(({ run }) => run === undefined || !runs.has(run)).map(errorSuite);
}

function errorSuite(error: ReportError): Suite {
  const place = error.run ?? error.path ?? 'inputs';
  return {
    name: error.step === undefined ? place : `${place} ${stepName(error.step)}`,
    cases: [errorCase(error)],
  };
}

function errorCase({ code, message, path, run, hint }: ReportError): Case {
  const help = hint === undefined ? '' : `; ${hint}`;
  return {
    name: path ?? run ?? code,
    classname: run ?? 'inputs',
    outcome: 'error',
    type: code,
    message: message + help,
  };
}

/** What is said of a run and fails nothing, as one case that passes in its first suite. */
function remarkCases({ run, remarks = [] }: ReportRun): Case[] {
  if (remarks.length === 0) return [];
  const message = remarks.map((remark) => `remark: ${remarkText(remark)}`).join('; ');
  return [{ name: 'remarks', classname: run, outcome: 'remarked', type: '', message }];
}

function stepCases(run: string, step: ReportStep): Case[] {
  const common = { classname: run, type: '', message: '' };
  if (!step.judged) {
    return [{ ...common, name: 'judged', outcome: 'skipped', message: step.notJudged ?? 'not judged' }];
  }
  return [
    ...step.alerts.map(
      ({ criterion, level, message }): Case => ({
        ...common,
        name: criterion,
        outcome: level === 'error' ? 'failure' : 'warned',
        type: 'alert',
        message,
      }),
    ),
    ...step.held.map(({ criterion }): Case => ({ ...common, name: criterion, outcome: 'passed' })),
    ...step.skipped.map(
      ({ criterion, reason }): Case => ({ ...common, name: criterion, outcome: 'skipped', message: reason }),
    ),
  ];
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
