/** A step as messages name it. */
export function stepLabel(step: number | null): string {
  return step === null ? 'the unnumbered step' : `step ${step}`;
}
