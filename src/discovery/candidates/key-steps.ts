import { type CollapseError, InputError, NoDataError } from '#errors.js';
import type { ArrayDescription } from '#formats/shared/define-format.js';
import { BY_FORM, type NumberedName, numberedName, type Reading, readFamily } from '../names/family.js';
import { withoutNumbers } from '../names/name-tokens.js';
import { namesEmbedding, roleInName, withoutRoles } from '../names/role-name.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import type { FileDescription } from '../paths/file-tree.js';
import { type FoundFile, shardOfFile } from '../paths/found-file.js';
import type { DiscoveryRequest } from '../paths/request.js';
import { BESIDE, type Candidate, type FileCandidates, type Problem } from './candidate.js';
import { rolesInContainer } from './container-roles.js';
import { nothing, placed, whichStep } from './offers.js';
import { isMeasured } from './place-candidates.js';
import { withoutStep } from './plain-stem.js';
import type { RowsBySteps } from './step-column.js';

/** An array of a file that holds many steps, by what its key says. */
interface KeyOfStep {
  readonly role: Role;
  readonly key: string;
  readonly step: number;
  /** The key without its step. */
  readonly plainKey: string;
}

export interface KeySteps {
  readonly keys: readonly KeyOfStep[];
  /** The file without these arrays. */
  readonly rest: FileDescription;
  /** False for embeddings that nothing but their being alone makes predictions. */
  readonly areNamed: boolean;
  /** From what the steps were read. */
  readonly from: string;
}

interface Member {
  readonly array: ArrayDescription;
  readonly key: string;
  readonly role: Role;
  readonly numbered: NumberedName;
}

/**
 * Reads the steps of a file that names no step and whose keys differ in one number: `pred_100`, `target_100`, `pred_200` …;
 * `step_100/pred` …; a dict by steps; a list of dicts that hold their `step`. Null where the number counts something else or
 * there are not several; an error asks where it counts 0, 1, 2 …, as parts and batches do.
 */
export async function keySteps(
  description: FileDescription,
  settled: readonly Role[],
  { siblings }: DiscoveryRequest,
  path: string,
): Promise<KeySteps | CollapseError | null> {
  const family = familyOf(description.arrays, settled[0]);
  if (family === null) return null;
  const { members, areNamed } = family;
  const found = (steps: readonly number[], from: string): KeySteps => {
    const keys = [...withSteps(members, steps), ...besideSteps(members, steps, description.arrays)];
    const taken = new Set(keys.map(({ key }) => key));
    const rest = description.arrays.filter(({ key }) => key === null || !taken.has(key));
    return { keys, rest: { ...description, arrays: rest }, areNamed, from };
  };
  const told = await toldSteps(members, description);
  if (told !== null) return found(told, `the numbers beside the arrays of ${showPath(path)}`);
  const names = members.map(({ key, numbered }) => ({ name: key, numbered }));
  const widths = new Set(members.map(({ array }) => array.shape.at(-1)));
  const reading = await readFamily(names, { roles: true, shapes: async () => widths.size <= 1 });
  if (reading.kind !== 'steps' && !(reading.kind === 'unclear' && siblings === 'steps')) return null;
  if (reading.steps.some(Number.isNaN)) {
    return new InputError('E222', `a step in the keys of ${showPath(path)} is beyond 2^53`, {
      path,
      hint: 'number the steps below 9007199254740992',
    });
  }
  if (siblings !== 'steps' && isCount(reading))
    return siblings === 'runs' ? null : unclearKeys(members, reading.steps, path);
  const from = reading.kind === 'steps' ? reading.from : '--siblings steps';
  return found(reading.steps, `${from} in the keys of ${showPath(path)}`);
}

/**
 * Finds the arrays whose keys differ in numbers alone, roles aside, where they have several predictions or, with no role in
 * any key, are several embeddings. `settled` is the role that the file's name gives. Null where there is no one such family.
 */
function familyOf(
  arrays: readonly ArrayDescription[],
  settled: Role | undefined,
): { readonly members: readonly Member[]; readonly areNamed: boolean } | null {
  const roleOf = ({ key, kind }: ArrayDescription): Role | null =>
    roleInName(key ?? '') ?? (kind === 'matrix' ? (settled ?? null) : null);
  const areNamed = arrays.some((array) => isMeasured(roleOf(array) ?? 'mask'));
  const families = new Map<string, Member[]>();
  for (const array of arrays) {
    const role = roleOf(array) ?? (areNamed || array.kind !== 'matrix' ? null : 'prediction');
    const numbered = numberedName(array.key ?? '');
    if (role === null || !isMeasured(role) || numbered.counts.length === 0) continue;
    const template = withoutRoles(numbered.template.replaceAll('#', ' 0 '));
    const family = families.get(template) ?? [];
    families.set(template, family);
    family.push({ array, key: array.key!, role, numbered });
  }
  const [members, ...others] = families.values();
  if (members === undefined || others.length > 0) return null;
  const isAmong = members.filter(({ role }) => role === members[0]!.role);
  const mayBeAlone = ({ key }: Member) => namesEmbedding(key) || !/\p{L}/u.test(withoutNumbers(key));
  return isAmong.length > 1 && (areNamed || members.every(mayBeAlone)) ? { members, areNamed } : null;
}

