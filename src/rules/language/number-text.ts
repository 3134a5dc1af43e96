/**
 * Writes a number in a rule's own text: four significant digits, no trailing zeros.
 *
 * @example shortNumber(0.010200001) // '0.0102'
 */
export function shortNumber(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}

/**
 * Writes a factor as the percentage a user would write, without the noise of a float64 product.
 *
 * @example percentText(0.07) // '7%', where 0.07 * 100 is 7.000000000000001
 */
export function percentText(factor: number): string {
  return `${Number((factor * 100).toPrecision(15))}%`;
}
