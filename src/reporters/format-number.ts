/**
 * The one place where a number becomes text for people: four significant digits, whole numbers whole, and an
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

/** How far `value` is on the safe side of `threshold`, as a share of it: '+34%', '-61%', '+12×'; '' at threshold 0. */
export function formatMargin(value: number, threshold: number, operator: string): string {
  if (threshold === 0) return '';
  const share = (operator.startsWith('<') ? value - threshold : threshold - value) / Math.abs(threshold);
  if (Math.abs(share) >= 10) return `${share > 0 ? '+' : '-'}${formatNumber(Math.round(Math.abs(share)))}×`;
  const percent = Math.abs(share) < 0.01 ? (share * 100).toPrecision(1) : (share * 100).toFixed(0);
  return `${share >= 0 ? '+' : ''}${Number(percent)}%`;
}
