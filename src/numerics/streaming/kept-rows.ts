import { InputError } from '#errors.js';

/** Bytes that are not counted: what the tool may take beside its budget is more. */
const SLACK = 2 ** 25;

/** What letting the rows pass by takes: until the end of the step, and for a block at a time. */
export interface PassingBytes {
  readonly kept: number;
  readonly block: number;
}

/** Some rows of one matrix. */
interface Kept {
  readonly role: string;
  readonly bytes: number;
  /** What stays beside them. */
  readonly more: number;
  /** What is beside them for a time. */
  readonly beside: number;
}

/**
 * What is kept of a step's matrices while their rows pass by, counted before any of it is allocated. The largest of it has
 * to be within the budget, and all of it together but for some slack.
 */
export class KeptRows {
  readonly #budget: number;
  #sum: number;
  /** Of what is there for a time the most: the kernels work on one matrix at a time. */
  #beside: number;
  #largest: Kept | null = null;
  readonly #answers = new Map<string, string | null>();

  constructor(budget: number, { kept, block }: PassingBytes = { kept: 0, block: 0 }) {
    this.#budget = budget;
    this.#sum = kept;
    this.#beside = block;
  }

  /** Says that these will be kept. */
  ask(kept: Kept): void {
    this.#sum += kept.bytes + kept.more;
    this.#beside = Math.max(this.#beside, kept.beside);
    if (kept.bytes > (this.#largest?.bytes ?? 0)) this.#largest = kept;
  }

  /** Why these could not be kept beside what was asked for; null where they could. Whoever asks again has the same answer. */
  whyNot(kept: Kept): string | null {
    const name = `${kept.role} ${kept.bytes}`;
    const before = this.#answers.get(name);
    if (before !== undefined) return before;
    const { bytes, more, beside } = kept;
    const error = this.#refusal(kept, this.#sum + bytes + more + Math.max(this.#beside, beside));
    this.#answers.set(name, error?.message ?? null);
    return error?.message ?? null;
  }

  /** Throws `InputError` E220 where what was asked for is more than the budget. */
  check(): void {
    const error = this.#refusal(this.#largest, this.#sum + this.#beside);
    if (error !== null) throw error;
  }

  #refusal(largest: Pick<Kept, 'role' | 'bytes'> | null, all: number): InputError | null {
    const { role, bytes } = largest ?? { role: 'prediction', bytes: 0 };
    const needed = Math.max(bytes, all - SLACK);
    if (needed <= this.#budget) return null;
    return new InputError(
      'E220',
      `the ${role} passes by in blocks of rows, and ${needed} bytes of it are needed at once; the budget is ${this.#budget}`,
      {
        hint: `pass --max-memory ${Math.ceil(needed / 2 ** 20)}MiB, or save fewer rows or dimensions`,
        fields: { argument: role, needed, budget: this.#budget },
      },
    );
  }
}
