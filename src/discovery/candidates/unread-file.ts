import { InputError } from '#errors.js';
import type { Role } from '../names/step-ref.js';
import { extensionOf, showPath } from '../names/tree-path.js';
import { fileKind } from '../paths/file-kind.js';
import type { FoundFile } from '../paths/found-file.js';
import type { FileCandidates } from './candidate.js';
import { nothing, safePlace } from './offers.js';
import { isMeasured } from './place-candidates.js';
import { plainStem } from './plain-stem.js';

/** Returns what a file offers whose format is not read: the problem of a step without another file for its role. */
export async function unread(file: FoundFile, role: Role | null): Promise<FileCandidates> {
  const kind = fileKind(file.name);
  const { step, shard } = safePlace(file);
  const isData = kind === 'unreadable' || (kind !== 'unknown' && role !== null && isMeasured(role));
  const isBare = step !== null && !/\p{L}/u.test(plainStem(file)) && !isOfWeights(file.name);
  const isStep = role === null ? isBare && kind === 'unreadable' : isMeasured(role) || role === 'mask';
  if (!isData || !isStep) return nothing(file, whyNotRead(file.name, role));
  const { conversionLine } = await import('#formats/shared/conversion-line.js');
  const line = conversionLine(file.path, role);
  const error = new InputError('E205', `${showPath(file.path)} is not read: ${describeFormat(file.name)}`, {
    path: file.path,
    step,
    hint: line === null ? 'save the array as .npy or Arrow' : `convert it: \`${line}\``,
  });
  const roles: readonly Role[] = role === null ? ['prediction', 'target'] : [role];
  const problem = { step, shard, roles, error, always: false };
  return {
    ...nothing(file, null),
    problems: [role === null ? { ...problem, isGuess: true } : problem],
  };
}

/** Is true for names that training code gives to a model's weights. */
function isOfWeights(name: string): boolean {
  return /ckpt|checkpoint|chkpt|model|optim|weights|snapshot/i.test(name);
}

function describeFormat(name: string): string {
  return `${extensionOf(name)} is not a format that this tool reads`;
}

function whyNotRead(name: string, role: Role | null): string {
  if (role === null) return 'no role in its name';
  return `its name says ${role}, but ${extensionOf(name) || 'extensionless'} files are not read; save .npy or Arrow`;
}
