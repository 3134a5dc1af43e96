import type { ReportStep } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { horizonMetrics } from '../view/horizon-metrics.js';
import { withMeasuredSteps } from '../view/measured-steps.js';
import { printable } from '../view/printable.js';
import { bytesField, concatBytes, doubleField, floatField, int64Field } from './protobuf.js';
import { tfRecord } from './tfrecord.js';

// Field numbers of tensorflow.Event, tensorflow.Summary and tensorflow.Summary.Value.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;

/**
 * An event file that TensorBoard reads: one event a step with every metric that has a value a float32 can hold, and
 * the number of alerts where the step was judged; under `METRIC/horizon_N` those of each horizon that was measured by
 * itself. Several runs are told apart by a prefix of their tags. Steps that a state remembers are in earlier files.
 */
export const tensorboard: Render<Uint8Array> = (document, { now }) => {
  const report = withMeasuredSteps(document);
  const wallTime = now / 1000;
  const events = [
    concatBytes([doubleField(EVENT.wallTime, wallTime), bytesField(EVENT.fileVersion, 'brain.Event:2')]),
  ];
  for (const run of report.runs) {
    const prefix = report.runs.length === 1 ? 'collapse' : tagOf(run.run);
    for (const step of run.steps) events.push(eventOf(step, prefix, wallTime));
  }
  return concatBytes(events.map(tfRecord));
};

/** What acts on a terminal or in a page is shown as an escape, and so is the escape's own sign. */
function tagOf(run: string): string {
  return printable(run.replace(/[\\<>&"'`]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`));
}

function eventOf(step: ReportStep, prefix: string, wallTime: number): Uint8Array {
  const values = scalarsOf(step).map(([name, value]) =>
    bytesField(
      SUMMARY_VALUE,
      concatBytes([bytesField(VALUE.tag, `${prefix}/${name}`), floatField(VALUE.simpleValue, value)]),
    ),
  );
  return concatBytes([
    doubleField(EVENT.wallTime, wallTime),
    int64Field(EVENT.step, Math.round(step.step ?? 0)),
    bytesField(EVENT.summary, concatBytes(values)),
  ]);
}

function scalarsOf(step: ReportStep): [string, number][] {
  const scalars = held(step.metrics);
  if (step.judged) scalars.push(['alerts', step.alerts.length]);
  for (const { number, metrics } of horizonMetrics(step)) {
    for (const [id, value] of held(metrics)) scalars.push([`${id}/horizon_${number}`, value]);
  }
  return scalars;
}

/** Those with a value that a float32 can hold. */
function held(metrics: ReportStep['metrics']): [string, number][] {
  return Object.entries(metrics).filter(
    (entry): entry is [string, number] => entry[1] != null && Number.isFinite(Math.fround(entry[1])),
  );
}
