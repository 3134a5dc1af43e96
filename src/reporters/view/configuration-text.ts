import type { Report } from '#report/types.js';

const MOST_NAMED = 6;

/** Says what a configuration that was found, not named, changed of the verdict's meaning. */
export function configurationText({ path, sets }: NonNullable<Report['configuration']>): string {
  const more = sets.length - MOST_NAMED;
  return `${path} sets ${sets.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
