import type { TreeEntry } from '#io/directories.js';
import { stepInName } from '../names/step-name.js';
import { passedOver } from './file-kind.js';

/** The number of a name that has one. */
export const ONE_NUMBER = /^(\D*)(\d+)(\D*)$/;

/**
 * Returns the directories whose names are steps by one classic number, alike but for that, and their steps; null where
 * those names have several forms, or a number is none exactly.
 */
export function stepDirectories(entries: readonly TreeEntry[]): ReadonlyMap<TreeEntry, number> | null {
  const steps = new Map<TreeEntry, number>();
  const templates = new Map<string, boolean>();
  for (const entry of entries) {
    if (entry.kind !== 'directory') continue;
    const [, before, digits, after] = ONE_NUMBER.exec(entry.name) ?? [];
    if (digits === undefined) continue;
    const template = `${before}#${after}`;
    const isStep =
      templates.get(template) ??
      (passedOver(entry.name) === null && stepInName(`${before}0${after}`) !== null);
    templates.set(template, isStep);
    if (!isStep) continue;
    const step = Number(digits);
    if (!Number.isSafeInteger(step)) return null;
    steps.set(entry, step);
  }
  return [...templates.values()].filter(Boolean).length === 1 ? steps : null;
}
