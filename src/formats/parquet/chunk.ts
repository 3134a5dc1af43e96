import { InputError } from '#errors.js';
import { allocateFloats } from '../shared/allocate.js';
import { nullAt } from '../shared/null-value.js';
import { type Floats, NUMERIC, type NumericType } from '../shared/numeric.js';
import { Scratch } from '../shared/scratch.js';
import { damaged } from './damaged.js';
import type { ParquetFile, RowGroup } from './footer.js';
import { decodeHybrid } from './hybrid.js';
import { type Page, readPages } from './pages.js';
import type { ParquetColumn } from './schema.js';
import { decodeValues, PLAIN, prefixed, type Target } from './values.js';

/** One column of one row group, and where its numbers go. */
export interface ChunkPlan {
  readonly column: ParquetColumn;
  readonly leaf: NumericType;
  readonly group: RowGroup;
  /** Numbers a row; null where the first row says. */
  readonly width: number | null;
  /** Null where values are only counted. */
  readonly out: Target | null;
  /** Bytes of the budget that are taken already. */
  readonly held: number;
}

/**
 * Decodes one column of one row group, `width` numbers a row. Every row must have all of them: E211 for nulls and empty
 * lists, E210 for lists of another length, E204 where values are missing or left over.
 */
export async function readChunk(file: ParquetFile, plan: ChunkPlan): Promise<void> {
  const { column, leaf, group, out, held } = plan;
  const { maxMemory } = file;
  const chunk = group.chunks[column.leafIndex];
  if (chunk === undefined) throw damaged('a row group has too few columns');
  const rows = new RowCounter(column, group.firstRow, plan.width);
  const levels = [new Scratch(), new Scratch()] as const;
  let dictionary: Floats | null = null;
  let done = 0;
  for await (const page of readPages(file, chunk, leaf, held)) {
    const where = (i: number): string => `column ${JSON.stringify(column.name)}, value ${done + i}`;
    if (page.kind === 'dictionary') {
      dictionary = allocateFloats(page.values, NUMERIC[leaf].wide, { maxMemory }, held);
      const plain = { type: leaf, encoding: PLAIN, bytes: page.bytes, count: page.values };
      decodeValues({ ...plain, dictionary: null, where }, { data: dictionary, at: 0 });
      continue;
    }
    if (done + page.values > chunk.values) {
      throw damaged(`the pages of a column have more than its ${chunk.values} values`);
    }
    const bytes = checkLevels(column, page, rows, levels);
    if (out !== null) {
      const values = { type: leaf, encoding: page.encoding, bytes, count: page.values };
      decodeValues({ ...values, dictionary, where }, { data: out.data, at: out.at + done });
    }
    done += page.values;
  }
  if (done !== chunk.values)
    throw damaged(`the pages of a column have ${done} of its ${chunk.values} values`);
  rows.finish(group.rows);
}

/** Checks a page's levels against what a block of numbers has; returns the bytes of its values. */
function checkLevels(
  column: ParquetColumn,
  page: Page,
  rows: RowCounter,
  [ofLists, ofNulls]: readonly [Scratch, Scratch],
): Uint8Array {
  const { maxRepetition, maxDefinition } = column;
  let { bytes } = page;
  const next = (max: number, own: Uint8Array | undefined, scratch: Scratch): Uint8Array => {
    let inner = own;
    if (inner === undefined) ({ inner, rest: bytes } = prefixed(bytes));
    return decodeHybrid(inner, 32 - Math.clz32(max), scratch.take(page.values));
  };
  const repetition = maxRepetition > 0 ? next(maxRepetition, page.levels?.repetition, ofLists) : null;
  const definition = maxDefinition > 0 ? next(maxDefinition, page.levels?.definition, ofNulls) : null;
  rows.add(page.values, repetition, definition);
  return bytes;
}

/** Follows the rows of one column through the levels of its pages. */
class RowCounter {
  #row: number;
  #inRow = 0;
  readonly #first: number;
  #width: number | null;

  constructor(
    private readonly column: ParquetColumn,
    firstRow: number,
    width: number | null,
  ) {
    this.#first = firstRow;
    this.#row = firstRow - 1;
    this.#width = width;
  }

  add(count: number, repetition: Uint8Array | null, definition: Uint8Array | null): void {
    const { maxDefinition, maxRepetition } = this.column;
    for (let i = 0; i < count; i++) {
      const level = repetition === null ? 0 : (repetition[i] as number);
      if (level > maxRepetition) throw damaged(`a repetition level of ${level}`);
      if (level === 0) {
        this.#endRow();
        this.#row += 1;
        this.#inRow = 0;
      } else if (this.#row < this.#first) throw damaged('a row group begins inside a row');
      if (definition !== null && definition[i] !== maxDefinition) {
        if ((definition[i] as number) > maxDefinition)
          throw damaged(`a definition level of ${definition[i]}`);
        const inRow = this.#inRow > 0 || repetition === null ? '' : ', column 0';
        throw nullAt(
          this.column.name,
          `row ${this.#row}${this.#inRow > 0 ? `, column ${this.#inRow}` : inRow}`,
        );
      }
      this.#inRow += 1;
    }
  }

  /** All rows must have been seen. */
  finish(rows: number): void {
    this.#endRow();
    const seen = this.#row + 1 - this.#first;
    if (seen !== rows) throw damaged(`a column has ${seen} rows in a row group of ${rows}`);
  }

  #endRow(): void {
    if (this.#row < this.#first) return;
    this.#width ??= this.#inRow;
    if (this.#inRow === this.#width) return;
    const values = this.#inRow === 1 ? '1 value' : `${this.#inRow} values`;
    throw new InputError(
      'E210',
      `column ${JSON.stringify(this.column.name)}: row ${this.#row} has ${values}, the first row ${this.#width}`,
      { fields: { expected: this.#width, actual: this.#inRow } },
    );
  }
}
