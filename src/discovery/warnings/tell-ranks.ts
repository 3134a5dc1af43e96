import { type CollapseError, InputError } from '#errors.js';
import { byStep, type Candidate } from '../claims/candidate.js';
import { stepLabel } from '../names/step-label.js';
import type { InputRef, Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import { lastStep } from './last-step.js';

export interface ToldRanks {
  /** Steps that lack a rank, and are not measured. */
  readonly faulty: ReadonlySet<Candidate>;
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
}

/**
 * E226 for a step whose ranks have gaps, whose roles have different ranks, or that numbers them from 1 where the run
 * numbers them from 0. The run's last step, whose ranks may still be writing, is left out with a warning instead,
 * also where it has merely fewer ranks than the step before; elsewhere another number of ranks is a warning.
 *
 * @param all  The steps found, complete or not.
 */
export function tellRanks(candidates: readonly Candidate[], all: readonly (number | null)[]): ToldRanks {
  const last = lastStep(all);
  const faulty = new Set<Candidate>();
  const errors: CollapseError[] = [];
  const warnings: string[] = [];
  const countsFromZero = candidates.some(({ inputs }) => ranksOf(inputs.get('prediction'))?.[0] === 0);
  let before: Candidate | undefined;
  for (const candidate of [...candidates].sort(byStep)) {
    const { step } = candidate;
    const error = candidate.rankError ?? disagreement(candidate) ?? lateStart(candidate, countsFromZero);
    const change = error === null ? changeSince(before, candidate) : null;
    const unfinished = step === last && (error !== null || change?.fewer === true);
    const message = error?.message ?? change?.message;
    if (unfinished) warnings.push(`${message}; as the last step it may still be written, and is left out`);
    else if (error !== null) errors.push(error);
    else if (change !== null) warnings.push(change.message);
    if (error !== null || unfinished) faulty.add(candidate);
    else before = candidate;
  }
  return { faulty, errors, warnings };
}

function ranksOf(input: InputRef | undefined): readonly number[] | null {
  return input?.parts?.map(({ rank }) => rank) ?? null;
}

/** A role in parts beside a role in other parts: their rows cannot be paired. */
function disagreement({ step, inputs }: Candidate): InputError | null {
  const ranked = [...inputs].filter(([role, { parts }]) => role !== 'kl_reg' && parts !== undefined);
  const [first, ...others] = ranked;
  if (first === undefined) return null;
  const other = others.find(([, input]) => String(ranksOf(input)) !== String(ranksOf(first[1])));
  if (other === undefined) return null;
  const message = `${stepLabel(step)} has ${describe(...first)} and ${describe(...other)}`;
  return new InputError('E226', message, { path: first[1].path, step, fields: { other: other[1].path } });
}

function describe(role: Role, input: InputRef): string {
  const ranks = ranksOf(input)!;
  const numbers = ranks.length === 1 ? `rank ${ranks[0]}` : `ranks ${ranks[0]} to ${ranks.at(-1)}`;
  return `${numbers} of ${role} (such as ${showPath(input.path)})`;
}

function lateStart({ step, inputs }: Candidate, countsFromZero: boolean): InputError | null {
  const prediction = inputs.get('prediction');
  if (!countsFromZero || ranksOf(prediction)?.[0] !== 1) return null;
  const message = `${stepLabel(step)} has no prediction of rank 0, as other steps have; it has ${showPath(prediction!.path)}`;
  return new InputError('E226', message, { path: prediction!.path, step, fields: { missing: [0] } });
}

function changeSince(
  before: Candidate | undefined,
  { step, inputs }: Candidate,
): { readonly fewer: boolean; readonly message: string } | null {
  const now = inputs.get('prediction')?.parts?.length;
  const then = before?.inputs.get('prediction')?.parts?.length;
  if (now === undefined || then === undefined || now === then) return null;
  const message = `the prediction of ${stepLabel(step)} is in ${now} ranks, that of ${stepLabel(before!.step)} in ${then}`;
  return { fewer: now < then, message };
}
