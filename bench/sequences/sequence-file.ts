import type { MetricId } from '#metrics/ids.js';
import type { Sequence } from './make-batch.js';

/** fixtures/sequences/ROWSxCOLS.json: measured runs, their numbers to six digits. */
export interface SequenceFile {
  readonly metrics: readonly MetricId[];
  readonly runs: readonly MeasuredSequence[];
}

export interface MeasuredSequence {
  readonly sequence: Sequence;
  readonly seed: number;
  /** By step, in the order of `metrics`. */
  readonly steps: readonly (readonly (number | null)[])[];
}

/** The file's text, a step a line. */
export function printSequences(metrics: readonly MetricId[], runs: readonly MeasuredSequence[]): string {
  const texts = runs.map(({ sequence, seed, steps }) => {
    const lines = steps.map((step) => JSON.stringify(step)).join(',\n');
    return `{"sequence":${JSON.stringify(sequence)},"seed":${seed},"steps":[\n${lines}]}`;
  });
  return `{"metrics":${JSON.stringify(metrics)},"runs":[\n${texts.join(',\n')}\n]}\n`;
}

/** What the file keeps of a number. */
export function sixDigits(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
