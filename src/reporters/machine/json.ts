import type { Report } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { withMeasuredSteps } from '../view/measured-steps.js';
import { jsonText } from './json-text.js';

/** Writes the report as the schema in schema/report.schema.json describes it, of many steps as bytes. */
export const json: Render<string | Uint8Array> = (document) => {
  const report = withMeasuredSteps(document);
  const steps = report.runs.reduce((sum, run) => sum + run.steps.length, 0);
  return steps <= AT_ONCE ? `${jsonText(report, 2)}\n` : inPieces(report);
};

/** Steps that are written at once: a hundred thousand of them are more than a string may be long. */
const AT_ONCE = 500;
/** No text has it, as a line ends nowhere in a text of JSON. */
const STEPS = '\n      "steps": [\n        null\n      ]';

/** Writes the same as `jsonText` does, the steps one by one. */
function inPieces(report: Report): Uint8Array {
  const pieces: Buffer[] = [];
  const marked = report.runs.map((run) => ({ ...run, steps: run.steps.length === 0 ? [] : [null] }));
  const frame = `${jsonText({ ...report, runs: marked }, 2)}\n`.split(STEPS);
  const long = report.runs.filter(({ steps }) => steps.length > 0);
  for (const [i, text] of frame.entries()) {
    pieces.push(Buffer.from(text));
    const { steps } = long[i] ?? { steps: [] };
    for (let from = 0; from < steps.length; from += AT_ONCE) {
      // A list by itself stands six spaces further left, and has brackets of its own.
      const list = jsonText(steps.slice(from, from + AT_ONCE), 2).slice(1, -2);
      const isLast = from + AT_ONCE >= steps.length;
      const text = `${from === 0 ? '\n      "steps": [' : ''}${list.replaceAll('\n', '\n      ')}`;
      pieces.push(Buffer.from(`${text}${isLast ? '\n      ]' : ','}`));
    }
  }
  return Buffer.concat(pieces);
}
