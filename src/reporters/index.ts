import type { RenderOptions, ReportDocument, Reporter } from './define-reporter.js';

const REPORTERS = [
  { id: 'table', title: 'for people', load: async () => (await import('./table.js')).table },
  { id: 'json', title: 'the whole report', load: async () => (await import('./json.js')).json },
  { id: 'ndjson', title: 'one record a line', load: async () => (await import('./ndjson.js')).ndjson },
] as const satisfies readonly Reporter[];

export type ReporterId = (typeof REPORTERS)[number]['id'];

export const REPORTER_IDS: readonly ReporterId[] = REPORTERS.map(({ id }) => id);

/** A document as text of one format, ending in a newline. */
export async function render(
  id: ReporterId,
  document: ReportDocument,
  options: RenderOptions,
): Promise<string> {
  const reporter = REPORTERS.find((candidate) => candidate.id === id);
  if (reporter === undefined) throw new Error(`no reporter is named ${id}`);
  return (await reporter.load())(document, options);
}
