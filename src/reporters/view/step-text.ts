/** 'step 500', or words for a step without a number. */
export function stepName(step: number | null): string {
  return step === null ? 'the unnumbered step' : `step ${step}`;
}

/** '3 steps', '1 step'. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

const GRAVITY = ['error', 'alert', 'no-data', 'warning', 'ok'];

/** Worst first; those alike keep their order. */
export function worstFirst<T extends { readonly status: string }>(runs: readonly T[]): T[] {
  return [...runs].sort((a, b) => GRAVITY.indexOf(a.status) - GRAVITY.indexOf(b.status));
}
