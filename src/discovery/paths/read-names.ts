import { type CollapseError, InputError } from '#errors.js';
import {
  type Alike,
  BY_CLASSIC_WORD,
  BY_FORM,
  BY_WORD,
  type NumberedName,
  numberedName,
  type Rank,
  type Reading,
  readFamily,
} from '../names/family.js';
import { numbersIn } from '../names/name-tokens.js';
import { withoutRoles } from '../names/role-name.js';
import { BATCH } from '../names/shard-name.js';
import { parentPath, showPath } from '../names/tree-path.js';
import type { FileTree } from './file-tree.js';
import type { NameDirectory, NameFile, NameTree } from './name-tree.js';
import { type NamedRole, rolesByOtherNames } from './named-roles.js';
import type { Family, Sibling } from './siblings.js';

/** How the user wants siblings to be read that may be steps or runs. */
export type SiblingsChoice = 'steps' | 'runs' | undefined;

/** What names say of the paths below a request, each in the light of its siblings. By identity. */
export interface Naming {
  /** The step that a directory or file is by its own name; an error for a number that is none exactly. */
  readonly steps: ReadonlyMap<string, number | InputError>;
  /** From what a step was read, where no classic word such as `step_500` says it. */
  readonly from: ReadonlyMap<string, string>;
  /** Files and directories that are one batch of several. */
  readonly batches: ReadonlySet<string>;
  /** The roles of files that their own names do not say, and the name that does: `z` beside `z_hat`, `target/step_5.npy`. */
  readonly roles: ReadonlyMap<string, NamedRole>;
  /** Directories that hold the arrays of one role: parts of the run that they lie in. */
  readonly parts: ReadonlySet<string>;
  /** What is not measured, as only the user knows how: an error says so. */
  readonly refused: ReadonlySet<string>;
  readonly errors: readonly CollapseError[];
}

/** Higher than every rank: no step above, or none below. */
const NONE = 9;
const MAX_OPENED = 16;

/** Reads every name of the tree. Opens a few files, and only where the shapes of siblings decide. */
export async function readNames(
  tree: NameTree,
  choice: SiblingsChoice,
  describe: FileTree['describe'],
): Promise<Naming> {
  const reader = new NameReader(tree, choice, describe);
  for (const root of tree.roots) await reader.visit(root, NONE, false);
  return reader;
}

class NameReader implements Naming {
  readonly steps = new Map<string, number | InputError>();
  readonly from = new Map<string, string>();
  readonly batches = new Set<string>();
  readonly roles: ReadonlyMap<string, NamedRole>;
  readonly parts: ReadonlySet<string>;
  readonly refused = new Set<string>();
  readonly errors: CollapseError[] = [];
  readonly #choice: SiblingsChoice;
  readonly #describe: FileTree['describe'];
  readonly #withRoles: ReadonlySet<NameDirectory>;
  readonly #below = new Map<NameDirectory, Promise<number>>();
  readonly #files = new Map<NameDirectory, readonly NameFile[]>();
  readonly #readings = new Map<string, Promise<Reading>>();

  readonly #tree: NameTree;

  constructor(tree: NameTree, choice: SiblingsChoice, describe: FileTree['describe']) {
    this.#tree = tree;
    this.#choice = choice;
    this.#describe = describe;
    for (const directory of tree.directories) this.#findBatches(directory);
    const { roles, parts } = rolesByOtherNames(tree);
    this.roles = roles;
    this.parts = parts;
    this.#withRoles = tree.runsWithRoles((path) => roles.has(path));
  }

  /** `outer` is the rank of the step that the directory lies in; `settled` that some directory above is a run. */
  async visit(directory: NameDirectory, outer: number, settled: boolean): Promise<void> {
    const runs = new Set<NameDirectory>();
    const inStep = new Map<NameDirectory, Rank>();
    for (const family of this.#familiesOf(directory)) {
      const reading = await this.#settle(directory, family, settled);
      if (reading.kind === 'steps') {
        if (!counts(reading.rank, outer)) continue;
        this.#take(family, reading);
        for (const member of family.members) {
          if ('directory' in member) inStep.set(member.directory, reading.rank);
        }
      } else if (outer === NONE && reading.kind !== 'runs') await this.#refuse(directory, family, reading);
      else for (const member of family.members) if ('directory' in member) runs.add(member.directory);
    }
    for (const child of directory.directories.values()) {
      const rank = inStep.get(child) ?? outer;
      await this.visit(child, rank, settled || (runs.has(child) && directory.isListed));
    }
  }

