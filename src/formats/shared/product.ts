/** 1 for no axes, as numpy has it. */
export function product(axes: readonly number[]): number {
  return axes.reduce((all, axis) => all * axis, 1);
}
