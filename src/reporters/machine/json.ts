import type { Render } from '../view/define-reporter.js';
import { jsonText } from './json-text.js';

/** Writes the report as the schema in schema/report.schema.json describes it. */
export const json: Render = ({ report }) => `${jsonText(report, 2)}\n`;
