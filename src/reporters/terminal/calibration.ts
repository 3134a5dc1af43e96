import type { Normal } from '#report/normal.js';
import { printable } from '../view/printable.js';
import { counted } from '../view/step-text.js';
import { fold } from './fold.js';

/** A run that is known to have collapsed, judged by the new file. */
export interface BadRun {
  readonly run: string;
  /** What keeps it from being compared; null: nothing. */
  readonly apart: string | null;
  /** The first step at which it is outside; null: it never is. */
  readonly since: number | null;
  /** What it is outside by, there. */
  readonly metrics: readonly string[];
}

/** What `collapse calibrate` has to say of the file that it made. */
export interface Calibration {
  readonly normal: Normal;
  /** The smallest level that so many runs can keep. */
  readonly least: number;
  readonly judged: readonly string[];
  readonly firstStep: number;
  readonly lastStep: number;
  readonly bad: readonly BadRun[];
}

/** Writes what a calibration promises, and what it sees of known collapses, for people. */
export function calibrationText(calibration: Calibration, { width }: { readonly width: number }): string {
  const { normal, least, judged, firstStep, lastStep, bad } = calibration;
  const lines = [
    `${counted(normal.runs.length, 'run')}, steps ${firstStep} to ${lastStep}, ${counted(judged.length, 'metric')} judged.`,
    `A further run of this recipe is outside with a probability of ${normal.alpha} at most, over all its steps and metrics; ${counted(normal.runs.length, 'run')} can promise ${shown(least)} at best.`,
    'Runs must be as alike as seeds are: other data, other settings and checkpoints of one run are not. See `collapse explain calibrate`.',
    ...badLines(bad),
  ];
  return `${lines.map((line) => fold(line, width, '  ')).join('\n')}\n`;
}

function badLines(bad: readonly BadRun[]): string[] {
  if (bad.length === 0) return [];
  const seen = bad.filter(({ since }) => since !== null).length;
  const head =
    seen === 0
      ? `This file sees none of the ${counted(bad.length, 'known collapse')}: it says nothing that you could rely on.`
      : `Of ${counted(bad.length, 'known collapse')}, ${seen} would be outside:`;
  return [head, ...bad.map((run) => `- ${printable(run.run)}: ${badText(run)}`)];
}

function badText({ apart, since, metrics }: BadRun): string {
  if (apart !== null) return `cannot be compared: ${apart}`;
  return since === null ? 'not outside' : `outside from step ${since} by ${metrics.join(', ')}`;
}

/** A level of 1/(n + 1) in three digits. */
function shown(level: number): string {
  return String(Number(level.toPrecision(3)));
}
