import type { ReportMetricId } from '#report/metric-facts.js';
import type { ReportHeld, ReportRun, ReportStep } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { horizonMetrics } from '../view/horizon-metrics.js';
import { printable } from '../view/printable.js';

/** The reference's dotted names, as Prometheus spells them. */
const PREFIX = 'geno_lewm_training_collapse_';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Writes the text format for node_exporter's textfile collector: each run's latest step, which is a gauge of its own,
 * because that collector refuses timestamps. Where horizons were measured one by one, each metric has a second family,
 * `…_at_horizon`, with their numbers as a label. A metric without a value has no sample: it is neither 0 nor NaN.
 */
export const prometheus: Render = ({ report, catalogue }, { prometheusPrefix = PREFIX }) => {
  const latest = report.runs.flatMap((run) => {
    const step = run.steps.findLast(({ judged }) => judged) ?? run.steps.at(-1);
    return step === undefined ? [] : [{ run, step }];
  });
  const ids = [...new Set(latest.flatMap(({ step }) => Object.keys(step.metrics) as ReportMetricId[]))];
  const family = familyOf(prometheusPrefix);
  return [
    ...ids.map((id) =>
      family(
        id,
        'gauge',
        catalogue[id]?.title ?? id,
        latest.flatMap(({ run, step }) => metricSample(run, step, id)),
      ),
    ),
    ...ids.map((id) =>
      family(
        `${id}_at_horizon`,
        'gauge',
        `${catalogue[id]?.title ?? id}, separately for each horizon`,
        latest.flatMap(({ run, step }) => horizonSamples(run, step, id)),
      ),
    ),
    family('step', 'gauge', 'The step the values are of', latest.flatMap(stepSample)),
    family(
      'alert_total',
      'counter',
      'Criteria that tripped, over all judged steps',
      report.runs.map(alertSample),
    ),
    family(
      'alerting',
      'gauge',
      '1 where a criterion trips at the latest step, else 0',
      latest.flatMap(alertingSamples),
    ),
    family('exit_code', 'gauge', 'The exit code of the last check', [{ labels: {}, value: report.exitCode }]),
  ].join('');
};

function metricSample({ run }: ReportRun, { metrics }: ReportStep, id: ReportMetricId): Sample[] {
  const value = metrics[id];
  return value == null ? [] : [{ labels: { run }, value }];
}

function horizonSamples({ run }: ReportRun, step: ReportStep, id: ReportMetricId): Sample[] {
  return horizonMetrics(step).flatMap(({ number, metrics }) => {
    const value = metrics[id];
    return value == null ? [] : [{ labels: { run, horizon: String(number) }, value }];
  });
}

function stepSample({ run, step }: { run: ReportRun; step: ReportStep }): Sample[] {
  return step.step === null ? [] : [{ labels: { run: run.run }, value: step.step }];
}

function alertSample({ run, steps }: ReportRun): Sample {
  return { labels: { run }, value: steps.reduce((sum, { alerts }) => sum + alerts.length, 0) };
}

function alertingSamples({ run, step }: { run: ReportRun; step: ReportStep }): Sample[] {
  const sample = ({ criterion, level }: ReportHeld, value: number) => ({
    labels: { run: run.run, criterion, level },
    value,
  });
  return [...step.alerts.map((alert) => sample(alert, 1)), ...step.held.map((held) => sample(held, 0))];
}

function familyOf(prefix: string) {
  return (id: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string =>
    familyText(prefix + id, type, help, samples);
}

function familyText(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  samples: readonly Sample[],
): string {
  if (samples.length === 0) return '';
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function labelValue(text: string): string {
  return printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
