import { InputError } from '#errors.js';
import { namesEmbedding, roleInName, rolesInName } from '../names/role-name.js';
import { type Shard, withoutShard } from '../names/shard-name.js';
import { isBareStep } from '../names/step-name.js';
import { ROLES, type Role } from '../names/step-ref.js';
import { extensionOf, identity, showPath } from '../names/tree-path.js';
import { fileKind, isWeightsFile } from '../paths/file-kind.js';
import type { FileDescription, FileTree } from '../paths/file-tree.js';
import { type FoundFile, shardOfFile, stepOfFile } from '../paths/found-file.js';
import { type DiscoveryRequest, isLeftOut, wantsTarget } from '../paths/request.js';
import { BESIDE, type Candidate, CHOSEN, type FileCandidates, NAMED, type Problem } from './candidate.js';
import { rolesInContainer } from './container-roles.js';
import type { KeyRole } from './key-search.js';
import { type RowsBySteps, rowsBySteps } from './step-column.js';
import { withoutWeights } from './weights.js';

/** Returns `candidatesOfFile` for a tree, which opens each file at most once, however many paths lead to it. */
export function candidateReader(
  request: DiscoveryRequest,
  tree: FileTree,
): (file: FoundFile) => Promise<FileCandidates> {
  const opened = new Map<string, Promise<FileDescription>>();
  const describe = (path: string): Promise<FileDescription> => {
    const id = identity(path);
    const known = opened.get(id);
    if (known !== undefined) return known;
    const description = Promise.resolve().then(() => tree.describe(path));
    opened.set(id, description);
    return description;
  };
  return (file) => candidatesOfFile(file, request, describe);
}

/**
 * Finds the roles and steps that one file may take: by `--pred` and `--target`, else by its name, else by its columns
 * and keys. Only files whose arrays have names are opened; a damaged one becomes a problem, not a throw.
 */
export async function candidatesOfFile(
  file: FoundFile,
  request: DiscoveryRequest,
  describe: (path: string) => Promise<FileDescription>,
): Promise<FileCandidates> {
  const stem = file.name.slice(0, file.name.length - extensionOf(file.name).length);
  const named = roleInName(stem);
  const { chosen } = file;
  const roles = chosen.length > 0 ? chosen : named === null ? [] : [named];
  const strength = chosen.length > 0 ? CHOSEN : NAMED;
  const kind = fileKind(file.name);
  try {
    if (kind === 'json' && roles.includes('kl_reg')) return plain(file, roles, strength, 'json');
    if (kind === 'array')
      return roles.length > 0 ? plain(file, roles, strength) : withoutRole(file, stem, request);
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
    const { step, shard } = safePlace(file);
    const problem = { step, shard, roles: roles.length > 0 ? roles : ROLES, always: true };
    return {
      ...nothing(file, null),
      problems: [{ ...problem, error: error.at(file.path, problem.step ?? undefined) }],
    };
  }
}

