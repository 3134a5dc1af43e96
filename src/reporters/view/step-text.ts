export { stepName } from '#errors.js';

/** Counts things: '3 steps', '1 step'. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

const GRAVITY = ['error', 'alert', 'no-data', 'early', 'warning', 'ok'];

/** Sorts runs, worst first; those alike keep their order. */
export function worstFirst<T extends { readonly status: string }>(runs: readonly T[]): T[] {
  return [...runs].sort((a, b) => GRAVITY.indexOf(a.status) - GRAVITY.indexOf(b.status));
}
