import { type CollapseError, InputError, stepName } from '#errors.js';
import type { DraftStep } from '../candidates/draft-steps.js';
import { shardInName } from '../names/shard-name.js';
import { byStep, type InputRef, type Role, stepLabel } from '../names/step-ref.js';
import { baseName, showPath } from '../names/tree-path.js';
import { lastStep } from './incomplete-steps.js';

export interface MissingShards {
  /** Steps that lack a shard, and are not measured. */
  readonly faulty: ReadonlySet<DraftStep>;
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
}

/**
 * Finds steps that lack a shard. E226 for a step whose shards have gaps, whose roles have different shards, or that
 * numbers them from 1 where the run numbers them from 0, or that lacks a shard which another step has. The run's last
 * step, whose shards may still be written, is left out with a warning instead.
 *
 * @param all  The steps found, complete or not.
 */
export function missingShards(drafts: readonly DraftStep[], all: readonly (number | null)[]): MissingShards {
  const last = lastStep(all);
  const faulty = new Set<DraftStep>();
  const errors: CollapseError[] = [];
  const warnings: string[] = [];
  const countsFromZero = drafts.some(({ inputs }) => shardsOf(inputs.get('prediction'))?.[0] === 0);
  const known = knownShards(drafts);
  for (const draft of [...drafts].sort(byStep)) {
    const { step } = draft;
    const error =
      draft.shardError ??
      disagreement(draft) ??
      lateStart(draft, countsFromZero) ??
      fewerThanOthers(draft, known);
    if (error === null) continue;
    faulty.add(draft);
    if (step !== last) errors.push(error);
    else warnings.push(`${error.message}; as the last step it may still be written, and is left out`);
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

/** Returns E226 for a step that lacks a shard which another step has, unless its names say of how many each is. */
function fewerThanOthers(draft: DraftStep, known: ReadonlyMap<number, InputRef>): InputError | null {
  const { step, inputs } = draft;
  const prediction = inputs.get('prediction');
  const shards = shardsOf(prediction);
  if (shards === null || shardInName(baseName(prediction!.path))?.of != null) return null;
  const lost = [...known].filter(([shard]) => !shards.includes(shard));
  const [first, ...others] = lost;
  if (first === undefined) return null;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const [shard, { parts }] = first;
  const example = parts!.find((part) => part.shard === shard)!.path;
  const message = `${stepName(step)} has nothing like ${showPath(example)}${more}, which other steps have; it has ${showPath(prediction!.path)}`;
  return new InputError('E226', message, {
    path: prediction!.path,
    step,
    fields: { missing: lost.map(([number]) => number) },
  });
}

/** Returns, for each shard that some step has, the prediction of the first that has it. */
function knownShards(drafts: readonly DraftStep[]): Map<number, InputRef> {
  const known = new Map<number, InputRef>();
  for (const { inputs } of drafts) {
    const prediction = inputs.get('prediction');
    for (const shard of shardsOf(prediction) ?? []) if (!known.has(shard)) known.set(shard, prediction!);
  }
  return known;
}
