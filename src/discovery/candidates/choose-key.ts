import { InputError } from '#errors.js';
import type { ArrayDescription } from '#formats/shared/define-format.js';
import { elementRefusal } from '#formats/shared/element-refusal.js';
import { roleInName } from '../names/role-name.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import { pairAdvice } from './plain-stem.js';

const MAX_LISTED = 8;

/** The roles of arrays that are no embeddings. */
const OF_ANY_SHAPE: ReadonlySet<Role> = new Set(['mask', 'label', 'group', 'kl_reg']);

/** Selects the arrays of a file that can take a role: matrices; for mask, label, group and kl_reg anything. */
export function arraysFor(role: Role, arrays: readonly ArrayDescription[]): readonly ArrayDescription[] {
  return OF_ANY_SHAPE.has(role) ? arrays : arrays.filter((array) => array.kind === 'matrix');
}

/** Selects the arrays whose own name names the role. */
export function keysNaming(role: Role, arrays: readonly ArrayDescription[]): readonly ArrayDescription[] {
  return arraysFor(role, arrays).filter(({ key }) => key !== null && roleInName(key) === role);
}

/**
 * Chooses the array of a file that is known to have `role`: the one `asked` for by `--pred-key` or
 * `--target-key`, else the only candidate, else the only one named after the role.
 */
export function chooseKey(
  role: Role,
  asked: string | undefined,
  arrays: readonly ArrayDescription[],
  path: string,
): ArrayDescription | InputError {
  if (asked !== undefined) return arrays.find(({ key }) => key === asked) ?? noSuchKey(asked, arrays, path);
  const candidates = arraysFor(role, arrays);
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length === 0) return noMatrix(role, arrays, path);
  const named = keysNaming(role, arrays);
  return named.length === 1 ? named[0]! : unclearKey([role], named.length > 1 ? named : candidates, path);
}

export function noSuchKey(asked: string, arrays: readonly ArrayDescription[], path: string): InputError {
  return new InputError(
    'E213',
    `no array ${showPath(asked)} in ${showPath(path)}; it has ${listKeys(arrays)}`,
    {
      path,
      fields: { asked, keys: arrays.map(({ key }) => key) },
    },
  );
}

const FLAGS: ReadonlyMap<Role, string> = new Map([
  ['prediction', '--pred-key'],
  ['target', '--target-key'],
  ['context', '--context-key'],
  ['mask', '--mask-key'],
]);

export function unclearKey(
  roles: readonly Role[],
  arrays: readonly ArrayDescription[],
  path: string,
): InputError {
  const message = `cannot tell which array of ${showPath(path)} is the ${roles.join(' or the ')}: ${listKeys(arrays)}`;
  const keys = arrays.map(({ key }) => key ?? '').filter((key) => /^[\w.-]+$/.test(key));
  const [only = '', other = ''] = keys;
  const isPair = roles.length === 2 && arrays.length === 2 && keys.length === 2;
  const flag =
    roles.length === 1 && arrays.length === 1 && keys.length === 1 ? FLAGS.get(roles[0]!) : undefined;
  const hint = isPair
    ? pairAdvice(only, other)
    : flag === undefined
      ? undefined
      : `if it is, \`${flag} ${only}\` takes it`;
  return new InputError('E212', message, {
    path,
    ...(hint === undefined ? {} : { hint }),
    fields: { roles, keys: arrays.map(({ key }) => key) },
  });
}

/** Returns E227 for a mask whose name does not say whether a 1 keeps a row or drops it. */
export function unclearMask(name: string, path: string): InputError {
  const message = `the name ${showPath(name)} does not say whether a 1 keeps a row or drops it`;
  return new InputError('E227', message, {
    path,
    hint: `\`--mask-key ${name}\` uses it as a mask whose 1 keeps a row (with \`--mask-keeps 0\`: drops it), \`--no-mask\` measures every row`,
  });
}

export function noMatrix(role: Role, arrays: readonly ArrayDescription[], path: string): InputError {
  const odd = arrays.find(
    ({ kind, shape }) => kind === 'other' && (shape.length >= 2 || arrays.length === 1),
  );
  if (odd !== undefined && odd.dtype !== 'bytes')
    return elementRefusal(odd.dtype, odd.shape, { path, key: odd.key });
  const holds =
    arrays.length === 0 ? 'no arrays' : `only ${arrays.slice(0, MAX_LISTED).map(describe).join(', ')}`;
  return new InputError('E209', `${showPath(path)} has no matrix for the ${role}: it has ${holds}`, {
    path,
  });
}

function describe({ key, dtype, shape }: ArrayDescription): string {
  return `${key === null ? 'an array' : showPath(key)} (${dtype}, [${shape.map((n) => n ?? '?').join(', ')}])`;
}

function listKeys(arrays: readonly ArrayDescription[]): string {
  if (arrays.length === 0) return 'none';
  const shown = arrays
    .slice(0, MAX_LISTED)
    .map(({ key }) => (key === null ? 'an unnamed array' : showPath(key)));
  const more = arrays.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
