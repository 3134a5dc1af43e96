import { type InputPart, type InputRef, partsOf, type StepRef } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import type { ArrayDescription, OpenedFile } from '#formats/shared/define-format.js';
import { storedRows } from '#formats/shared/description.js';
import { bytesInMemory } from '#formats/shared/numeric.js';
import type { ArrayPool } from '#formats/shared/pool.js';
import { countRows } from '#formats/shared/row-ranges.js';
import { joinParts } from './join-parts.js';
import { type LoadedInput, loadedPart } from './loaded-input.js';
import { rowsOfEntries } from './rows-of-entries.js';

/** Opens a file by its path and checks its header; its matrices come from `pool`. Throws `InputError`. */
export type OpenFile = (path: string, pool: ArrayPool) => Promise<OpenedFile>;

/** What reading a step may allocate, and the arrays that are used again. */
export interface StepMemory {
  /** In bytes. */
  readonly maxMemory: number;
  readonly pool: ArrayPool;
}

/** One file may hold hundreds of steps and one target may serve them all; more than two at once is rare. */
const OPEN_FILES = 2;

/** The values of an array in the order of its elements, whatever its axes. */
export interface FlatValues {
  readonly values: Float32Array | Float64Array;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** Of an input, before its values are read. */
export interface InputSize {
  readonly rows: number;
  /** null where only the values say it. */
  readonly cols: number | null;
  /** As it would be in memory; at least, where `cols` is null. */
  readonly bytes: number;
}

/**
 * The files of one run: the last ones stay open, and an input that several steps use (one target for all of them)
 * stays loaded.
 */
export class FileCache {
  readonly #openFile: OpenFile;
  readonly memory: StepMemory;
  readonly #warned: (path: string, warning: string) => void;
  readonly #open = new Map<string, OpenedFile>();
  readonly #keptOpen = new Set<string>();
  readonly #pathsInSeveralSteps: ReadonlySet<string>;
  #kept: { readonly place: string; readonly loaded: LoadedInput } | undefined;

  constructor(
    pathsInSeveralSteps: ReadonlySet<string>,
    openFile: OpenFile,
    memory: StepMemory,
    warned: (path: string, warning: string) => void,
  ) {
    this.#pathsInSeveralSteps = pathsInSeveralSteps;
    this.#openFile = openFile;
    this.memory = memory;
    this.#warned = warned;
  }

  async open(path: string): Promise<OpenedFile> {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const file = await this.#openFile(path, this.memory.pool);
    for (const warning of file.warnings) this.#warned(path, warning);
    this.#closeOldest(OPEN_FILES - 1);
    this.#open.set(path, file);
    return file;
  }

