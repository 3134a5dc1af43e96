/** What a rule takes for a number: a plain decimal, with or without an exponent. */
export const DECIMAL = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * Finds the factor that a percentage's text stands for: the float64 nearest to its hundredth, as if that had been
 * written.
 *
 * @example factorOfPercentage('7') // 0.07
 */
export function factorOfPercentage(text: string): number {
  return Number(shifted(text, -2));
}

/**
 * Finds the shortest percentage that `factorOfPercentage` takes back to exactly this factor.
 *
 * @example percentageOfFactor(0.07) // '7', where 0.07 * 100 is 7.000000000000001
 */
export function percentageOfFactor(factor: number): string {
  const exact = shifted(String(factor), 2);
  const plain = String(Number(exact));
  return factorOfPercentage(plain) === factor ? plain : exact;
}

/** Moves the point in a decimal's text: no arithmetic, so nothing is rounded. */
function shifted(text: string, by: number): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  return `${mantissa}e${Number(exponent) + by}`;
}
