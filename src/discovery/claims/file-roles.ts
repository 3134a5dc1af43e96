import { InputError } from '#errors.js';
import { type Rank, withoutRank } from '../names/rank-name.js';
import { namesEmbedding, roleInName, rolesInName } from '../names/role-name.js';
import { isBareStep } from '../names/step-name.js';
import { ROLES, type Role } from '../names/step-ref.js';
import { extensionOf, showPath } from '../names/tree-path.js';
import { fileKind, isWeightsFile } from '../paths/file-kind.js';
import type { FileDescription } from '../paths/file-tree.js';
import { type FoundFile, rankOfFile, stepOfFile } from '../paths/found-file.js';
import { type DiscoveryRequest, isLeftOut, wantsTarget } from '../paths/request.js';
import { BESIDE, CHOSEN, type Claim, type Doubt, type FileClaims, NAMED } from './claim.js';
import { rolesInContainer } from './container-roles.js';
import type { KeyRole } from './key-search.js';
import { type Placement, placeRows } from './step-placement.js';

/**
 * The roles and steps one file claims: by `--pred` and `--target`, else by its name, else by its columns
 * and keys. Only files whose arrays have names are opened; a damaged one becomes a doubt, not a throw.
 */
export async function claimsOfFile(
  file: FoundFile,
  request: DiscoveryRequest,
  describe: (path: string) => Promise<FileDescription>,
): Promise<FileClaims> {
  const stem = file.name.slice(0, file.name.length - extensionOf(file.name).length);
  const named = roleInName(stem);
  const { chosen } = file;
  const roles = chosen.length > 0 ? chosen : named === null ? [] : [named];
  const strength = chosen.length > 0 ? CHOSEN : NAMED;
  const kind = fileKind(file.name);
  try {
    if (kind === 'json' && roles.includes('kl_reg')) return plain(file, roles, strength, 'json');
    if (kind === 'array')
      return roles.length > 0 ? plain(file, roles, strength) : unclaimed(file, stem, request);
    if (roles.length === 0 && file.origin !== 'given' && isWeightsFile(file.name)) {
      return nothing(file, 'weights by its name; no role claims it');
    }
    const insisted = chosen.length > 0 || file.origin === 'given';
    if (kind !== 'container' && !insisted) return nothing(file, whyNotRead(file.name, named));
    return await fromContainer(file, stem, roles, strength, request, describe);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.code === 'E205' && roles.length === 0 && file.origin !== 'given') {
      return nothing(file, `no role in its name, and ${error.message}`);
    }
    const { step, rank } = safePlace(file);
    const doubt = { step, rank, roles: roles.length > 0 ? roles : ROLES, always: true };
    return {
      ...nothing(file, null),
      doubts: [{ ...doubt, error: error.at(file.path, doubt.step ?? undefined) }],
    };
  }
}

async function fromContainer(
  file: FoundFile,
  stem: string,
  settled: readonly Role[],
  strength: Claim['strength'],
  request: DiscoveryRequest,
  describe: (path: string) => Promise<FileDescription>,
): Promise<FileClaims> {
  const step = stepOfFile(file);
  const rank = rankOfFile(file);
  if (step !== null && isLeftOut(step, request)) return { ...nothing(file, null), unopened: step };
  const description = await describe(file.path);
  const only = description.arrays.length === 1 ? description.arrays[0]! : null;
  if (only !== null && only.key === null && Object.keys(description.metadata).length === 0) {
    return settled.length > 0 ? plain(file, settled, strength) : unclaimed(file, stem, request);
  }
  const { found, unclear, fallback } = rolesInContainer(description, settled, strength, request, file.path);
  if (found.length === 0 && unclear.length === 0 && fallback === null) {
    return nothing(file, 'no role in its name or in the names of its arrays');
  }
  const placement = await placeRows(step, description, file.path);
  const lasting = placement.rows.size === 1 ? found : found.filter(({ source }) => source !== 'metadata');
  const doubts: Doubt[] = unclear.map(({ roles, error }) => ({
    roles,
    error: error.at(file.path, step ?? undefined),
    step,
    rank,
    always: false,
  }));
  if (lasting.length < found.length) {
    const error = whichStep(file.path, placement.rows.size);
    doubts.push({ step: null, rank: null, roles: [], error, always: true });
  }
  return {
    file,
    claims: lasting.flatMap((keyRole) => placed(keyRole, file.path, rank, placement)),
    doubts,
    fallback: fallback === null ? [] : placed(fallback, file.path, rank, placement),
    unopened: null,
    ignored: null,
    warnings: placement.warnings,
  };
}

