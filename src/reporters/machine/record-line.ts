import type { MeasureRecord } from '#report/record.js';
import { jsonText } from './json-text.js';

/** Writes one line of ndjson; '' for a warning, which is for people. */
export function recordLine(record: MeasureRecord): string {
  return record.type === 'warning' ? '' : `${jsonText(record)}\n`;
}
