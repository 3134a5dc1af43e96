import { chunksOf } from '../input/chunks-of.js';
import type { CommandContext } from '../input/context.js';

/** Reads lines, and the bytes that follow one, from a stream; holds no more than what was asked for and one chunk. */
export class MessageReader {
  readonly #chunks: AsyncIterator<Uint8Array | string>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: CommandContext['stdin']) {
    this.#chunks = chunksOf(stream);
  }

  /** Returns the next line without its end; null at the end of the stream, 'too long' for one of more than `most` bytes. */
  async line(most: number): Promise<{ readonly text: string } | 'too long' | null> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      const part = end < 0 ? this.#rest : this.#rest.subarray(0, end);
      parts.push(part);
      length += part.length;
      if (length > most) return 'too long';
      if (end >= 0) {
        this.#rest = this.#rest.subarray(end + 1);
        break;
      }
      if (!(await this.#more())) {
        if (length === 0) return null;
        break;
      }
    }
    return { text: Buffer.concat(parts, length).toString('utf8') };
  }

  /** Returns exactly `count` bytes; null where the stream ends before. */
  async bytes(count: number): Promise<Uint8Array | null> {
    const out = new Uint8Array(count);
    const isWhole = await this.#take(count, (part, at) => out.set(part, at));
    return isWhole ? out : null;
  }

  /** Passes over `count` bytes; false where the stream ends before. */
  skip(count: number): Promise<boolean> {
    return this.#take(count, () => {});
  }

  async #take(count: number, use: (part: Uint8Array, at: number) => void): Promise<boolean> {
    for (let at = 0; at < count; ) {
      if (this.#rest.length === 0 && !(await this.#more())) return false;
      const part = this.#rest.subarray(0, count - at);
      use(part, at);
      at += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return true;
  }

  /** Takes the next chunk in place of what was read; false at the end. */
  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    this.#rest = done ? new Uint8Array(0) : typeof value === 'string' ? Buffer.from(value) : value;
    return done !== true;
  }
}

const NEWLINE = 0x0a;
