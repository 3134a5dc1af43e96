import { resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { partsOf, type RunRef, type StepRef } from '#discovery/names/step-ref.js';
import { type Snapshot, snapshotOf } from '#io/snapshot.js';
import { type MeasureIo, measure, type Width } from '#measure/measure.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import type { MeasurePlan } from '#plan.js';
import type { ErrorRecord, MeasureRecord, StepRecord } from '#report/record.js';
import { SettledFiles } from './settled-files.js';

/** What one look at the directories found. */
export interface Sighting {
  /** Steps measured now: for the first time, or again with other numbers because their files have changed. */
  readonly fresh: readonly StepRecord[];
  /** Complete steps that cannot be read; each is shown once, and tried again when its file changes. */
  readonly problems: readonly ErrorRecord[];
}

export interface Remembered {
  /** Records of an earlier watch: its steps count as measured, though their files may be gone. */
  readonly known?: readonly StepRecord[];
  /** Measures those of them again whose files are still there. */
  readonly again?: boolean;
}

/** Where nothing is wrong yet: a step without its target, a run without steps, a directory that is not there. */
const PERHAPS_LATER: readonly string[] = ['E201', 'E216', 'E223', 'E301'];

/**
 * Directories that a training run writes to. A file is looked into once it is settled, so that none is read while it is
 * written; a step is measured once its prediction and target are there, again where they are written again or a shard, a
 * mask or a kl_reg of it comes later, and is kept though its files vanish.
 */
export class Watcher {
  readonly #options: MeasurePlan;
  readonly #cwd: string;
  readonly #steps = new Map<string, StepRecord>();
  /** Steps of `#steps` that are measured again when they are seen. */
  readonly #again: Set<string>;
  readonly #failed = new Map<string, { record: ErrorRecord; signature: string }>();
  /** The files of each step when it was last seen, and when it was measured. */
  readonly #seen = new Map<string, Snapshot>();
  readonly #read = new Map<string, Snapshot>();
  readonly #files = new SettledFiles();
  readonly #onFound: (runs: readonly RunRef[]) => void;
  #resting: ReadonlySet<string> = new Set();
  #looked = '';
  #pending: readonly ErrorRecord[] = [];

  /** @param onFound Sees what was found before any of it is measured. */
  constructor(
    options: MeasurePlan,
    cwd: string,
    onFound: (runs: readonly RunRef[]) => void,
    { known = [], again = false }: Remembered = {},
  ) {
    this.#options = options;
    this.#cwd = cwd;
    this.#onFound = onFound;
    for (const record of known) this.#steps.set(keyOf(record.run, record.step), record);
    this.#again = new Set(again ? this.#steps.keys() : []);
  }

  /** @param isStopped True once no further step is to be begun. */
  async look(isStopped = () => false): Promise<Sighting> {
    const { paths, pred = '', target = '' } = this.#options;
    const now: Snapshot = new Map([
      ...paths.flatMap((path) => [...this.#filesBelow(path)]),
      ...[pred, target].flatMap((pattern) => [...this.#filesOfPattern(pattern)]),
    ]);
    const { same: stable, resting } = this.#files.look(now);
    this.#resting = resting;
    const picture = JSON.stringify([[...stable], [...resting]]);
    if (picture === this.#looked) return { fresh: [], problems: [] };
    this.#looked = picture;
    return this.#measure(stable, isStopped);
  }

  #filesBelow(path: string): Snapshot {
    const own = snapshotOf(resolve(this.#cwd, path));
    if (own.size > 0 || !GLOB.test(path)) return own;
    return snapshotOf(resolve(this.#cwd, fixedParts(path).join('/') || (path.startsWith('/') ? '/' : '.')));
  }

  /** Returns the files below the directory that a pattern begins with; none without, as those below paths are known. */
  #filesOfPattern(pattern: string): Snapshot {
    const directory = fixedParts(pattern).join('/');
    return directory === '' ? new Map() : snapshotOf(resolve(this.#cwd, directory));
  }

  /** Returns all that is known, as `measure` would have written it. */
  records(): MeasureRecord[] {
    const steps = [...this.#steps.values()];
    const failed = [...this.#failed.values()].map(({ record }) => record);
    const errors = [...failed, ...this.#pending.filter((error) => !this.#isSettled(error))];
    const runs = new Set(steps.map(({ run }) => run)).size;
    return [...steps, ...errors, { type: 'summary', runs, steps: steps.length, errors: errors.length }];
  }

  async #measure(stable: Snapshot, isStopped: () => boolean): Promise<Sighting> {
    const fresh: StepRecord[] = [];
    const problems: ErrorRecord[] = [];
    const pending: ErrorRecord[] = [];
    const isKnown = (run: string, ref: StepRef) =>
      this.#isKnown(keyOf(run, ref.step), this.#filesOf(ref, stable), stable);
    const widthOf = (run: string) => this.#widthOf(run);
    const io: MeasureIo = {
      ...stableIo(this.#cwd, this.#options, stable),
      isKnown,
      widthOf,
      onFound: this.#onFound,
    };
    for await (const record of measure(this.#options, io)) {
      if (record.type === 'step') {
        const key = keyOf(record.run, record.step);
        const isNews = !this.#read.has(key) || !isDeepStrictEqual({ ...this.#steps.get(key) }, { ...record });
        this.#steps.set(key, record);
        this.#read.set(key, this.#seen.get(key) ?? new Map());
        this.#failed.delete(key);
        this.#again.delete(key);
        if (isNews) fresh.push(record);
        // A signal is heard between two turns of the event loop.
        await setImmediate();
        if (isStopped()) break;
      } else if (record.type === 'error') {
        if (PERHAPS_LATER.includes(record.code) || record.run === undefined || record.step === undefined) {
          pending.push(record);
          continue;
        }
        const key = keyOf(record.run, record.step);
        if (this.#isMeasured(key)) continue;
        const before = this.#failed.get(key)?.record;
        this.#failed.set(key, { record, signature: this.#signatureOf(record, stable) });
        if (before?.code !== record.code || before.message !== record.message) problems.push(record);
      }
    }
    this.#pending = pending;
    return { fresh, problems };
  }

  /** Tests whether an error speaks of a step, a run or a directory before its steps came. */
  #isSettled({ run, step, path }: ErrorRecord): boolean {
    if (run !== undefined && step !== undefined) return this.#steps.has(keyOf(run, step));
    const runs = new Set([...this.#steps.values()].map((record) => record.run));
    if (run !== undefined) return runs.has(run);
    const missing = resolve(this.#cwd, path ?? '');
    return [...runs].some((name) => `${resolve(this.#cwd, name)}${sep}`.startsWith(missing + sep));
  }

  #widthOf(run: string): Width | undefined {
    for (const [key, record] of this.#steps) {
      if (record.run !== run || !this.#isMeasured(key)) continue;
      return { dims: record.dims, path: record.inputs.prediction?.path ?? '' };
    }
    return undefined;
  }

  #isMeasured(key: string): boolean {
    return this.#steps.has(key) && !this.#again.has(key);
  }

  #isKnown(key: string, files: Snapshot, stable: Snapshot): boolean {
    if ([...files.keys()].some((path) => this.#resting.has(resolve(this.#cwd, path)))) return true;
    this.#seen.set(key, files);
    if (this.#isMeasured(key)) {
      // Which files a step had that an earlier watch measured is not known.
      const read = this.#read.get(key) ?? files;
      this.#read.set(key, read);
      if ([...files].every(([path, signature]) => read.get(path) === signature)) return true;
      this.#again.add(key);
      return false;
    }
    const failed = this.#failed.get(key);
    return failed !== undefined && this.#signatureOf(failed.record, stable) === failed.signature;
  }

  #filesOf({ inputs }: StepRef, stable: Snapshot): Snapshot {
    const paths = Object.values(inputs).flatMap((input) => partsOf(input).map(({ path }) => path));
    return new Map(paths.map((path) => [path, stable.get(resolve(this.#cwd, path)) ?? '']));
  }

  /** What changes when the file is written that an error speaks of: of two files, with any file. */
  #signatureOf({ path }: ErrorRecord, stable: Snapshot): string {
    return stable.get(resolve(this.#cwd, path ?? '')) ?? this.#looked;
  }
}

const GLOB = /[*?[{\\]/;

/** Returns the directories that a pattern begins with. */
function fixedParts(pattern: string): readonly string[] {
  const parts = pattern.split('/');
  const at = parts.findIndex((part) => GLOB.test(part));
  return parts.slice(0, at < 0 ? -1 : at);
}

function keyOf(run: string, step: number | null): string {
  return JSON.stringify([run, step]);
}

/** Makes the real file system without the files that are still being written, each header read once. */
function stableIo(cwd: string, options: MeasurePlan, stable: Snapshot): MeasureIo {
  const io = nodeMeasureIo(cwd, options);
  const isStable = (path: string) => stable.has(resolve(cwd, path));
  return {
    ...io,
    tree: {
      ...io.tree,
      kind: (path) => {
        const kind = io.tree.kind(path);
        return kind === 'file' && !isStable(path) ? 'missing' : kind;
      },
      list: (dir) =>
        io.tree.list(dir).filter(({ name, kind }) => kind !== 'file' || isStable(`${dir}/${name}`)),
    },
  };
}
