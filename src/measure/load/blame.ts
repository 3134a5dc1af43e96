import type { StepRef } from '#discovery/names/step-ref.js';
import { showPath } from '#discovery/names/tree-path.js';
import { InputError } from '#errors.js';
import type { StepFacts } from './load-step.js';

/**
 * What a check of the batch refused, told about the file and row it came from: ranks were joined and masked rows
 * dropped before the check saw them.
 */
export function blame(error: InputError, { step, inputs }: StepRef, loaded: StepFacts): InputError {
  const { argument, row } = error.fields;
  const prediction = inputs.prediction?.path ?? '';
  if (typeof argument === 'string') {
    const path = loaded.inputs[argument]?.path ?? prediction;
    const origin = typeof row === 'number' ? loaded.originOf(argument, row) : null;
    if (origin === null || (origin.row === row && origin.path === path)) return error.at(path, step);
    return atOrigin(error, row as number, origin).at(origin.path, step);
  }
  if (error.code === 'E218' && String(error.fields.metric).startsWith('target_')) {
    return error.at(loaded.inputs.target?.path ?? prediction, step);
  }
  if (error.code !== 'E214') return error.at(prediction, step);
  const role = error.fields.context === undefined ? 'target' : 'context';
  const other = loaded.inputs[role]?.path;
  return error.at(other === undefined || other === prediction ? prediction : `${prediction}, ${other}`, step);
}

function atOrigin(error: InputError, row: number, origin: { path: string; row: number }): InputError {
  const message = error.message.replace(
    `at row ${row},`,
    `at row ${origin.row} of ${showPath(origin.path)},`,
  );
  return new InputError('E207', message, {
    path: origin.path,
    hint: error.hint,
    fields: { ...error.fields, row: origin.row },
  });
}
