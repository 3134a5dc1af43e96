import { InputError } from '#errors.js';
import { maskInName } from '../names/mask-name.js';
import type { Shard } from '../names/shard-name.js';
import { showPath } from '../names/tree-path.js';
import { stemOf } from '../paths/file-kind.js';
import { type FoundFile, shardOfFile, stepOfFile } from '../paths/found-file.js';
import type { DiscoveryRequest } from '../paths/request.js';
import type { Candidate, FileCandidates } from './candidate.js';
import type { KeyRole } from './key-search.js';
import type { RowsBySteps } from './step-column.js';

/** Returns a file that offers nothing, for a reason; what the user named is not passed over in silence. */
export function nothing(file: FoundFile, ignored: string | null): FileCandidates {
  const silent = ignored === null || file.origin !== 'given';
  const warnings = silent ? [] : [`${showPath(file.path)} is not used: ${ignored}`];
  return { file, candidates: [], problems: [], fallback: [], unopened: null, ignored, warnings };
}

/** Returns which value of a mask keeps a row: as asked for, else by the names of array, file and directory. */
export function keptBy(
  names: readonly (string | undefined)[],
  { maskKeeps }: DiscoveryRequest,
): { readonly keeps?: 0 } {
  const meaning = names.map((name) => maskInName(name ?? '')).find((said) => said !== null);
  const keeps = maskKeeps ?? (meaning === 'drops' ? 0 : 1);
  return keeps === 0 ? { keeps } : {};
}

/** Returns the candidates that one array is, one a step. */
export function placed(
  { role, key, source, strength, text }: KeyRole,
  { path, name, named }: FoundFile,
  shard: Shard | null,
  { rows }: RowsBySteps,
  request: DiscoveryRequest,
): Candidate[] {
  const stem = stemOf(name);
  const keeps = role === 'mask' ? keptBy([key ?? stem, stem, named?.name], request) : {};
  return [...rows].map(([step, ranges]) => ({
    role,
    step,
    input: { path, key, rows: source === 'metadata' ? null : ranges, source, ...keeps },
    strength,
    // The metadata of every shard give the whole run's number.
    shard: source === 'metadata' ? null : shard,
    ...(text === undefined ? {} : { text }),
  }));
}

/** Returns E221 for a number in the metadata of a file of several steps. */
export function whichStep(path: string, steps: number): InputError {
  return new InputError(
    'E221',
    `the kl_reg in the metadata of ${showPath(path)} cannot say which of ${steps} steps it is of`,
    {
      path,
      hint: 'write kl_reg as a column, or one file a step',
    },
  );
}

/** Returns the step and the shard of a file, null where they cannot be read, which is said elsewhere. */
export function safePlace(file: FoundFile): { step: number | null; shard: Shard | null } {
  try {
    return { step: stepOfFile(file), shard: shardOfFile(file) };
  } catch {
    return { step: null, shard: null };
  }
}
