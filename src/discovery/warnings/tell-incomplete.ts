import { type CollapseError, InputError } from '#errors.js';
import type { Candidate } from '../claims/candidate.js';
import { stepLabel } from '../names/step-label.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import { lastStep } from './last-step.js';

export interface ToldIncomplete {
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
}

/**
 * E216 for each step that lacks a role; for the run's last step, a checkpoint still being written, a
 * warning, unless it is the only one. Where every step lacks the same role, one error says so for all.
 *
 * @param all  The steps found, complete or not.
 */
export function tellIncomplete(
  incomplete: readonly Candidate[],
  all: readonly (number | null)[],
): ToldIncomplete {
  const [first] = incomplete;
  if (first === undefined) return { errors: [], warnings: [] };
  const [role] = first.missing;
  if (incomplete.length > 1 && incomplete.length === all.length) {
    if (incomplete.every(({ missing }) => missing.length === 1 && missing[0] === role)) {
      return { errors: [noneHas(role!, incomplete)], warnings: [] };
    }
  }
  const last = lastStep(all);
  const errors: CollapseError[] = [];
  const warnings: string[] = [];
  for (const candidate of incomplete) {
    if (candidate.step !== last) errors.push(lacksRole(candidate));
    else warnings.push(`${messageOf(candidate)}; as the last step it may still be written, and is left out`);
  }
  return { errors, warnings };
}

function lacksRole(candidate: Candidate): InputError {
  const { step, missing } = candidate;
  return new InputError('E216', messageOf(candidate), { path: pathOf(candidate), step, fields: { missing } });
}

function messageOf(candidate: Candidate): string {
  const { step, inputs, missing } = candidate;
  const [has] = inputs.keys();
  return `${stepLabel(step)} has a ${has} (${showPath(pathOf(candidate))}) and no ${missing.join(' or ')}`;
}

function noneHas(role: Role, steps: readonly Candidate[]): InputError {
  const path = pathOf(steps[0]!);
  const [has] = steps[0]!.inputs.keys();
  return new InputError(
    'E216',
    `none of ${steps.length} steps has a ${role}; there are only files such as ${showPath(path)}, a ${has}`,
    {
      path,
      fields: { missing: [role], steps: steps.length },
    },
  );
}

function pathOf({ inputs }: Candidate): string {
  const input = inputs.get('prediction') ?? inputs.get('target') ?? [...inputs.values()][0]!;
  return input.path;
}
