import { InputError } from '#errors.js';
import { describesRows, type Role } from '../names/step-ref.js';
import { extensionOf, showPath } from '../names/tree-path.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import { type Candidate, CHOSEN, type FileCandidates, type Problem } from './candidate.js';
import { askedKey } from './key-search.js';
import { keyNaming, pairAdvice, plainStem } from './plain-stem.js';
import { areShards } from './settle-conflict.js';

export interface Eligible {
  readonly candidates: readonly Candidate[];
  readonly problems: readonly Problem[];
  /** Why candidates were passed over, by path. */
  readonly passed: ReadonlyMap<string, string>;
}

/**
 * Selects the candidates of a run's files that count under the request: `--pred` and `--target` leave a role to the
 * files they name, `--target none` drops targets and lets a step's only embedding be its prediction, `--no-mask`
 * drops masks with whatever is wrong with them.
 */
export function eligibleCandidates(files: readonly FileCandidates[], request: DiscoveryRequest): Eligible {
  const passed = new Map<string, string>();
  const onlyChosen = new Map<Role, string>();
  if (request.pred !== undefined) onlyChosen.set('prediction', '--pred names other files');
  if (request.target !== undefined) {
    onlyChosen.set('target', wantsTarget(request) ? '--target names other files' : '--target none');
  }
  if (request.noMask) onlyChosen.set('mask', '--no-mask');
  const candidates: Candidate[] = [];
  for (const candidate of files.flatMap((file) => file.candidates)) {
    const reason = candidate.strength === CHOSEN ? undefined : onlyChosen.get(candidate.role);
    if (reason === undefined) candidates.push(candidate);
    else passed.set(candidate.input.path, reason);
  }
  const problems = withoutOtherFiles(files)
    .filter(({ roles: [role, ...others] }) => {
      if (others.length > 0 || role === undefined) return true;
      if (describesRows(role) && askedKey(role, request) === undefined) return false;
      return !(request.noMask && role === 'mask') && (wantsTarget(request) || role !== 'target');
    })
    .filter(({ isGuess }) => isGuess !== true || files.every(isBareOrOther));
  if (!onlyChosen.has('prediction')) {
    const fallback = fallbackPredictions(files, candidates);
    for (const candidate of fallback.candidates) candidates.push(candidate);
    for (const problem of fallback.problems) problems.push(problem);
    for (const path of fallback.passed)
      passed.set(path, 'no role in its name, and the prediction is another file');
  } else
    for (const candidate of files.flatMap((file) => file.fallback))
      passed.set(candidate.input.path, 'no role in its name');
  for (const candidate of candidates) passed.delete(candidate.input.path);
  return { candidates, problems, passed };
}

/**
 * Returns the problems, those of unread files without a role only where the file seems to be a step's: others of its
 * name are read, or its step of a run has nothing else and the file is none that a model may be saved in beside it.
 */
function withoutOtherFiles(files: readonly FileCandidates[]): readonly Problem[] {
  const unread = new Set(files.filter(({ problems }) => problems.some(({ isUnread }) => isUnread)));
  if (unread.size === 0) return files.flatMap(({ problems }) => problems);
  const read = new Set(files.filter((file) => file.candidates.length > 0).map(ownName));
  const others = new Set(
    files.flatMap((file) => (unread.has(file) ? [] : [file.file.within, file.file.own, ...stepsOf(file)])),
  );
  const isLonely = (step: number | null): boolean => step !== null && others.size > 0 && !others.has(step);
  return files.flatMap((file) =>
    unread.has(file) && !read.has(ownName(file))
      ? file.problems.filter(({ step }) => isLonely(step) && !mayBeModel(file))
      : file.problems,
  );
}

function stepsOf({ candidates, fallback }: FileCandidates): readonly (number | null)[] {
  return [...candidates, ...fallback].map(({ step }) => step);
}

/** Is true for a file that names its step itself, as a saved model does. */
function mayBeModel({ file }: FileCandidates): boolean {
  return file.own !== null && extensionOf(file.name) !== '.npz';
}

/** What a file's name says beside its step; of one that says no more, what kind of file it is. */
function ownName({ file }: FileCandidates): string {
  return plainStem(file) || extensionOf(file.name);
}

/** Is true for a file that is no step's, or whose name says no more than its step. */
function isBareOrOther({ file, candidates, fallback }: FileCandidates): boolean {
  return candidates.length + fallback.length === 0 || !/\p{L}/u.test(plainStem(file));
}

interface Fallback {
  readonly candidates: readonly Candidate[];
  readonly problems: readonly Problem[];
  readonly passed: readonly string[];
}

/** Finds the only embedding without a role in each step that has no prediction; E212 where there are several. */
function fallbackPredictions(files: readonly FileCandidates[], candidates: readonly Candidate[]): Fallback {
  const settled = new Set(candidates.filter(({ role }) => role === 'prediction').map(({ step }) => step));
  const byStep = new Map<number | null, Candidate[]>();
  for (const candidate of files.flatMap((file) => file.fallback)) {
    const found = byStep.get(candidate.step);
    if (found === undefined) byStep.set(candidate.step, [candidate]);
    else found.push(candidate);
  }
  const result = { candidates: [] as Candidate[], problems: [] as Problem[], passed: [] as string[] };
  for (const [step, found] of byStep) {
    // Beside numbered steps, a file without a step is some other file.
    const other = step === null && (settled.size > 0 || byStep.size > 1);
    if (other || settled.has(step)) for (const { input } of found) result.passed.push(input.path);
    else if (found.length === 1 || areShards(found))
      for (const candidate of found) result.candidates.push(candidate);
    else {
      const keys = found.map((candidate) =>
        keyNaming(files.find(({ fallback }) => fallback.includes(candidate))!.file),
      );
      const error = severalFiles(step, found, keys);
      result.problems.push({ step, roles: ['prediction'], shard: null, error, always: false });
    }
  }
  return result;
}

function severalFiles(step: number | null, found: readonly Candidate[], keys: readonly string[]): InputError {
  const names = found.map(({ input }) => showPath(input.path));
  const more = names.length > 2 ? ` and ${names.length - 2} more` : '';
  return new InputError('E212', `several files could be the prediction: ${names[0]} and ${names[1]}${more}`, {
    path: found[0]!.input.path,
    step,
    hint: howToChoose(keys) ?? 'choose with --pred, or put `prediction` in the name of one',
  });
}

function howToChoose(keys: readonly string[]): string | null {
  const [one = '', other = '', ...more] = keys;
  if (more.length > 0 || one === other || !keys.every((key) => /^[\w-]+$/.test(key))) return null;
  return `${pairAdvice(one, other)}; \`--pred-key ${one} --target none\` measures '${one}' alone`;
}
