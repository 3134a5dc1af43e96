import { type InputRef, partsOf } from '#discovery/names/step-ref.js';
import type { OpenedFile, RowRange } from '#formats/shared/define-format.js';
import { storedRows } from '#formats/shared/description.js';
import type { ArrayPool, OwnedMatrix } from '#formats/shared/pool.js';
import { countRows } from '#formats/shared/row-ranges.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { FileCache } from './file-cache.js';
import { checkWidths } from './join-parts.js';
import { type LoadedPart, loadedPart } from './loaded-input.js';

/** One role of one step, read some rows at a time: from one file, or from one a shard. */
export interface StreamedInput {
  /** In the order of their rows. */
  readonly parts: readonly LoadedPart[];
  readonly rows: number;
  readonly cols: number;
  /** Of a value in memory. */
  readonly valueBytes: 4 | 8;
  /** Of the whole, as it would be in memory. */
  readonly bytes: number;
  /** The most bytes that can only be read whole. */
  readonly bytesTogether: number;
  /** Reads rows [start, end) of the whole. */
  read(start: number, end: number): Promise<OwnedMatrix>;
}

/** An input as rows that can be read a few at a time; its files stay open. null where its headers do not give its rows. */
export async function openStreamed(input: InputRef, files: FileCache): Promise<StreamedInput | null> {
  const parts: PartRows[] = [];
  for (const from of partsOf(input)) {
    const part = await PartRows.open(from, files);
    if (part === null) return null;
    parts.push(part);
  }
  checkWidths(parts.map(({ part, cols }) => ({ part, cols })));
  const rows = parts.reduce((sum, { part }) => sum + part.rows, 0);
  const { cols } = parts[0]!;
  const isWide = parts.some((part) => part.isWide);
  const valueBytes = isWide ? 8 : 4;
  const bytesOf = (count: number) => count * cols * valueBytes;
  return {
    parts: parts.map(({ part }) => part),
    rows,
    cols,
    valueBytes,
    bytes: bytesOf(rows),
    bytesTogether: bytesOf(Math.max(...parts.map(({ rowsTogether }) => rowsTogether))),
    async read(start, end) {
      const pieces: OwnedMatrix[] = [];
      let base = 0;
      for (const part of parts) {
        const [from, to] = [Math.max(start - base, 0), Math.min(end - base, part.part.rows)];
        if (from < to) pieces.push(await part.read(from, to));
        base += part.part.rows;
      }
      return asOne(pieces, end - start, cols, isWide, files.memory.pool);
    },
  };
}

function asOne(
  pieces: readonly OwnedMatrix[],
  rows: number,
  cols: number,
  isWide: boolean,
  pool: ArrayPool,
): OwnedMatrix {
  const [only] = pieces;
  if (pieces.length === 1 && only!.data instanceof Float64Array === isWide) return only!;
  const data = pool.take(rows * cols, isWide);
  let at = 0;
  for (const piece of pieces) {
    data.set(piece.data, at);
    at += piece.data.length;
    pool.giveBack(piece.data);
  }
  return { data, rows, cols };
}

/** The rows of one array that belong to the step. */
class PartRows {
  readonly part: LoadedPart;
  readonly cols: number;
  readonly isWide: boolean;
  /** The most rows that are only read whole. */
  readonly rowsTogether: number;
  readonly #file: OpenedFile;
  readonly #pool: ArrayPool;
  readonly #picked: readonly RowRange[];
  readonly #together: readonly RowRange[];
  #last: { readonly range: RowRange; readonly matrix: OwnedMatrix } | undefined;

  static async open(from: LoadedPart['from'], files: FileCache): Promise<PartRows | null> {
    const file = await files.hold(from.path);
    const array = file.arrays.find(({ key }) => key === from.key);
    const stored = array === undefined ? null : storedRows(array);
    if (array === undefined || stored === null) return null;
    const picked = from.rows ?? [[0, stored]];
    const first = picked.find(([start, end]) => end > start)?.[0] ?? 0;
    // One row has what all of them would: type, stored shape and notes.
    const sample = await file.readMatrix(from.key, [[first, first + 1]]);
    const part = { ...loadedPart(from, sample), rows: countRows(picked) };
    return new PartRows(file, files.memory.pool, part, sample.matrix, picked, array.together ?? []);
  }

  private constructor(
    file: OpenedFile,
    pool: ArrayPool,
    part: LoadedPart,
    sample: Matrix,
    picked: readonly RowRange[],
    together: readonly RowRange[],
  ) {
    this.part = part;
    this.cols = sample.cols;
    this.isWide = sample.data instanceof Float64Array;
    this.rowsTogether = Math.max(0, ...together.map(([start, end]) => end - start));
    this.#file = file;
    this.#pool = pool;
    this.#picked = picked;
    this.#together = together;
  }

  /** Reads rows [start, end) of those that belong to the step. */
  async read(start: number, end: number): Promise<OwnedMatrix> {
    const ranges = rangesOf(this.#picked, start, end);
    if (this.#together.length === 0) return (await this.#file.readMatrix(this.part.from.key, ranges)).matrix;
    const { cols } = this;
    const data = this.#pool.take((end - start) * cols, this.isWide);
    let at = 0;
    for (const [from, to] of ranges) {
      for (let next = from; next < to; ) {
        const { range, matrix } = await this.#readTogether(next);
        const last = Math.min(to, range[1]);
        data.set(matrix.data.subarray((next - range[0]) * cols, (last - range[0]) * cols), at);
        at += (last - next) * cols;
        next = last;
      }
    }
    return { data, rows: end - start, cols };
  }

  /** All rows that are only read with this one; kept for the reads that follow. */
  async #readTogether(row: number): Promise<{ readonly range: RowRange; readonly matrix: Matrix }> {
    const range = this.#together.find(([start, end]) => row >= start && row < end);
    if (range === undefined) throw new RangeError(`row ${row} is in no range of its array`);
    if (this.#last?.range === range) return this.#last;
    const last = this.#last;
    // Of another size it would only lie in the pool.
    if (last !== undefined && last.matrix.rows === range[1] - range[0]) this.#pool.giveBack(last.matrix.data);
    this.#last = undefined;
    const { matrix } = await this.#file.readMatrix(this.part.from.key, [range]);
    this.#last = { range, matrix };
    return this.#last;
  }
}

/** Where rows [start, end) of the picked ones stand in their array. */
function rangesOf(picked: readonly RowRange[], start: number, end: number): RowRange[] {
  const found: RowRange[] = [];
  let base = 0;
  for (const [from, to] of picked) {
    const first = Math.max(start, base);
    const last = Math.min(end, base + to - from);
    if (first < last) found.push([from + first - base, from + last - base]);
    base += to - from;
  }
  return found;
}