async function fromContainer(
  file: FoundFile,
  stem: string,
  settled: readonly Role[],
  strength: Candidate['strength'],
  request: DiscoveryRequest,
  describe: (path: string) => Promise<FileDescription>,
): Promise<FileCandidates> {
  const step = stepOfFile(file);
  const shard = shardOfFile(file);
  if (step !== null && isLeftOut(step, request)) return { ...nothing(file, null), unopened: step };
  const whole = await describe(file.path);
  const description = withoutWeights(whole, request);
  const isAllWeights = description !== whole && !description.arrays.some(({ kind }) => kind === 'matrix');
  if (isAllWeights && strength === CHOSEN && settled.length > 0) throw allWeights(file.path);
  if (isAllWeights) return nothing(file, 'its arrays are weights; --pred-key chooses one all the same');
  const only = description.arrays.length === 1 ? description.arrays[0]! : null;
  if (only !== null && only.key === null && Object.keys(description.metadata).length === 0) {
    return settled.length > 0 ? plain(file, settled, strength) : withoutRole(file, stem, request);
  }
  const { found, unclear, fallback } = rolesInContainer(description, settled, strength, request, file.path);
  if (found.length === 0 && unclear.length === 0 && fallback === null) {
    return nothing(file, 'no role in its name or in the names of its arrays');
  }
  const placement = await rowsBySteps(step, description, file.path);
  const lasting = placement.rows.size === 1 ? found : found.filter(({ source }) => source !== 'metadata');
  const problems: Problem[] = unclear.map(({ roles, error }) => ({
    roles,
    error: error.at(file.path, step ?? undefined),
    step,
    shard,
    always: false,
  }));
  if (lasting.length < found.length) {
    const error = whichStep(file.path, placement.rows.size);
    problems.push({ step: null, shard: null, roles: [], error, always: true });
  }
  return {
    file,
    candidates: lasting.flatMap((keyRole) => placed(keyRole, file.path, shard, placement)),
    problems,
    fallback: fallback === null ? [] : placed(fallback, file.path, shard, placement),
    unopened: null,
    ignored: null,
    warnings: placement.warnings,
  };
}

function placed(
  { role, key, source, strength, text }: KeyRole,
  path: string,
  shard: Shard | null,
  { rows }: RowsBySteps,
): Candidate[] {
  return [...rows].map(([step, ranges]) => ({
    role,
    step,
    input: { path, key, rows: source === 'metadata' ? null : ranges, source },
    strength,
    // The metadata of every shard give the whole run's number.
    shard: source === 'metadata' ? null : shard,
    ...(text === undefined ? {} : { text }),
  }));
}

/** Returns what a file offers that is one unnamed array, or a JSON kl_reg. */
function plain(
  file: FoundFile,
  roles: readonly Role[],
  strength: Candidate['strength'],
  source: 'array' | 'json' = 'array',
): FileCandidates {
  if (roles.length > 1) throw bothRoles(file.path);
  const step = stepOfFile(file);
  const shard = shardOfFile(file);
  const input = { path: file.path, key: null, rows: null, source } as const;
  return {
    ...nothing(file, null),
    candidates: roles.map((role) => ({ role, step, input, shard, strength })),
  };
}

/** Returns what one unnamed array offers that nothing gives a role: with `--target none` it may still be the prediction. */
function withoutRole(file: FoundFile, stem: string, request: DiscoveryRequest): FileCandidates {
  const roles = rolesInName(stem);
  const reason =
    roles.length > 1 ? `its name claims several roles: ${roles.join(', ')}` : 'no role in its name';
  const plausible = file.origin !== 'listed' || namesEmbedding(stem) || isBareStep(withoutShard(stem));
  if (wantsTarget(request) || roles.length > 1 || !plausible) return nothing(file, reason);
  const input = { path: file.path, key: null, rows: null, source: 'array' } as const;
  const place = { step: stepOfFile(file), shard: shardOfFile(file) };
  const fallback: Candidate = { role: 'prediction', ...place, input, strength: BESIDE };
  return { ...nothing(file, null), fallback: [fallback] };
}

/** Returns a file that offers nothing, for a reason; what the user named is not passed over in silence. */
function nothing(file: FoundFile, ignored: string | null): FileCandidates {
  const silent = ignored === null || file.origin !== 'given';
  const warnings = silent ? [] : [`${showPath(file.path)} is not used: ${ignored}`];
  return { file, candidates: [], problems: [], fallback: [], unopened: null, ignored, warnings };
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

function allWeights(path: string): InputError {
  return new InputError('E212', `the arrays of ${showPath(path)} are a model's weights`, {
    path,
    hint: 'save embeddings, or choose an array with --pred-key and --target-key',
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

function safePlace(file: FoundFile): { step: number | null; shard: Shard | null } {
  try {
    return { step: stepOfFile(file), shard: shardOfFile(file) };
  } catch {
    return { step: null, shard: null };
  }
}