  #closeOldest(left: number): void {
    for (const [oldest, old] of this.#open) {
      if (this.#open.size <= left) break;
      if (this.#keptOpen.has(oldest)) continue;
      old.close();
      this.#open.delete(oldest);
    }
  }

  /**
   * Returns what the headers say of an input, and of lists the first one: rows, columns and bytes in memory. null where that
   * does not give its rows; columns are null where reading will say why.
   */
  async sizeOf(input: InputRef): Promise<InputSize | null> {
    let sum = 0;
    let bytes = 0;
    let width: number | null = null;
    for (const { path, key, rows } of partsOf(input)) {
      const file = await this.open(path);
      const array = file.arrays.find((one) => one.key === key);
      if (array === undefined || array.shape.length < 2) return null;
      const shape = array.shape.includes(null) ? await shapeOfLists(file, array) : array.shape;
      const stored = storedRows({ shape });
      if (stored === null) return null;
      const own = rows === null ? stored : countRows(rows);
      width = shape.at(-1) ?? null;
      sum += own;
      bytes += own * (width ?? 1) * bytesInMemory(array.dtype);
    }
    return { rows: sum, cols: width, bytes };
  }

  /** Opens a file as `open` does and keeps it open until `letGo`: a change between two reads of it is seen. */
  async hold(path: string): Promise<OpenedFile> {
    this.#keptOpen.add(path);
    return this.open(path);
  }

  letGo(): void {
    this.#keptOpen.clear();
    this.#closeOldest(OPEN_FILES);
  }

  /** Reads an input as one matrix, its shards joined. */
  async readInput(input: InputRef): Promise<LoadedInput> {
    if (!this.#pathsInSeveralSteps.has(input.path)) return this.#read(input);
    const place = placeOf(input);
    if (place !== null && this.#kept?.place === place) return this.#kept.loaded;
    const loaded = await this.#read(input);
    if (place === null) return loaded;
    const shared = { ...loaded, own: null };
    this.#kept = { place, loaded: shared };
    return shared;
  }

  async #read(input: InputRef): Promise<LoadedInput> {
    const read = [];
    const { maxMemory } = this.memory;
    let bytes = 0;
    for (const from of partsOf(input)) {
      const file = await this.open(from.path);
      const rows = from.rows === null ? null : await rowsOfEntries(file, from.key, from.rows);
      const loaded = await (rows === null ? file.readMatrix(from.key) : file.readMatrix(from.key, rows));
      bytes += loaded.matrix.data.byteLength;
      // Each shard was below the budget; all of them may not be.
      if (bytes > maxMemory) throw overBudget(input, bytes, maxMemory);
      read.push({ part: loadedPart({ ...from, rows }, loaded), matrix: loaded.matrix });
    }
    const parts = read.map(({ part }) => part);
    const [only] = read;
    const matrix = read.length === 1 ? only!.matrix : joinParts(read, this.memory);
    return { parts, matrix, own: matrix.data };
  }

  /** Reads one number a row, the shards of an input after each other. */
  async readVector(input: InputRef): Promise<Float64Array> {
    const read: Float64Array[] = [];
    for (const { path, key, rows } of partsOf(input)) {
      const file = await this.open(path);
      read.push(await (rows === null ? file.readVector(key) : file.readVector(key, rows)));
    }
    if (read.length === 1) return read[0]!;
    const joined = new Float64Array(read.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const values of read) {
      joined.set(values, at);
      at += values.length;
    }
    return joined;
  }

  /** Reads one array of any number of axes, its values flattened. */
  async readFlat({ path, key, rows }: InputPart): Promise<FlatValues> {
    const file = await this.open(path);
    const array = file.arrays.find((one) => one.key === key);
    if (array?.kind === 'matrix') {
      const { matrix, dtype, shape } = await (rows === null
        ? file.readMatrix(key)
        : file.readMatrix(key, await rowsOfEntries(file, key, rows)));
      return { values: matrix.data, dtype, shape };
    }
    const values = await (rows === null ? file.readVector(key) : file.readVector(key, rows));
    return { values, dtype: array?.dtype ?? 'float64', shape: [values.length] };
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
    this.#kept = undefined;
  }
}

async function shapeOfLists(
  file: OpenedFile,
  { key, shape, kind }: ArrayDescription,
): Promise<ArrayDescription['shape']> {
  if (kind !== 'matrix' || file.shapeOf === undefined) return shape;
  try {
    return await file.shapeOf(key);
  } catch (error) {
    if (error instanceof InputError) return shape;
    throw error;
  }
}

/** Returns a name for the whole arrays an input stands for; null for rows of them. */
function placeOf(input: InputRef): string | null {
  const parts = partsOf(input);
  return parts.some(({ rows }) => rows !== null)
    ? null
    : JSON.stringify(parts.map(({ path, key }) => [path, key]));
}

function overBudget({ path, parts }: InputRef, needed: number, budget: number): InputError {
  return new InputError(
    'E220',
    `${parts?.length} ranks need more than ${needed - 1} bytes at once; the budget is ${budget}`,
    { path, fields: { needed, budget } },
  );
}

/** Finds the files that several steps use. */
export function pathsInSeveralSteps(steps: readonly StepRef[]): Set<string> {
  const seen = new Map<string, StepRef>();
  const several = new Set<string>();
  for (const step of steps) {
    for (const input of Object.values(step.inputs)) {
      for (const { path } of partsOf(input)) {
        if ((seen.get(path) ?? step) !== step) several.add(path);
        seen.set(path, step);
      }
    }
  }
  return several;
}
