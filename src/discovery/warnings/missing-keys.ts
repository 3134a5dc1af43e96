import { type CollapseError, InputError, stepName } from '#errors.js';
import type { DraftStep } from '../candidates/draft-steps.js';
import { askedKey } from '../candidates/key-search.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import type { DiscoveryRequest } from '../paths/request.js';

export interface MissingKeys {
  /** Steps that lack what a key asked for: their numbers would be others without it. */
  readonly faulty: ReadonlySet<DraftStep>;
  readonly errors: readonly CollapseError[];
}

/** Reports E213 for each step without the mask, context, label or group that a flag such as `--mask-key` names. */
export function missingKeys(
  drafts: readonly DraftStep[],
  request: DiscoveryRequest,
  isExplained: (step: number | null, role: Role) => boolean,
): MissingKeys {
  const faulty = new Set<DraftStep>();
  const errors: CollapseError[] = [];
  for (const role of ['mask', 'context', 'label', 'group'] as const) {
    const key = askedKey(role, request);
    if (key === undefined) continue;
    for (const draft of drafts) {
      const { step, inputs, missing } = draft;
      if (inputs.has(role) || missing.length > 0) continue;
      faulty.add(draft);
      if (isExplained(step, role)) continue;
      const path = [...inputs.values()][0]?.path ?? '';
      const message = `${stepName(step)} has no ${role} named ${showPath(key)}, as an array in a file or as a file`;
      errors.push(new InputError('E213', message, { path, step, fields: { asked: key } }));
    }
  }
  return { faulty, errors };
}
