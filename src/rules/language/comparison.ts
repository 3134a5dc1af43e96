import type { Operator } from './rule.js';

/** `value operator threshold`, which is true where a rule trips. */
export interface Comparison {
  readonly operator: Operator;
  readonly value: number;
  readonly threshold: number;
}

/** Compares as the operator says: true on the wrong side of the bound. */
export function isBeyond({ operator, value, threshold }: Comparison): boolean {
  switch (operator) {
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
  }
}

/** Gives 1 where larger values are safer, -1 where smaller ones are. */
export function safeDirection(operator: Operator): 1 | -1 {
  return operator === '<' || operator === '<=' ? 1 : -1;
}

/**
 * Measures how far a value is on the safe side of its bound, as a share of the bound: 0.5 is half as much again,
 * negative is the wrong side. Of a bound of 0 nothing is a share: there the value is measured by itself, as 1, -1 or 0,
 * so that findings of different metrics can be put in order.
 *
 * @example marginOf({ operator: '<', value: 3, threshold: 2 }) // 0.5
 */
export function marginOf({ operator, value, threshold }: Comparison): number {
  const direction = safeDirection(operator);
  if (threshold === 0) return direction * Math.sign(value) + 0;
  const distance = value - threshold;
  const size = Math.abs(threshold);
  // Of two large numbers with different signs the difference does not fit in a float64; the ratio does.
  return direction * (Number.isFinite(distance) ? distance / size : value / size - Math.sign(threshold));
}
