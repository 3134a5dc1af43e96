import { InputError } from '#errors.js';
import { readText } from '#io/read-text.js';
import { type LineCount, LineScan, scanLines } from '#io/scan-lines.js';
import { chunksOf } from './chunks-of.js';
import type { CommandContext } from './context.js';

/** What reading and judging take of a record, and of a byte of its text: measured with 400 to 3,100 bytes a record. */
const TO_JUDGE = { line: 4000, byte: 3 };
/** The same where all of it is written or remembered: the output is one string. */
const TO_WRITE = { line: 7500, byte: 6 };
/** What the engine leaves of the 150 MiB that a process may take beside its budget. */
const SLACK = 2 ** 26;
/** A record of 128 horizons, or of ten thousand shards, is shorter. */
const LONGEST = 2 ** 24;
/** What is parsed out of a line of brackets, for each byte. */
const PARSED = 16;

/** Counts the text of records against the memory budget before it is kept. */
export class RecordsBudget {
  readonly #maxMemory: number;
  readonly #costs: typeof TO_JUDGE;
  #needed = -SLACK;
  #bytes = 0;

  /** @param isWritten Whether the report or a state has every step. */
  constructor(maxMemory: number, isWritten: boolean) {
    this.#maxMemory = maxMemory;
    this.#costs = isWritten ? TO_WRITE : TO_JUDGE;
  }

  /** Throws `InputError` E231 for a line that is longer than any record. */
  count({ bytes, lines, longest }: LineCount, path: string): void {
    refuseLong(longest, path);
    this.#bytes += bytes;
    this.#needed += bytes * this.#costs.byte + lines * this.#costs.line + longest * PARSED;
  }

  /** Throws `InputError` E220 where what was counted is more than the budget. */
  check(path: string): void {
    if (!this.#isOver(0, 0)) return;
    const needed = Math.ceil(this.#needed);
    throw new InputError(
      'E220',
      `${this.#bytes} bytes of records take ${needed} bytes to judge; the budget is ${this.#maxMemory}`,
      {
        path,
        hint: `pass --max-memory ${Math.ceil(needed / 2 ** 20)}MiB, or judge fewer steps at a time with --state`,
        fields: { needed, budget: this.#maxMemory },
      },
    );
  }

  /** Counts a regular file; anything else is counted while it is read, as it can be read once. */
  countFile(path: string, cwd: string): void {
    const scan = scanLines(path, cwd);
    if (scan !== null) this.count(scan, path);
  }

  /** Reads a file that `countFile` was asked about; a pipe to its end. Throws as `readText`, `count` and `check` do. */
  textOfFile(path: string, cwd: string): string {
    const scan = new LineScan();
    const text = readText(path, cwd, (chunk) => {
      scan.add(chunk);
      refuseLong(scan.longest, path);
      return !this.#isOver(scan.bytes, scan.lines);
    });
    this.count(scan, path);
    this.check(path);
    return text;
  }

  /** Reads standard input to its end, and keeps none of it where it is too much. Throws as `count` and `check` do. */
  async textOf(stdin: CommandContext['stdin']): Promise<string> {
    const decoder = new TextDecoder();
    const scan = new LineScan();
    const path = 'standard input';
    let text = '';
    for await (const chunk of chunksOf(stdin)) {
      scan.add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      refuseLong(scan.longest, path);
      text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      if (this.#isOver(scan.bytes, scan.lines)) text = '';
    }
    this.count(scan, path);
    this.check(path);
    return text + decoder.decode();
  }

  #isOver(bytes: number, lines: number): boolean {
    const { byte, line } = this.#costs;
    return this.#needed + bytes * byte + lines * line > this.#maxMemory;
  }
}

function refuseLong(longest: number, path: string): void {
  if (longest <= LONGEST) return;
  throw new InputError('E231', `a line has more than ${LONGEST} bytes: that is no measure record`, {
    path,
    hint: 'pass files that `collapse measure` wrote',
  });
}
