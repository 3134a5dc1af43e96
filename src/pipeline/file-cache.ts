import type { Matrix } from '../core/matrix.js';
import type { InputRef, StepRef } from '../discovery/step-ref.js';
import { recycleFloats } from '../formats/allocate.js';
import type { LoadedMatrix, OpenedFile, RowRange } from '../formats/define-format.js';

/** Opens a file by its path and checks its header; throws `InputError`. */
export type OpenFile = (path: string) => Promise<OpenedFile>;

/** One file may hold hundreds of steps and one target may serve them all; more than two at once is rare. */
const OPEN_FILES = 2;

/**
 * The files of one run: the last ones stay open, and a matrix that several steps use (one target for all of them)
 * stays loaded.
 */
export class FileCache {
  readonly #openFile: OpenFile;
  readonly #warned: (path: string, warning: string) => void;
  readonly #open = new Map<string, OpenedFile>();
  readonly #pathsInSeveralSteps: ReadonlySet<string>;
  #kept: { readonly path: string; readonly key: string | null; readonly loaded: LoadedMatrix } | undefined;

  constructor(
    steps: readonly StepRef[],
    openFile: OpenFile,
    warned: (path: string, warning: string) => void,
  ) {
    this.#pathsInSeveralSteps = pathsInSeveralSteps(steps);
    this.#openFile = openFile;
    this.#warned = warned;
  }

  async open(path: string): Promise<OpenedFile> {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const file = await this.#openFile(path);
    for (const warning of file.warnings) this.#warned(path, warning);
    for (const [oldest, old] of this.#open) {
      if (this.#open.size < OPEN_FILES) break;
      old.close();
      this.#open.delete(oldest);
    }
    this.#open.set(path, file);
    return file;
  }

  /** What the header says of an array's rows and columns; null where only the values tell. */
  async shapeOf({ path, key, rows }: InputRef): Promise<{ rows: number; cols: number } | null> {
    const { arrays } = await this.open(path);
    const shape = arrays.find((array) => array.key === key)?.shape ?? [];
    const cols = shape.at(-1);
    if (shape.length < 2 || cols == null) return null;
    const stored = shape.slice(0, -1).reduce<number>((product, side) => product * (side ?? 1), 1);
    const taken = rows?.reduce((sum, [start, end]) => sum + end - start, 0);
    return { rows: taken ?? stored, cols };
  }

  async readMatrix({ path, key, rows }: InputRef): Promise<LoadedMatrix> {
    if (rows === null && this.#kept?.path === path && this.#kept.key === key) return this.#kept.loaded;
    const file = await this.open(path);
    if (rows !== null) return file.readMatrix(key, rows);
    const loaded = await file.readMatrix(key);
    if (this.#pathsInSeveralSteps.has(path)) this.#kept = { path, key, loaded };
    return loaded;
  }

  /** The caller is done with a matrix: its memory may hold the next one, unless another step will use it. */
  release(matrix: Matrix): void {
    if (matrix !== this.#kept?.loaded.matrix) recycleFloats(matrix.data);
  }

  async readVector(
    path: string,
    key: string | null,
    rows: readonly RowRange[] | null,
  ): Promise<Float64Array> {
    const file = await this.open(path);
    return rows === null ? file.readVector(key) : file.readVector(key, rows);
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
    this.#kept = undefined;
  }
}

function pathsInSeveralSteps(steps: readonly StepRef[]): Set<string> {
  const seen = new Set<string>();
  const several = new Set<string>();
  for (const { inputs } of steps) {
    const paths = new Set(Object.values(inputs).map((input) => input.path));
    for (const path of paths) (seen.has(path) ? several : seen).add(path);
  }
  return several;
}
