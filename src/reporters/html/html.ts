import type { MeasureRecord, StepRecord } from '#report/record.js';
import type { Report, ReportError, ReportRun } from '#report/types.js';
import type { Render, ReportDocument } from '../view/define-reporter.js';
import { formatNumber } from '../view/format-number.js';
import { groupErrors } from '../view/group-errors.js';
import { STATUS_WORDS } from '../view/status-words.js';
import { counted, worstFirst } from '../view/step-text.js';
import { collapseName } from '../view/verdict.js';
import { waysOut } from '../view/ways-out.js';
import { xmlText } from '../view/xml-text.js';
import LIVE from './browser/live.ts?script';
import SCRIPT from './browser/page.ts?script';
import { overview } from './overview.js';
import { prose } from './prose.js';
import { chartLegend, runHeading, runSection } from './run.js';
import CHARTS from './style/charts.css?text';
import PAGE from './style/page.css?text';
import PRINT from './style/print.css?text';
import TABLES from './style/tables.css?text';

const MAX_ERRORS = 200;
/** More errors than these are folded. */
const OPEN_ERRORS = 5;
/** Runs with charts and tables of their own; the milder ones after them have lines among the others, and a row. */
const MAX_DRAWN = 16;
/** A page that can ask nobody for anything; its pictures are in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** What a page has beside its own. */
interface More {
  /** Another script, and what it may ask for. */
  readonly script: string;
  readonly policy: string;
  /** Which of the pages of its server it is. */
  readonly version: number;
}

/** One self-contained page, whole without its script and its style. */
export const html: Render = (document) => pageOf(document);

/** The same page with a script that follows the server it comes from. */
export function livePage(document: ReportDocument, version: number): string {
  return pageOf(document, { script: LIVE, policy: "; connect-src 'self'", version });
}

function pageOf({ report, records, catalogue }: ReportDocument, more?: More): string {
  const runs = worstFirst(report.runs);
  const only = runs.length === 1 ? runs[0] : undefined;
  const word = STATUS_WORDS[report.status];
  const title = `${word}: ${only === undefined ? counted(runs.length, 'run') : only.run}`;
  const said = headline(report, only);
  const rest = said.startsWith(word) ? said.slice(word.length) : `: ${said}`;
  const ways = waysOut(report)
    .map((line) => `<p class="dim">${prose(line)}</p>`)
    .join('\n');
  const share = Math.min(MAX_DRAWN, runs.length);
  const drawn = runs.slice(0, MAX_DRAWN).map((run, i) => {
    const section = runSection(
      run,
      { id: `run-${i + 1}`, share, aside: only === undefined ? '' : ways },
      report,
      catalogue,
    );
    return only === undefined
      ? `<details class="run"><summary>${runHeading(run)} <span class="dim">${xmlText(collapseName(run) ?? '')}</span></summary>\n${section}\n</details>`
      : section;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}${more?.policy ?? ''}">
<title>${xmlText(title)} – embedding-collapse</title>
<style>
${PAGE}${CHARTS}${TABLES}${PRINT}</style>
</head>
<body${more === undefined ? '' : ` data-version="${more.version}"`}>
<header>
<h1><span class="${report.status}">${word}</span>${xmlText(rest)}</h1>
<p class="dim">${xmlText(`${report.tool.name} ${report.tool.version}`)}, exit code ${report.exitCode}${only === undefined ? '' : `: ${xmlText(report.exitReason)}`}</p>
</header>
<main>
${errorSection(report.errors)}
${only === undefined ? overview(runs, report, catalogue, drawn.length) : ''}
${only === undefined ? `${ways}\n<h3>Each run</h3>\n${chartLegend(runs)}` : ''}
${drawn.join('\n')}
${configuration(report, records)}
</main>
<script>
${SCRIPT}</script>${more === undefined ? '' : `\n<script>\n${more.script}</script>`}
</body>
</html>
`;
}

/** What is wrong, where it has a name; else what decided the exit code. */
function headline({ exitReason }: Report, only: ReportRun | undefined): string {
  return (only === undefined ? null : collapseName(only)) ?? exitReason;
}

function errorSection(errors: readonly ReportError[]): string {
  if (errors.length === 0) return '';
  const grouped = groupErrors(errors);
  const items = grouped.slice(0, MAX_ERRORS).map(({ code, message, path, run, hint, steps }) => {
    const place = path ?? run;
    const at = steps?.startsWith('steps') ? ` (${xmlText(steps)})` : '';
    const where = place === undefined ? '' : `<br><bdi>${xmlText(place)}</bdi>${at}`;
    return `<li><b>${code}</b> ${xmlText(message)}${where}${hint === undefined ? '' : `<br>help: ${prose(hint)}`}`;
  });
  const left = grouped.length - items.length;
  const list = (some: readonly string[]) => `<ul class="errors">${some.join('\n')}</ul>`;
  const [open, folded] = [items.slice(0, OPEN_ERRORS), items.slice(OPEN_ERRORS)];
  const more = left > 0 ? `<p>and ${left} more</p>` : '';
  const rest =
    folded.length === 0
      ? ''
      : `<details><summary>${folded.length + left} more</summary>${list(folded)}${more}</details>`;
  return `<section><h2>${counted(errors.length, 'error')}</h2>${list(open)}${rest}</section>`;
}

function configuration({ rules, thresholds }: Report, records: readonly MeasureRecord[]): string {
  const items = rules.map(
    ({ id, expression, level }) =>
      `<li>${level}: <code>${xmlText(expression)}</code> <span class="dim">${xmlText(id)}</span>`,
  );
  const bounds = Object.entries(thresholds).map(([name, value]) => `${name} ${formatNumber(value)}`);
  return `<section><h2>Rules and settings</h2><p>An alert where one of these holds:</p><ul>${items.join('')}</ul>
<p>Thresholds: ${xmlText(bounds.join(', '))}.</p>${measuring(records)}</section>`;
}

/** What shaped the numbers, as the first record says; the records of a run agree on it. */
function measuring(records: readonly MeasureRecord[]): string {
  const first = records.find((record): record is StepRecord => record.type === 'step');
  if (first === undefined) return '';
  const { klReg, klFrom, pairwise, seed, mask } = first.fingerprint;
  const parts = [
    `pairwise ${pairwise}`,
    `seed ${seed}`,
    `kl_reg ${klReg}, of the ${klFrom}`,
    ...(mask === undefined ? [] : ['masks ignored']),
  ];
  return `<p>Measured with: ${xmlText(parts.join('; '))}.</p>`;
}