  /** Returns the rank of the steps below a directory; NONE without any. Those of a lone file do not count. */
  #stepsBelow(directory: NameDirectory): Promise<number> {
    const known = this.#below.get(directory);
    if (known !== undefined) return known;
    const found = this.#findStepsBelow(directory);
    this.#below.set(directory, found);
    return found;
  }

  async #findStepsBelow(directory: NameDirectory): Promise<number> {
    let best = NONE;
    for (const family of this.#familiesOf(directory)) {
      const reading = await this.#settle(directory, family, true);
      const lone = isLone(family);
      if (reading.kind === 'steps' && (!lone || reading.rank <= BY_WORD)) best = Math.min(best, reading.rank);
      // What the user has to be asked about lies in a run; two views of one batch lie in a step.
      const isAsked = reading.kind === 'unclear' || reading.kind === 'several';
      if (isAsked && !areTwoViews(family)) best = Math.min(best, BY_FORM);
    }
    for (const child of directory.directories.values()) best = Math.min(best, await this.#stepsBelow(child));
    return best;
  }

  #settle(directory: NameDirectory, family: Family, settled: boolean): Promise<Reading> {
    const key = `${settled} ${directory.path}\n${family.members[0]!.path}`;
    const known = this.#readings.get(key);
    if (known !== undefined) return known;
    const reading = this.#read(directory, family, settled);
    this.#readings.set(key, reading);
    return reading;
  }

  async #read(directory: NameDirectory, family: Family, settled: boolean): Promise<Reading> {
    const { members, numbered } = family;
    const names = members.map(({ stem }, i) => ({ name: stem, numbered: numbered[i]! }));
    const reading = await readFamily(names, this.#alike(members));
    const runs: Reading = { kind: 'runs' };
    if (reading.kind === 'steps' && reading.rank === BY_CLASSIC_WORD) return reading;
    const lone = isLone(family);
    const first = members[0]!;
    if ('directory' in first) {
      // A number far above the files that were given counts nothing by its form alone.
      const isNear = first.directory.isListed && directory.isListed;
      if (
        lone &&
        !isNear &&
        !this.#filesBelow(first.directory).some(({ path }) => first.directory.files.has(path))
      ) {
        return runs;
      }
      const rank = reading.kind === 'steps' ? Math.max(reading.rank, BY_FORM) : NONE - 1;
      for (const member of members) {
        if ('directory' in member && (await this.#stepsBelow(member.directory)) <= rank) return runs;
      }
    }
    if (lone || this.#choice === undefined) return reading;
    if (this.#choice === 'runs') return settled ? reading : runs;
    return this.#asSteps(family, reading);
  }

  /** Reads siblings as steps where the user says that they are. */
  #asSteps({ numbered, members }: Family, reading: Reading): Reading {
    if (reading.kind === 'steps' || reading.kind === 'several') return reading;
    if (reading.kind === 'unclear') {
      return { kind: 'steps', rank: BY_WORD, from: '--siblings steps', steps: reading.steps };
    }
    const [first] = numbered;
    const moving = first!.counts.flatMap((_, i) => {
      const values = numbered.map(({ counts: all }) => all[i]!.value());
      return new Set(values).size > 1 ? [values] : [];
    });
    const isFiles = members.some((member) => 'file' in member);
    if (moving.length !== 1 || isFiles) return reading;
    return { kind: 'steps', rank: BY_WORD, from: '--siblings steps', steps: moving[0]! };
  }

  /** Divides what has a role in a directory into families whose names differ in numbers alone; a lone name is one too. */
  #familiesOf(directory: NameDirectory): readonly Family[] {
    const families = new Map<string, { members: Sibling[]; numbered: NumberedName[] }>();
    const add = (member: Sibling, kind: string, batches: boolean): void => {
      const numbered = numberedName(member.stem, batches);
      if (numbered.counts.length === 0) return;
      const template =
        kind === 'directory' ? numbered.template : withoutRoles(numbered.template.replaceAll('#', ' 0 '));
      const key = `${kind} ${numbered.counts.length} ${template}`;
      const family = families.get(key) ?? { members: [], numbered: [] };
      families.set(key, family);
      family.members.push(member);
      family.numbered.push(numbered);
    };
    for (const child of directory.directories.values()) {
      if (!/\d/.test(child.name) || this.#filesBelow(child).length === 0) continue;
      add({ path: child.path, stem: child.name, shown: child.path, directory: child }, 'directory', false);
    }
    for (const file of this.#ownFiles(directory)) {
      if (!/\d/.test(file.stem)) continue;
      add(
        { path: file.path, stem: file.stem, shown: file.opened, file },
        file.isAsked ? file.role : 'file',
        this.batches.has(file.path),
      );
    }
    return [...families.values()];
  }

  #ownFiles(directory: NameDirectory): readonly NameFile[] {
    const skipsArrays = this.#isOfRunWithRoles(directory);
    return [...directory.files.values()]
      .map((file) => ({ ...file, role: this.roles.get(file.path)?.role ?? file.role }))
      .filter(({ role }) => !(skipsArrays && role === 'array'));
  }

  #isOfRunWithRoles(directory: NameDirectory): boolean {
    for (let at = directory; ; at = this.#tree.directory(parentPath(at.path))) {
      if (this.#withRoles.has(at)) return true;
      if (parentPath(at.path) === at.path) return false;
    }
  }

  #filesBelow(directory: NameDirectory): readonly NameFile[] {
    const known = this.#files.get(directory);
    if (known !== undefined) return known;
    const children = [...directory.directories.values()].map((child) => this.#filesBelow(child));
    const found = [...this.#ownFiles(directory), ...children.flat()];
    this.#files.set(directory, found);
    return found;
  }

  /** Marks files and directories such as `batch_0` and `batch_1`: parts of one array, where they are counted from 0 or 1 on. */
  #findBatches({ files, directories }: NameDirectory): void {
    for (const all of [files, directories]) {
      const numbers = new Map<string, number>();
      for (const { path, name } of all.values()) {
        const token = numbersIn(name).find(({ word }) => word === BATCH);
        if (token !== undefined && token.fraction === '') numbers.set(path, Number(token.digits));
      }
      const fromStart = Math.min(...numbers.values()) <= 1;
      if (fromStart) for (const path of numbers.keys()) this.batches.add(path);
    }
  }

  #take({ members }: Family, reading: Reading & { kind: 'steps' }): void {
    for (const [i, { path, shown }] of members.entries()) {
      const step = reading.steps[i]!;
      this.steps.set(path, Number.isNaN(step) ? tooLarge(shown) : step);
    }
    if (reading.rank === BY_CLASSIC_WORD) return;
    const from = `${reading.from} in ${showPath(members[0]!.shown)}`;
    for (const { path } of members) this.from.set(path, from);
  }

  async #refuse(directory: NameDirectory, family: Family, reading: Reading): Promise<void> {
    const { severalNumbers, unclearSiblings } = await import('./siblings.js');
    for (const { path } of family.members) this.refused.add(path);
    if (reading.kind === 'unclear') this.errors.push(unclearSiblings(directory, family, reading));
    else if (reading.kind === 'several') {
      const below = (of: NameDirectory) => this.#filesBelow(of);
      this.errors.push(severalNumbers(family.members, reading.readings, below));
    }
  }

  #alike(members: readonly Sibling[]): Alike {
    const groups = new Map<string, NameFile[]>();
    for (const member of members) {
      const name = 'file' in member ? withoutRoles(member.stem) : member.stem;
      const files = 'file' in member ? [member.file] : this.#filesBelow(member.directory);
      groups.set(name, [...(groups.get(name) ?? []), ...files]);
    }
    const roles = [...groups.values()].map((files) =>
      [...new Set(files.map(({ role }) => role))].sort().join(),
    );
    const common = mostFrequent(roles);
    // The newest step may still be written.
    const odd = roles.filter((each) => each !== common).length;
    return {
      roles: odd === 0 || (odd === 1 && roles.length > 3),
      shapes: async () => {
        const widths = new Set<string>();
        for (const files of spread([...groups.values()], MAX_OPENED)) {
          const file = files.find(({ role }) => role === 'prediction') ?? files[0];
          const width = file === undefined ? null : await this.#widthOf(file);
          if (width !== null) widths.add(width);
        }
        return widths.size <= 1;
      },
    };
  }

  /** Returns names and widths of a file's arrays as text; null where it cannot be read, which is said elsewhere. */
  async #widthOf({ opened }: NameFile): Promise<string | null> {
    try {
      const { arrays } = await this.#describe(opened);
      return JSON.stringify(arrays.map(({ key, shape }) => [key, shape.slice(1)]));
    } catch (error) {
      if (error instanceof InputError) return null;
      throw error;
    }
  }
}