function placed(
  { role, key, source, strength, text }: KeyRole,
  path: string,
  rank: Rank | null,
  { rows }: Placement,
): Claim[] {
  return [...rows].map(([step, ranges]) => ({
    role,
    step,
    input: { path, key, rows: source === 'metadata' ? null : ranges, source },
    strength,
    // Every rank's metadata tell the whole run's number.
    rank: source === 'metadata' ? null : rank,
    ...(text === undefined ? {} : { text }),
  }));
}

/** A file that is one unnamed array, or a JSON kl_reg. */
function plain(
  file: FoundFile,
  roles: readonly Role[],
  strength: Claim['strength'],
  source: 'array' | 'json' = 'array',
): FileClaims {
  if (roles.length > 1) throw bothRoles(file.path);
  const step = stepOfFile(file);
  const rank = rankOfFile(file);
  const input = { path: file.path, key: null, rows: null, source } as const;
  return { ...nothing(file, null), claims: roles.map((role) => ({ role, step, input, rank, strength })) };
}

/** One unnamed array that nothing gives a role: with `--target none` it may still be the prediction. */
function unclaimed(file: FoundFile, stem: string, request: DiscoveryRequest): FileClaims {
  const roles = rolesInName(stem);
  const reason =
    roles.length > 1 ? `its name claims several roles: ${roles.join(', ')}` : 'no role in its name';
  const plausible = file.origin !== 'listed' || namesEmbedding(stem) || isBareStep(withoutRank(stem));
  if (wantsTarget(request) || roles.length > 1 || !plausible) return nothing(file, reason);
  const input = { path: file.path, key: null, rows: null, source: 'array' } as const;
  const place = { step: stepOfFile(file), rank: rankOfFile(file) };
  const fallback: Claim = { role: 'prediction', ...place, input, strength: BESIDE };
  return { ...nothing(file, null), fallback: [fallback] };
}

/** A file that offers nothing, for a reason; what the user named is not passed over in silence. */
function nothing(file: FoundFile, ignored: string | null): FileClaims {
  const silent = ignored === null || file.origin !== 'given';
  const warnings = silent ? [] : [`${showPath(file.path)} is not used: ${ignored}`];
  return { file, claims: [], doubts: [], fallback: [], unopened: null, ignored, warnings };
}

function whyNotRead(name: string, role: Role | null): string {
  if (role === null) return 'no role in its name';
  return `its name claims ${role}, but ${extensionOf(name) || 'extensionless'} files are not read; save .npy or Arrow`;
}

function bothRoles(path: string): InputError {
  return new InputError('E212', `--pred and --target both name ${showPath(path)}, which holds one array`, {
    path,
    hint: 'give each its own files',
  });
}

function whichStep(path: string, steps: number): InputError {
  return new InputError(
    'E221',
    `the kl_reg in the metadata of ${showPath(path)} cannot say which of ${steps} steps it is of`,
    {
      path,
      hint: 'write kl_reg as a column, or one file a step',
    },
  );
}

function safePlace(file: FoundFile): { step: number | null; rank: Rank | null } {
  try {
    return { step: stepOfFile(file), rank: rankOfFile(file) };
  } catch {
    return { step: null, rank: null };
  }
}
