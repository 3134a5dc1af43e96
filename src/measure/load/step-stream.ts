import type { InputRef } from '#discovery/names/step-ref.js';
import { allocateFloats } from '#formats/shared/allocate.js';
import type { OwnedMatrix } from '#formats/shared/pool.js';
import type { StepBlock, StreamedBatch } from '#numerics/streaming/streamed-batch.js';
import type { StreamedShape } from '#numerics/streaming/streamed-matrix.js';
import type { FileCache, StepMemory } from './file-cache.js';
import { keepRows } from './load-mask.js';
import { openStreamed, type StreamedInput } from './streamed-input.js';
import { isSmall, type MatrixSize, type Takes } from './working-memory.js';

/** What a block holds of one matrix: its float64 copies stay in a second-level cache. */
const BLOCK_VALUES = 2 ** 18;
/** A Gram matrix of D×D repays its block only where that has about as many rows. */
const BLOCK_ROWS_OF_WIDE = 1024;

export function blockRows(cols: number): number {
  return Math.max(Math.floor(BLOCK_VALUES / cols), Math.min(cols, BLOCK_ROWS_OF_WIDE));
}

export type MatrixRole = 'prediction' | 'target' | 'context';

export type MatrixInputs = Readonly<Partial<Record<MatrixRole, InputRef>>>;

export type StreamedInputs = Readonly<Partial<Record<MatrixRole, StreamedInput>>>;

/**
 * The matrices of a step as rows to be read in blocks; null where the step is to be in memory: because it is small,
 * has fewer rows than dimensions (its Gram matrix is then that of all rows), or lies compressed in one piece.
 */
export async function openStream(
  inputs: MatrixInputs,
  sizes: readonly MatrixSize[],
  files: FileCache,
  takes?: Takes,
): Promise<StreamedInputs | null> {
  const roles = Object.entries(inputs) as [MatrixRole, InputRef][];
  if (sizes.some(({ rows, cols }) => rows <= blockRows(cols) || rows < cols)) return null;
  const opened: Partial<Record<MatrixRole, StreamedInput>> = {};
  for (const [role, input] of roles) {
    const streamed = await openStreamed(input, files);
    if (streamed === null || streamed.rows < streamed.cols) return null;
    if (streamed.rows <= blockRows(streamed.cols) || streamed.bytesTogether > streamed.bytes / 2) return null;
    opened[role] = streamed;
  }
  return isSmall(Object.values(opened), files.memory.maxMemory, takes) ? null : opened;
}

/** The blocks of a step, without the rows that its mask drops. */
export class StepStream {
  readonly #inputs: StreamedInputs;
  readonly #kept: Uint32Array | null;
  readonly #memory: StepMemory;
  readonly rows: number;
  readonly cols: number;

  constructor(inputs: StreamedInputs, kept: Uint32Array | null, memory: StepMemory) {
    this.#inputs = inputs;
    this.#kept = kept;
    this.#memory = memory;
    this.rows = kept?.length ?? inputs.prediction!.rows;
    this.cols = inputs.prediction!.cols;
  }

  shapeOf(role: MatrixRole): StreamedShape | null {
    const input = this.#inputs[role];
    if (input === undefined) return null;
    return { rows: this.#kept?.length ?? input.rows, cols: input.cols, valueBytes: input.valueBytes };
  }

  /** Reads the rows of some of the matrices from the first to the last, for the pass that `batch` has started. */
  async passBy(batch: StreamedBatch, sides: ReadonlySet<MatrixRole>): Promise<void> {
    const { MemoryPressure } = await import('#io/memory-pressure.js');
    const pressure = new MemoryPressure(this.#memory.maxMemory);
    for (const block of this.#blocks()) {
      const rows = {
        prediction: sides.has('prediction') ? await this.#read('prediction', block) : null,
        target: sides.has('target') ? await this.#read('target', block) : null,
        context: sides.has('context') ? await this.#read('context', block) : null,
      };
      batch.pass(rows satisfies StepBlock);
      for (const matrix of [rows.prediction, rows.target, rows.context]) {
        if (matrix !== null) this.#memory.pool.giveBack(matrix.data);
      }
      await pressure.relieve();
    }
    batch.endPass();
  }

  /** One matrix as a whole, for a step of which the mask keeps few rows. Throws `InputError` E220 over the budget. */
  async whole(role: MatrixRole): Promise<OwnedMatrix | null> {
    const shape = this.shapeOf(role);
    if (shape === null) return null;
    const { rows, cols, valueBytes } = shape;
    const data = allocateFloats(rows * cols, valueBytes === 8, this.#memory);
    let at = 0;
    for await (const part of this.rowsOf(role)) {
      data.set(part.data, at);
      at += part.data.length;
    }
    return { data, rows, cols };
  }

  /** The rows of one matrix block by block, each of which is used again once the next is asked for. */
  async *rowsOf(role: MatrixRole): AsyncGenerator<OwnedMatrix> {
    for (const block of this.#blocks()) {
      const rows = await this.#read(role, block);
      if (rows === null) return;
      yield rows;
      this.#memory.pool.giveBack(rows.data);
    }
  }

  /** Ranges of stored rows, with the places in them of the rows that are kept; those without one are left out. */
  *#blocks(): Generator<Block> {
    const stored = this.#inputs.prediction!.rows;
    const step = blockRows(this.cols);
    const kept = this.#kept;
    for (let start = 0, next = 0; start < stored; start += step) {
      const end = Math.min(start + step, stored);
      if (kept === null) {
        yield { start, end, places: null };
        continue;
      }
      const first = next;
      while (next < kept.length && kept[next]! < end) next++;
      if (next > first) yield { start, end, places: kept.subarray(first, next).map((row) => row - start) };
    }
  }

  async #read(role: MatrixRole, { start, end, places }: Block): Promise<OwnedMatrix | null> {
    const rows = await this.#inputs[role]?.read(start, end);
    if (rows === undefined) return null;
    if (places === null || places.length === rows.rows) return rows;
    const { pool } = this.#memory;
    const kept = keepRows(rows, places, pool);
    pool.giveBack(rows.data);
    return kept;
  }
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly places: Uint32Array | null;
}