/** Is true for a step that counts inside a directory that is a step itself: the nearer of two is no accident. */
function counts(rank: Rank, outer: number): boolean {
  return outer === NONE || rank === BY_CLASSIC_WORD || (rank === BY_WORD && outer >= BY_WORD);
}

/** Is true where only one name, or only one number, is there to be read. */
function isLone({ members, numbered }: Family): boolean {
  const values = (name: NumberedName): string => name.counts.map(({ value }) => value()).join();
  return members.length === 1 || numbered.every((name) => values(name) === values(numbered[0]!));
}

/** Is true for two files such as `z1` and `z2`, or `view_0` and `view_1`. */
function areTwoViews({ members, numbered }: Family): boolean {
  const values = new Set(numbered.flatMap(({ counts }) => counts.map(({ value }) => value())));
  return (
    members.every((member) => 'file' in member) &&
    values.size === 2 &&
    values.has(1) &&
    (values.has(0) || values.has(2))
  );
}

function mostFrequent(texts: readonly string[]): string {
  const counted = new Map<string, number>();
  for (const text of texts) counted.set(text, (counted.get(text) ?? 0) + 1);
  return [...counted].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}

function tooLarge(path: string): InputError {
  return new InputError('E222', `the step in ${showPath(path)} is beyond 2^53`, {
    path,
    hint: 'number the steps below 9007199254740992',
  });
}
