import type { Render } from './define-reporter.js';

/** The records that `gate` reads, the summary last. Warnings are for people and stay out. */
export const ndjson: Render = ({ records }) =>
  records
    .filter((record) => record.type !== 'warning')
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
