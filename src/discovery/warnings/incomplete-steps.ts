import { type CollapseError, InputError } from '#errors.js';
import type { DraftStep } from '../candidates/draft-steps.js';
import type { Role } from '../names/step-ref.js';
import { stepLabel } from '../names/step-ref.js';
import { baseName, showPath } from '../names/tree-path.js';
import { fileKind } from '../paths/file-kind.js';
import type { IgnoredFile } from '../paths/found-file.js';

export interface IncompleteSteps {
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
}

/**
 * Reports E216 for each step that lacks a role; for the run's last step, a checkpoint still being written, a
 * warning, unless it is the only one. Where every step lacks the same role, one error says so for all.
 *
 * @param all  The steps found, complete or not.
 * @param ignored  The files of the run that took no role, of which one may be meant.
 */
export function incompleteSteps(
  incomplete: readonly DraftStep[],
  all: readonly (number | null)[],
  ignored: readonly IgnoredFile[],
): IncompleteSteps {
  const [first] = incomplete;
  if (first === undefined) return { errors: [], warnings: [] };
  const [role] = first.missing;
  if (incomplete.length > 1 && incomplete.length === all.length) {
    if (incomplete.every(({ missing }) => missing.length === 1 && missing[0] === role)) {
      return { errors: [noneHas(role!, incomplete, ignored)], warnings: [] };
    }
  }
  const last = lastStep(all);
  const errors: CollapseError[] = [];
  const warnings: string[] = [];
  for (const draft of incomplete) {
    if (draft.step !== last) errors.push(lacksRole(draft));
    else warnings.push(`${messageOf(draft)}; as the last step it may still be written, and is left out`);
  }
  return { errors, warnings };
}

function lacksRole(draft: DraftStep): InputError {
  const { step, missing } = draft;
  return new InputError('E216', messageOf(draft), { path: pathOf(draft), step, fields: { missing } });
}

function messageOf(draft: DraftStep): string {
  const { step, inputs, missing } = draft;
  const [has] = inputs.keys();
  return `${stepLabel(step)} has a ${has} (${showPath(pathOf(draft))}) and no ${missing.join(' or ')}`;
}

function noneHas(role: Role, steps: readonly DraftStep[], ignored: readonly IgnoredFile[]): InputError {
  const path = pathOf(steps[0]!);
  const [has] = steps[0]!.inputs.keys();
  const name = inEveryStep(steps.length, ignored);
  const flag = role === 'prediction' ? '--pred-key' : '--target-key';
  return new InputError(
    'E216',
    `none of ${steps.length} steps has a ${role}; there are only files such as ${showPath(path)}, a ${has}`,
    {
      path,
      fields: { missing: [role], steps: steps.length },
      ...(name === null
        ? {}
        : { hint: `if '${name}' is the ${role}, pass \`${flag} ${stem(name)}\`; or save it as ${role}.npy` }),
    },
  );
}

/** Finds the name of an array without a role that lies beside every step; null where there is none, or several. */
function inEveryStep(steps: number, ignored: readonly IgnoredFile[]): string | null {
  const counts = new Map<string, number>();
  for (const { path } of ignored) {
    const name = baseName(path);
    if (fileKind(name) === 'array' && /^[\w-]+\.\w+$/.test(name))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].filter(([, count]) => count === steps).map(([name]) => name);
  return names.length === 1 ? names[0]! : null;
}

function stem(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

function pathOf({ inputs }: DraftStep): string {
  const input = inputs.get('prediction') ?? inputs.get('target') ?? [...inputs.values()][0]!;
  return input.path;
}

/** Returns the newest of several steps, which may be a checkpoint still being written; undefined where there is only one. */
export function lastStep(steps: readonly (number | null)[]): number | null | undefined {
  return steps.length > 1 ? steps.reduce((a, b) => ((a ?? -1) > (b ?? -1) ? a : b)) : undefined;
}
