import { CollapseError } from '#errors.js';
import type { TreeEntry } from '#io/directories.js';
import type { InputPart, RunRef, StepRef } from '../names/step-ref.js';
import { joinPath } from '../names/tree-path.js';
import { fileKind, passedOver } from './file-kind.js';
import type { FileTree } from './file-tree.js';
import type { DiscoveryRequest } from './request.js';
import { stepDirectories } from './step-directories.js';

/** Those that are read: enough to be a series, with the first and the newest. */
const READ = 8;
/** Longer numbers may be dates. */
const MOST = 1e7;

/** Step directories of one directory: the names and steps of all in order, and the names of those that are read. */
interface Alike {
  readonly steps: readonly (readonly [name: string, step: number])[];
  readonly read: ReadonlyMap<number, string>;
}

/**
 * Lets a few of many step directories that hold files of the same names stand for all, where nothing is to be said of
 * any: what is read of each costs more than to list it.
 */
export class AlikeSteps {
  /** The tree, of which no directory is listed twice that was compared. */
  readonly tree: FileTree;
  readonly #isByName: boolean;
  readonly #listed = new Map<string, readonly TreeEntry[]>();
  readonly #alike = new Map<string, Alike>();
  /** Directories whose steps are in runs. */
  readonly #whole = new Set<string>();
  #isSaid = false;

  constructor({ paths, pred, target, siblings }: DiscoveryRequest, tree: FileTree) {
    const isEmbedding = target === undefined || target === 'none';
    this.#isByName = paths.length === 1 && pred === undefined && isEmbedding && siblings === undefined;
    this.tree = {
      kind: (path) => tree.kind(path),
      list: (path) => this.#listed.get(path) ?? tree.list(path),
      describe: (path) => tree.describe(path),
    };
  }

  /** Returns the entries to look into: of directories that are alike, a few. */
  among(directory: string, entries: readonly TreeEntry[]): readonly TreeEntry[] {
    const found = this.#isByName ? stepDirectories(entries) : null;
    if (found === null) return entries;
    const inOrder: (readonly [name: string, step: number])[] = [];
    for (const [i, { name }] of entries.entries())
      if (!Number.isNaN(found[i])) inOrder.push([name, found[i]!]);
    inOrder.sort(([, a], [, b]) => a - b);
    const isTwice = inOrder.some(([, step], i) => i > 0 && step === inOrder[i - 1]![1]);
    if (inOrder.length <= READ || isTwice) return entries;
    try {
      if (inOrder.at(-1)![1] >= MOST || !this.#areAlike(inOrder.map(([name]) => joinPath(directory, name))))
        return entries;
    } catch (error) {
      if (error instanceof CollapseError) return entries;
      throw error;
    }
    const ends = [...inOrder.slice(0, READ / 2), ...inOrder.slice(-READ / 2)];
    const read = new Map(ends.map(([name, step]) => [step, name]));
    this.#alike.set(directory, { steps: inOrder, read });
    return entries.filter(({ name }, i) => Number.isNaN(found[i]) || read.get(found[i]!) === name);
  }

  #areAlike(directories: readonly string[]): boolean {
    const model = this.tree.list(directories[0]!);
    this.#listed.set(directories[0]!, model);
    if (!model.every(isPlain)) return false;
    // The newest, which may still be written, first.
    for (const path of directories.toReversed()) {
      const own = this.tree.list(path);
      const isAlike =
        own.length === model.length &&
        own.every(({ name, kind }, i) => name === model[i]!.name && kind === model[i]!.kind);
      this.#listed.set(path, isAlike ? model : own);
      if (!isAlike) return false;
    }
    return true;
  }

  /** Returns a run with the steps that were not read as well, made of one that was. */
  whole(run: RunRef): RunRef {
    for (const [directory, { steps, read }] of this.#alike) {
      const isBelow = ({ path }: { readonly path: string }) => path.startsWith(joinPath(directory, ''));
      if (!run.steps.some(({ inputs }) => Object.values(inputs).some(isBelow))) continue;
      const hasMore = run.errors.length + run.warnings.length > 0 || run.ignored.some(isBelow);
      const place = (name: string) => joinPath(joinPath(directory, name), '');
      const [first] = run.steps;
      const from = place(read.get(first!.step!) ?? '');
      const areAsFirst = run.steps.every(({ step, inputs }) => {
        const own = inputsAt(first!.inputs, from, place(read.get(step!) ?? ''));
        return JSON.stringify(inputs) === JSON.stringify(own);
      });
      this.#whole.add(directory);
      this.#isSaid ||= hasMore || run.steps.length !== read.size || !areAsFirst;
      const madeOf = (name: string) => inputsAt(first!.inputs, from, place(name));
      return { ...run, steps: steps.map(([name, step]) => new AlikeStep(step, name, madeOf)) };
    }
    return run;
  }

  /** Is true where runs have every step, and nothing was to be said of one that was read. */
  isWhole(errors: readonly CollapseError[]): boolean {
    if (this.#alike.size === 0) return true;
    return errors.length === 0 && !this.#isSaid && this.#whole.size === this.#alike.size;
  }
}

/** One of very many: its paths are made each time they are asked for. */
class AlikeStep implements StepRef {
  readonly step: number;
  declare readonly inputs: StepRef['inputs'];
  readonly #name: string;
  readonly #madeOf: (name: string) => StepRef['inputs'];

  static readonly #INPUTS: PropertyDescriptor & ThisType<AlikeStep> = {
    enumerable: true,
    get() {
      return this.#madeOf(this.#name);
    },
  };

  constructor(step: number, name: string, madeOf: (name: string) => StepRef['inputs']) {
    this.step = step;
    this.#name = name;
    this.#madeOf = madeOf;
    Object.defineProperty(this, 'inputs', AlikeStep.#INPUTS);
  }
}

/** Is true for an array or a number that needs not be opened to know its role. */
function isPlain({ name, kind }: TreeEntry): boolean {
  return kind === 'file' && passedOver(name) === null && ['array', 'json'].includes(fileKind(name));
}

/** Returns inputs of a step as those of another, whose files lie in a directory of their own. */
function inputsAt(inputs: StepRef['inputs'], from: string, to: string): StepRef['inputs'] {
  const at = <Part extends InputPart>(part: Part): Part =>
    part.path.startsWith(from) ? { ...part, path: to + part.path.slice(from.length) } : part;
  return Object.fromEntries(
    Object.entries(inputs).map(([role, input]) => [
      role,
      input.parts === undefined ? at(input) : { ...at(input), parts: input.parts.map(at) },
    ]),
  );
}
