import type { TreeEntry } from '#io/directories.js';
import { stepInName } from '../names/step-name.js';
import { passedOver } from './file-kind.js';

/** The number of a name that has one. */
export const ONE_NUMBER = /^(\D*)(\d+)(\D*)$/;
const ONLY_DIGITS = /^\d+$/;

/**
 * Returns the step of each entry that is a directory with one classic number in its name, NaN for all others; null where
 * those names are not alike but for the number, have none, or a number is none exactly.
 */
export function stepDirectories(entries: readonly TreeEntry[]): Float64Array | null {
  const steps = new Float64Array(entries.length).fill(Number.NaN);
  let [before, after] = ['', ''];
  let isStep = false;
  let template: string | null = null;
  for (const [i, entry] of entries.entries()) {
    if (entry.kind !== 'directory') continue;
    const { name } = entry;
    const within = name.length - after.length;
    // Nearly all are like the one before.
    const isAsBefore = isStep && name.startsWith(before) && name.endsWith(after) && within > before.length;
    let digits = isAsBefore ? name.slice(before.length, within) : '';
    if (!ONLY_DIGITS.test(digits)) {
      const parts = ONE_NUMBER.exec(name);
      if (parts === null) continue;
      [before, digits, after] = [parts[1]!, parts[2]!, parts[3]!];
      isStep = passedOver(name) === null && stepInName(`${before}0${after}`) !== null;
      if (!isStep) continue;
      if (template !== null && template !== `${before}#${after}`) return null;
      template = `${before}#${after}`;
    }
    const step = Number(digits);
    if (!Number.isSafeInteger(step)) return null;
    steps[i] = step;
  }
  return template === null ? null : steps;
}
