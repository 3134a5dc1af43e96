import { InputError } from '#errors.js';
import { type MatrixSize, SLACK, type Takes, workingMemory } from './working-memory.js';

/** Makes the E220, with the budget that would do, for matrices whose measuring takes more than `maxMemory` allows. */
export function overWorkingMemory(
  sizes: readonly MatrixSize[],
  maxMemory: number,
  takes?: Takes,
): InputError {
  const needed = workingMemory(sizes, takes) - SLACK;
  const shapes = sizes.map(({ rows, cols }) => `${rows}×${cols}`).join(' and ');
  return new InputError('E220', `measuring ${shapes} takes ${needed} bytes; the budget is ${maxMemory}`, {
    hint: `pass --max-memory ${Math.ceil(needed / 2 ** 20)}MiB, or save fewer rows or dimensions`,
    fields: { needed, budget: maxMemory },
  });
}
