import type { Render } from '../view/define-reporter.js';
import { recordLine } from './record-line.js';

/** Writes the records that `gate` reads, the summary last. Warnings are for people and stay out. */
export const ndjson: Render = ({ records }) => records.map(recordLine).join('');
