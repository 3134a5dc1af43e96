import type { RenderOptions, ReportDocument, Reporter } from './view/define-reporter.js';

const REPORTERS = [
  { id: 'table', title: 'for people', load: async () => (await import('./terminal/table.js')).table },
  {
    id: 'json',
    extension: '.json',
    title: 'the whole report',
    load: async () => (await import('./machine/json.js')).json,
  },
  {
    id: 'ndjson',
    extension: '.ndjson',
    title: 'one record a line',
    load: async () => (await import('./machine/ndjson.js')).ndjson,
  },
  {
    id: 'metrics',
    title: 'numbers of the newest step, for `dvc metrics diff`',
    load: async () => (await import('./machine/metrics.js')).metrics,
  },
  {
    id: 'csv',
    extension: '.csv',
    title: 'one step a line',
    load: async () => (await import('./machine/csv.js')).csv,
  },
  {
    id: 'markdown',
    extension: '.md',
    title: 'a summary',
    load: async () => (await import('./markdown/markdown.js')).markdown,
  },
  {
    id: 'html',
    extension: '.html',
    title: 'a page',
    load: async () => (await import('./html/html.js')).html,
  },
  {
    id: 'junit',
    extension: '.xml',
    title: 'test results',
    load: async () => (await import('./machine/junit.js')).junit,
  },
  { id: 'github', title: 'annotations', load: async () => (await import('./machine/github.js')).github },
  {
    id: 'sarif',
    extension: '.sarif',
    title: 'SARIF 2.1.0',
    load: async () => (await import('./machine/sarif.js')).sarif,
  },
  {
    id: 'prometheus',
    extension: '.prom',
    title: "for node_exporter's textfile collector",
    load: async () => (await import('./machine/prometheus.js')).prometheus,
  },
  {
    id: 'tensorboard',
    title: 'an event file',
    load: async () => (await import('./tensorboard/tensorboard.js')).tensorboard,
    fileNameContains: 'tfevents',
  },
] as const satisfies readonly Reporter[];

export type ReporterId = (typeof REPORTERS)[number]['id'];

export const REPORTER_IDS: readonly ReporterId[] = REPORTERS.map(({ id }) => id);

function reporterOf(id: ReporterId): Reporter {
  const reporter = REPORTERS.find((candidate) => candidate.id === id);
  if (reporter === undefined) throw new Error(`no reporter is named ${id}`);
  return reporter;
}

/** What a file's name must contain for its readers to find it; undefined for formats that any file and stdout can take. */
export function fileNameContains(id: ReporterId): string | undefined {
  return reporterOf(id).fileNameContains;
}

/** The format that a file's extension, or its name, says: `report.html` is a page; null where it says none. */
export function formatOfFile(path: string): ReporterId | null {
  const named = REPORTERS.find((reporter: Reporter & { readonly id: ReporterId }) => {
    const { extension, fileNameContains: part } = reporter;
    const name = path.split('/').at(-1) ?? '';
    if (part !== undefined) return name.includes(part);
    return extension !== undefined && name.length > extension.length && name.endsWith(extension);
  });
  return named?.id ?? null;
}

/** A document in one format: text that ends in a newline, or bytes. */
export async function render(
  id: ReporterId,
  document: ReportDocument,
  options: RenderOptions,
): Promise<string | Uint8Array> {
  return (await reporterOf(id).load())(document, options);
}