/** Finds the masks, labels and the like whose keys have the number of a step: `mask_100` beside `pred_100`. */
function besideSteps(
  members: readonly Member[],
  steps: readonly number[],
  arrays: readonly ArrayDescription[],
): readonly KeyOfStep[] {
  const places = members[0]!.numbered.counts.map((_, i) =>
    members.map(({ numbered }) => numbered.counts[i]!.value()),
  );
  const place = places.find((values) => new Set(values).size === new Set(steps).size) ?? steps;
  const stepOf = new Map(place.map((value, i) => [value, steps[i]!]));
  return arrays.flatMap(({ key }) => {
    const role = roleInName(key ?? '');
    if (key === null || role === null || isMeasured(role)) return [];
    const found = new Set(numberedName(key).counts.flatMap(({ value }) => stepOf.get(value()) ?? []));
    const [step] = found;
    return step === undefined || found.size > 1
      ? []
      : [{ role, key, step, plainKey: withoutStep(key, step) }];
  });
}

/** Returns the steps that lie beside the arrays, `0.step` beside `0.pred`; null where one has none. */
async function toldSteps(
  members: readonly Member[],
  description: FileDescription,
): Promise<readonly number[] | null> {
  const numbers = new Set(
    description.arrays
      .filter(({ kind, shape }) => kind === 'vector' && (shape[0] ?? 1) === 1)
      .map(({ key }) => key),
  );
  const steps: number[] = [];
  for (const { key } of members) {
    const [, prefix, joint] = /^(.+)([./])[^./]+$/.exec(key) ?? [];
    const beside = `${prefix}${joint}step`;
    if (!numbers.has(beside)) return null;
    const [step = Number.NaN] = await description.readVector(beside);
    if (!Number.isSafeInteger(step) || step < 0) return null;
    steps.push(step);
  }
  return steps;
}

/** Is true for numbers that count on from 0 or 1 and that no word, padding or unit makes steps. */
function isCount(reading: Reading & { readonly steps: readonly number[] }): boolean {
  if (reading.kind === 'steps' && reading.rank <= BY_FORM) return false;
  const values = [...new Set(reading.steps)].sort((a, b) => a - b);
  return values[0]! <= 1 && values.every((value, i) => value === values[0]! + i);
}

function withSteps(members: readonly Member[], steps: readonly number[]): readonly KeyOfStep[] {
  return members.map(({ key, role }, i) => {
    const step = steps[i]!;
    return { role, key, step, plainKey: withoutStep(key, step) };
  });
}

function unclearKeys(members: readonly Member[], steps: readonly number[], path: string): NoDataError {
  const [first, second] = members.filter(({ role }) => role === members[0]!.role);
  const count = new Set(steps).size;
  return new NoDataError(
    'E304',
    `${showPath(first!.key)} and ${showPath(second!.key)} in ${showPath(path)} (${count} such arrays) may be steps of one run, batches of one step, or parts such as layers`,
    {
      path,
      hint: 'pass `--siblings steps` to read them as steps, or `--siblings runs` to judge each by itself; join batches before you save them',
    },
  );
}

/** Returns what a file offers whose keys name steps; what has no step beside them belongs to all. */
export function candidatesOfKeys(
  { keys, rest, areNamed, from }: KeySteps,
  file: FoundFile,
  strength: Candidate['strength'],
  request: DiscoveryRequest,
): FileCandidates {
  const { path } = file;
  const shard = shardOfFile(file);
  const isAlone = ({ role }: { role: Role }) => !areNamed && isMeasured(role);
  const at = (step: number | null): RowsBySteps => ({ rows: new Map([[step, null]]), warnings: [] });
  const candidates = keys.flatMap(({ role, key, step, plainKey }): Candidate[] => {
    const keyRole = { role, key, source: 'array', strength: isAlone({ role }) ? BESIDE : strength } as const;
    return placed(keyRole, file, shard, at(step), request).map((one) => ({ ...one, plainKey }));
  });
  const others = rolesInContainer(rest, [], strength, request, path);
  const lasting = others.found.filter(({ role, source }) => !isMeasured(role) && source !== 'metadata');
  const problems = others.unclear.flatMap(({ roles, error }): Problem[] =>
    roles.some(isMeasured) ? [] : [{ roles, error: error.at(path), step: null, shard, always: false }],
  );
  if (others.found.some(({ source }) => source === 'metadata')) {
    const error = whichStep(path, new Set(keys.map(({ step }) => step)).size);
    problems.push({ step: null, shard: null, roles: [], error, always: true });
  }
  return {
    ...nothing(file, null),
    file: { ...file, stepFrom: from },
    candidates: [
      ...candidates.filter((candidate) => !isAlone(candidate)),
      ...lasting.flatMap((keyRole) => placed(keyRole, file, shard, at(null), request)),
    ],
    problems,
    fallback: candidates.filter(isAlone),
  };
}
