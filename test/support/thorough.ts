/** True under `npm run test:all`: what is slow and rarely tells has all its cases. */
export const THOROUGH = process.env.TEST_ALL !== undefined;

/** How many random cases a property is tried on: a fifth by default. */
export function runs(all: number): { numRuns: number } {
  return { numRuns: THOROUGH ? all : Math.ceil(all / 5) };
}

/** All of `list`, or every third by default. */
export function some<T>(list: readonly T[]): readonly T[] {
  return THOROUGH ? list : list.filter((_, i) => i % 3 === 0);
}
