import type { Comparison } from '#rules/language/comparison.js';

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
 * Writes a value as a share of its bound: '26%', '12×'; '' for a bound of 0. A share is never rounded to 0% or 100%,
 * which only the like of them are.
 */
export function formatShare({ value, threshold }: Comparison): string {
  if (threshold === 0) return '';
  const share = value / threshold;
  const size = Math.abs(share);
  const sign = share < 0 ? '-' : '';
  if (size === Number.POSITIVE_INFINITY) return `${sign}>1e308×`;
  if (size >= 10) return `${sign}${formatNumber(Math.round(size))}×`;
  if (size > 0 && size < 0.001) return `${sign}<0.1%`;
  return `${sign}${percent(size * 100)}%`;
}

function percent(size: number): number {
  if (size < 1) return Number(size.toPrecision(1));
  const whole = Math.round(size);
  if (whole !== 100 || size === 100) return whole;
  return size < 100 ? Math.min(99.9, Math.floor(size * 10) / 10) : Math.max(100.1, Math.ceil(size * 10) / 10);
}
