import { type CollapseError, InputError } from '#errors.js';
import type { DraftStep } from '../candidates/draft-steps.js';
import { byStep, type InputRef, type Role, stepLabel } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import { lastStep } from './incomplete-steps.js';

export interface MissingShards {
  /** Steps that lack a shard, and are not measured. */
  readonly faulty: ReadonlySet<DraftStep>;
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
}

/**
 * Finds steps that lack a shard. E226 for a step whose shards have gaps, whose roles have different shards, or that
 * numbers them from 1 where the run numbers them from 0. The run's last step, whose shards may still be written, is
 * left out with a warning instead, also where it has merely fewer shards than the step before; elsewhere another number
 * of shards is a warning.
 *
 * @param all  The steps found, complete or not.
 */
export function missingShards(drafts: readonly DraftStep[], all: readonly (number | null)[]): MissingShards {
  const last = lastStep(all);
  const faulty = new Set<DraftStep>();
  const errors: CollapseError[] = [];
  const warnings: string[] = [];
  const countsFromZero = drafts.some(({ inputs }) => shardsOf(inputs.get('prediction'))?.[0] === 0);
  let before: DraftStep | undefined;
  for (const draft of [...drafts].sort(byStep)) {
    const { step } = draft;
    const error = draft.shardError ?? disagreement(draft) ?? lateStart(draft, countsFromZero);
    const change = error === null ? changeSince(before, draft) : null;
    const unfinished = step === last && (error !== null || change?.fewer === true);
    const message = error?.message ?? change?.message;
    if (unfinished) warnings.push(`${message}; as the last step it may still be written, and is left out`);
    else if (error !== null) errors.push(error);
    else if (change !== null) warnings.push(change.message);
    if (error !== null || unfinished) faulty.add(draft);
    else before = draft;
  }
  return { faulty, errors, warnings };
}

function shardsOf(input: InputRef | undefined): readonly number[] | null {
  return input?.parts?.map(({ shard }) => shard) ?? null;
}

/** Returns E226 for a role in other shards than another role: their rows cannot be paired. */
function disagreement({ step, inputs }: DraftStep): InputError | null {
  const inShards = [...inputs].filter(([role, { parts }]) => role !== 'kl_reg' && parts !== undefined);
  const [first, ...others] = inShards;
  if (first === undefined) return null;
  const other = others.find(([, input]) => String(shardsOf(input)) !== String(shardsOf(first[1])));
  if (other === undefined) return null;
  const message = `${stepLabel(step)} has ${describe(...first)} and ${describe(...other)}`;
  return new InputError('E226', message, { path: first[1].path, step, fields: { other: other[1].path } });
}

function describe(role: Role, input: InputRef): string {
  const shards = shardsOf(input)!;
  const numbers = shards.length === 1 ? `rank ${shards[0]}` : `ranks ${shards[0]} to ${shards.at(-1)}`;
  return `${numbers} of ${role} (such as ${showPath(input.path)})`;
}

function lateStart({ step, inputs }: DraftStep, countsFromZero: boolean): InputError | null {
  const prediction = inputs.get('prediction');
  if (!countsFromZero || shardsOf(prediction)?.[0] !== 1) return null;
  const message = `${stepLabel(step)} has no prediction of rank 0, as other steps have; it has ${showPath(prediction!.path)}`;
  return new InputError('E226', message, { path: prediction!.path, step, fields: { missing: [0] } });
}

function changeSince(
  before: DraftStep | undefined,
  { step, inputs }: DraftStep,
): { readonly fewer: boolean; readonly message: string } | null {
  const now = inputs.get('prediction')?.parts?.length;
  const then = before?.inputs.get('prediction')?.parts?.length;
  if (now === undefined || then === undefined || now === then) return null;
  const message = `the prediction of ${stepLabel(step)} is in ${now} ranks, that of ${stepLabel(before!.step)} in ${then}`;
  return { fewer: now < then, message };
}
