import type { StepRef } from '#discovery/names/step-ref.js';
import { showPath } from '#discovery/names/tree-path.js';
import type { InputError } from '#errors.js';
import type { StepFacts } from './load-step.js';

/**
 * Places what a check of the batch refused in the file and row it came from: ranks were joined and masked rows
 * dropped before the check saw them.
 */
export function blame(error: InputError, { step, inputs }: StepRef, loaded: StepFacts): InputError {
  const { argument, row } = error.fields;
  const prediction = inputs.prediction?.path ?? '';
  if (typeof argument !== 'string') return error.at(prediction, step);
  const path = loaded.inputs[argument]?.path ?? prediction;
  if (error.code === 'E214') return error.at(path === prediction ? path : `${prediction}, ${path}`, step);
  const origin = typeof row === 'number' ? loaded.originOf(argument, row) : null;
  if (origin === null || (origin.row === row && origin.path === path)) return error.at(path, step);
  return error.with({
    path: origin.path,
    step,
    fields: { row: origin.row, file: showPath(origin.path) },
  });
}
