/** Run by bench/sequences/run.mjs in processes of its own: measures runs that it is told of on stdin, a JSON line each. */
import { createInterface } from 'node:readline';
import { type Sequence, STEPS } from './make-batch.js';
import { MEASURED, measureSequence } from './measure-sequence.js';
import { sixDigits } from './sequence-file.js';

interface Job {
  readonly sequence: Sequence;
  readonly rows: number;
  readonly cols: number;
  readonly seed: number;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { sequence, rows, cols, seed }: Job = JSON.parse(line);
  const steps = Array.from({ length: STEPS }, (_, step) => measureSequence(sequence, rows, cols, seed, step));
  const result = {
    sequence,
    rows,
    cols,
    seed,
    metrics: MEASURED,
    steps: steps.map((step) => step.map(sixDigits)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
