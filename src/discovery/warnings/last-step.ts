/** The newest of several steps, which may be a checkpoint still being written; undefined where there is only one. */
export function lastStep(steps: readonly (number | null)[]): number | null | undefined {
  return steps.length > 1 ? steps.reduce((a, b) => ((a ?? -1) > (b ?? -1) ? a : b)) : undefined;
}
