import { InputError } from '#errors.js';
import { maskInName } from '../names/mask-name.js';
import { namesEmbedding, roleInName, rolesInName } from '../names/role-name.js';
import { ROLES, type Role } from '../names/step-ref.js';
import { identity, showPath } from '../names/tree-path.js';
import { fileKind, isWeightsFile, stemOf } from '../paths/file-kind.js';
import type { FileDescription, FileTree } from '../paths/file-tree.js';
import { type FoundFile, shardOfFile, stepOfFile } from '../paths/found-file.js';
import { type DiscoveryRequest, isLeftOut } from '../paths/request.js';
import { BESIDE, type Candidate, CHOSEN, type FileCandidates, NAMED, type Problem } from './candidate.js';
import { askedKey } from './key-search.js';
import { keptBy, nothing, placed, safePlace, whichStep } from './offers.js';
import { isNamedAs, plainStem } from './plain-stem.js';
import { rowsBySteps, stepColumn } from './step-column.js';

/** Formats that models are saved in too. */
const MODEL_FORMATS: ReadonlySet<string> = new Set(['pt', 'safetensors']);

/** Returns `describe` of a tree so that each file is opened at most once, however many paths lead to it. */
export function describeOnce(tree: FileTree): FileTree['describe'] {
  const opened = new Map<string, Promise<FileDescription>>();
  return (path) => {
    const id = identity(path);
    const known = opened.get(id);
    if (known !== undefined) return known;
    const description = Promise.resolve().then(() => tree.describe(path));
    opened.set(id, description);
    return description;
  };
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
  const stem = stemOf(file.name);
  const named = file.named?.role ?? roleInName(stem);
  const { chosen } = file;
  const asked = ROLES.filter((role) => askedKey(role, request) !== undefined);
  const byKey = asked.filter((role) => isNamedAs(askedKey(role, request)!, file));
  const roles = chosen.length > 0 ? chosen : byKey.length > 0 ? byKey : named === null ? [] : [named];
  const strength = chosen.length > 0 ? CHOSEN : NAMED;
  const kind = fileKind(file.name);
  try {
    if (kind === 'json' && roles.includes('kl_reg')) return plain(file, roles, strength, request, 'json');
    const isRead = kind === 'array' || kind === 'container';
    if (isRead && roles.length === 0 && maskInName(stem) === 'unclear' && !request.noMask) {
      if (asked.includes('mask')) return nothing(file, '--mask-key names another mask');
      const { unclearMask } = await import('./choose-key.js');
      throw unclearMask(plainStem(file).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''), file.path);
    }
    if (kind === 'array') {
      const misnamed = roles.find((role) => asked.includes(role) && !byKey.includes(role));
      if (misnamed !== undefined) throw notNamed(askedKey(misnamed, request)!, file.path);
      return roles.length > 0 ? plain(file, roles, strength, request) : withoutRole(file, stem);
    }
    if (roles.length === 0 && file.origin !== 'given' && isWeightsFile(file.name)) {
      return nothing(file, 'its name says weights, and no role');
    }
    const insisted = chosen.length > 0 || file.origin === 'given';
    if (kind !== 'container' && !insisted) {
      if (named === null && kind !== 'unreadable') return nothing(file, 'no role in its name');
      const { unread } = await import('./unread-file.js');
      return await unread(file, named);
    }
    return await fromContainer(file, stem, roles, strength, withoutKeys(byKey, request), describe);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const isOfName = error.code === 'E213' || error.code === 'E227';
    if (isOfName) {
      const role: Role = error.code === 'E227' ? 'mask' : roles[0]!;
      const { step, shard } = safePlace(file);
      const problem = {
        step,
        shard,
        roles: [role],
        error: error.at(file.path, step ?? undefined),
        always: false,
      };
      return { ...nothing(file, null), problems: [problem] };
    }
    if (error.code === 'E205' && roles.length === 0 && file.origin !== 'given') {
      const problem = { ...safePlace(file), roles: ['prediction'], always: false, isUnread: true } as const;
      return {
        ...nothing(file, `no role in its name, and ${error.message}`),
        problems: [{ ...problem, error: error.at(file.path, problem.step ?? undefined) }],
      };
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
  const weights = MODEL_FORMATS.has(whole.format) ? await import('./weights.js') : null;
  const description = weights?.withoutWeights(whole, request) ?? whole;
  if (
    weights !== null &&
    description !== whole &&
    !description.arrays.some(({ kind }) => kind === 'matrix')
  ) {
    if (strength === CHOSEN && settled.length > 0) throw weights.allWeights(file.path);
    return nothing(file, weights.ALL_WEIGHTS);
  }
  const only = description.arrays.length === 1 ? description.arrays[0]! : null;
  if (only !== null && only.key === null && Object.keys(description.metadata).length === 0) {
    return settled.length > 0 ? plain(file, settled, strength, request) : withoutRole(file, stem);
  }
  if (step === null && mayHoldSteps(description, settled, request)) {
    const { candidatesOfKeys, keySteps } = await import('./key-steps.js');
    const keys = await keySteps(description, settled, request, file.path);
    if (keys instanceof Error) {
      return { ...nothing(file, null), problems: [{ step, shard, roles: ROLES, error: keys, always: true }] };
    }
    if (keys !== null) return candidatesOfKeys(keys, file, strength, request);
  }
  const { rolesInContainer } = await import('./container-roles.js');
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
    candidates: lasting.flatMap((keyRole) => placed(keyRole, file, shard, placement, request)),
    problems,
    fallback: fallback === null ? [] : placed(fallback, file, shard, placement, request),
    unopened: null,
    ignored: null,
    warnings: placement.warnings,
  };
}

