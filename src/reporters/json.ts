import type { Render } from './define-reporter.js';

/** The report as the schema in schema/report.schema.json describes it. */
export const json: Render = ({ report }) => `${JSON.stringify(report, null, 2)}\n`;
