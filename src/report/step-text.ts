/** A text with the number of its step in it, of which those of other steps are made: numbers of as many digits or more. */
export class StepText {
  readonly #pieces: readonly string[];
  /** Digits of the number between two pieces. */
  readonly #widths: readonly number[];

  constructor(text: string, step: number) {
    const found = [...text.matchAll(/\d+/g)].filter(([digits]) => Number(digits) === step);
    const starts = [0, ...found.map(({ index, 0: digits }) => index + digits.length)];
    this.#pieces = starts.map((start, i) => text.slice(start, found[i]?.index));
    this.#widths = found.map(([digits]) => digits.length);
  }

  at(step: number): string {
    let text = this.#pieces[0]!;
    for (const [i, width] of this.#widths.entries()) {
      text += String(step).padStart(width, '0') + this.#pieces[i + 1]!;
    }
    return text;
  }
}