/** Is true for a file without a step whose keys may name several. */
function mayHoldSteps(
  description: FileDescription,
  settled: readonly Role[],
  { predKey, targetKey }: DiscoveryRequest,
): boolean {
  if (settled.length > 1 || (predKey ?? targetKey) !== undefined || stepColumn(description) !== null)
    return false;
  return description.arrays.filter(({ key, kind }) => kind === 'matrix' && /\d/.test(key ?? '')).length > 1;
}

/** Returns what a file offers that is one unnamed array, or a JSON kl_reg. */
function plain(
  file: FoundFile,
  roles: readonly Role[],
  strength: Candidate['strength'],
  request: DiscoveryRequest,
  source: 'array' | 'json' = 'array',
): FileCandidates {
  if (roles.length > 1) throw bothRoles(file.path);
  const step = stepOfFile(file);
  const shard = shardOfFile(file);
  const input = { path: file.path, key: null, rows: null, source } as const;
  return {
    ...nothing(file, null),
    candidates: roles.map((role) => {
      const keeps = role === 'mask' ? keptBy([stemOf(file.name), file.named?.name], request) : {};
      return { role, step, input: { ...input, ...keeps }, shard, strength };
    }),
  };
}

/** Returns what one unnamed array offers that nothing gives a role: where nothing is a prediction it may be embeddings alone. */
function withoutRole(file: FoundFile, stem: string): FileCandidates {
  const roles = rolesInName(stem);
  const reason =
    roles.length > 1 ? `its name has words of several roles: ${roles.join(', ')}` : 'no role in its name';
  const isBare = file.own !== null && !/\p{L}/u.test(plainStem(file));
  const plausible = file.origin !== 'listed' || namesEmbedding(stem) || isBare;
  if (roles.length > 1 || !plausible) return nothing(file, reason);
  const input = { path: file.path, key: null, rows: null, source: 'array' } as const;
  const place = { step: stepOfFile(file), shard: shardOfFile(file) };
  const fallback: Candidate = { role: 'prediction', ...place, input, strength: BESIDE };
  return { ...nothing(file, reason), fallback: [fallback] };
}

/** Returns the request without the keys that a file's own name answers. */
function withoutKeys(roles: readonly Role[], request: DiscoveryRequest): DiscoveryRequest {
  const { predKey, targetKey, contextKey, maskKey, labelKey, groupKey, ...rest } = request;
  return {
    ...rest,
    ...(predKey === undefined || roles.includes('prediction') ? {} : { predKey }),
    ...(targetKey === undefined || roles.includes('target') ? {} : { targetKey }),
    ...(contextKey === undefined || roles.includes('context') ? {} : { contextKey }),
    ...(maskKey === undefined || roles.includes('mask') ? {} : { maskKey }),
    ...(labelKey === undefined || roles.includes('label') ? {} : { labelKey }),
    ...(groupKey === undefined || roles.includes('group') ? {} : { groupKey }),
  };
}

function notNamed(key: string, path: string): InputError {
  return new InputError('E213', `no array ${showPath(key)}: ${showPath(path)} has one without a name`, {
    path,
    hint: `a key is the name of an array in a file, or of a file such as '${key}.npy'`,
    fields: { asked: key },
  });
}

function bothRoles(path: string): InputError {
  return new InputError('E212', `--pred and --target both name ${showPath(path)}, which has one array`, {
    path,
    hint: 'give each its own files',
  });
}
