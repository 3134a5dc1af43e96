import type { StepRef } from '#discovery/names/step-ref.js';
import { LazyObject, READ, WRITE } from '#report/lazy-object.js';
import { StepText } from '#report/step-text.js';

/** Steps on their way to another thread, of which a clone takes a tenth of the bytes: one text of inputs for as many as have the same but for the step. */
export interface PackedSteps {
  /** Of the first, as JSON. */
  readonly inputs: string;
  /** NaN for a step without a number. */
  readonly steps: readonly number[];
}

export function packedSteps(steps: readonly StepRef[]): PackedSteps[] {
  const packed: { inputs: string; steps: number[] }[] = [];
  let text: StepText | undefined;
  for (const { step, inputs } of steps) {
    const number = step ?? Number.NaN;
    const own = JSON.stringify(inputs);
    if (text?.at(number) !== own) {
      text = new StepText(own, number);
      packed.push({ inputs: own, steps: [] });
    }
    packed.at(-1)!.steps.push(number);
  }
  return packed;
}

export function unpackedSteps(packed: readonly PackedSteps[]): StepRef[] {
  return packed.flatMap(({ inputs, steps }) => {
    const text = new StepText(inputs, steps[0]!);
    return steps.map((step) => new PackedStep(step, text) as unknown as StepRef);
  });
}

class PackedStep extends LazyObject {
  readonly #step: number;
  readonly #text: StepText;

  constructor(step: number, text: StepText) {
    super(['step', 'inputs']);
    this.#step = step;
    this.#text = text;
  }

  [READ](name: string): unknown {
    if (name === 'inputs') return JSON.parse(this.#text.at(this.#step));
    return Number.isNaN(this.#step) ? null : this.#step;
  }

  [WRITE](): void {
    throw new TypeError('a step is not written to');
  }
}
