import type { Report, ReportRun } from '#report/types.js';
import { type AlertSpan, alertSpans, spanMessage, worstSpansFirst } from '../view/alert-spans.js';
import { configurationText } from '../view/configuration-text.js';
import { quietCriteria } from '../view/criterion-metric.js';
import type { Render } from '../view/define-reporter.js';
import { type GroupedError, groupErrors } from '../view/group-errors.js';
import { printable } from '../view/printable.js';
import { remarkText } from '../view/remark-text.js';
import { counted } from '../view/step-text.js';
import { collapseName, remedyText } from '../view/verdict.js';

/** GitHub shows no more than this of one level from one step of a job. */
const MAX_OF_LEVEL = 10;

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string | undefined;
}

/**
 * Writes workflow commands, one annotation a collapse, and one a criterion and run, worst first; the tenth of a level tells how many are
 * left out.
 */
export const github: Render = ({ report }) => {
  const annotations = annotationsOf(report);
  const shown = (['error', 'warning', 'notice'] as const).flatMap((level) =>
    limited(annotations.filter((annotation) => annotation.level === level)),
  );
  return shown.map(commandText).join('');
};

function annotationsOf(report: Report): Annotation[] {
  const quiet = quietCriteria(report);
  const named = new Set(report.runs.filter((run) => ofCollapse(run).length > 0).map(({ run }) => run));
  const spans = worstSpansFirst(report.runs.flatMap(alertSpans)).filter(
    ({ run, criterion }) => !named.has(run) || !quiet.has(criterion),
  );
  const all = [
    ...groupErrors(report.errors).map(ofError),
    ...report.runs.flatMap(ofCollapse),
    ...spans.map(ofSpan),
    ...report.warnings.map(
      ({ message, path, run }): Annotation => ({
        level: 'warning',
        title: run ?? path ?? 'warning',
        message,
        file: path,
      }),
    ),
  ];
  const remarks = (report.remarks ?? []).map(
    (remark): Annotation => ({
      level: 'notice',
      title: `${remark.run}: ${remark.id}`,
      message: remarkText(remark),
    }),
  );
  const { configuration } = report;
  if (configuration !== undefined) {
    const message = configurationText(configuration);
    remarks.unshift({ level: 'notice', title: 'embedding-collapse: configuration', message });
  }
  if (all.length > 0) return [...all, ...remarks];
  const level = report.status === 'ok' || report.status === 'early' ? 'notice' : 'error';
  const verdict = {
    level,
    title: `embedding-collapse: ${report.status}`,
    message: report.exitReason,
  } as const;
  return [verdict, ...remarks];
}

/** What a run collapsed to, when, and what to do about it. */
function ofCollapse(run: ReportRun): Annotation[] {
  const name = collapseName(run);
  const step = run.steps.findLast(({ judged }) => judged);
  if (name === null || (run.status !== 'alert' && run.status !== 'warning')) return [];
  const lines = [name, ...(run.diagnosis?.evidence ?? []), remedyText(run)];
  return [
    {
      level: run.status === 'alert' ? 'error' : 'warning',
      title: `${run.run}: ${run.diagnosis?.label}`,
      message: lines.filter((line) => line !== null).join('\n'),
      file: step?.inputs.prediction?.path,
    },
  ];
}

function ofError({ code, message, path, run, steps, hint }: GroupedError): Annotation {
  const at = steps === undefined ? '' : ` ${steps}`;
  const help = hint === undefined ? '' : `\nhelp: ${hint}`;
  return {
    level: 'error',
    title: `${run ?? path ?? 'input'}${at}: ${code}`,
    message: message + help,
    file: path,
  };
}

function ofSpan(span: AlertSpan): Annotation {
  return {
    level: span.level === 'error' ? 'error' : 'warning',
    title: `${span.run}: ${span.criterion}`,
    message: spanMessage(span),
    file: span.path,
  };
}

function limited(annotations: readonly Annotation[]): Annotation[] {
  if (annotations.length <= MAX_OF_LEVEL) return [...annotations];
  const shown = annotations.slice(0, MAX_OF_LEVEL - 1);
  const { level } = annotations[0]!;
  const message = `${counted(annotations.length - shown.length, `more ${level}`)}: see the whole report`;
  return [...shown, { level, title: 'embedding-collapse', message }];
}

function commandText({ level, title, message, file }: Annotation): string {
  const place = file === undefined ? '' : `file=${property(file)},`;
  return `::${level} ${place}title=${property(title)}::${data(message)}\n`;
}

/** Escapes as @actions/core does; what is not printable was made visible before. */
function data(text: string): string {
  const lines = text.split('\n').map((line) => printable(line));
  return lines.join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
