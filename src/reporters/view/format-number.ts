import { type Comparison, marginOf } from '#rules/language/comparison.js';

/**
 * Writes a number for people, the one place that does: four significant digits, whole numbers whole, and an
 * exponent only where plain digits would be long.
 */
export function formatNumber(x: number): string {
  const size = Math.abs(x);
  if (x === 0) return '0';
  if (size >= 1e7 || size < 1e-4)
    return x
      .toExponential(3)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  if (size >= 1e4) return String(Math.round(x));
  return String(Number(x.toPrecision(4)));
}

/**
 * Writes how far a value is on the safe side of its bound, as a share of it: '+34%', '-61%', '+12×'; '' for a bound of
 * 0. A distance is never rounded to none, nor to the 100% that only zero has.
 */
export function formatMargin(finding: Comparison): string {
  if (finding.threshold === 0) return '';
  const share = marginOf(finding);
  const size = Math.abs(share);
  const sign = share < 0 ? '-' : '+';
  if (size === Number.POSITIVE_INFINITY) return `${sign}>1e308×`;
  if (size >= 10) return `${sign}${formatNumber(Math.round(size))}×`;
  return `${sign}${percent(size * 100)}%`;
}

function percent(size: number): number {
  if (size < 1) return Number(size.toPrecision(1));
  const whole = Math.round(size);
  return whole === 100 && size < 100 ? Math.floor(size * 10) / 10 : whole;
}
