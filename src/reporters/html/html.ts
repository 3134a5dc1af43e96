import type { MeasureRecord, StepRecord } from '#report/record.js';
import type { Report, ReportError, ReportRun } from '#report/types.js';
import type { Render } from '../view/define-reporter.js';
import { formatNumber } from '../view/format-number.js';
import { groupErrors } from '../view/group-errors.js';
import { STATUS_WORDS } from '../view/status-words.js';
import { counted, worstFirst } from '../view/step-text.js';
import { collapseName, RAW, sentenceOf } from '../view/verdict.js';
import { waysOut } from '../view/ways-out.js';
import { xmlText } from '../view/xml-text.js';
import { CHART } from './chart.js';
import STYLE from './page.css?text';
import SCRIPT from './page.js?text';
import { runSection } from './run.js';

const MAX_ERRORS = 200;
/** Runs with charts and tables of their own; the milder ones after them have a line each. */
const MAX_DRAWN = 6;
const MAX_LISTED = 300;
/** A page that can ask nobody for anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** One self-contained page, whole without its script and its style. */
export const html: Render = ({ report, records, catalogue }) => {
  const runs = worstFirst(report.runs);
  const only = runs.length === 1 ? runs[0] : undefined;
  const title = `${STATUS_WORDS[report.status]}: ${only === undefined ? counted(runs.length, 'run') : only.run}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${xmlText(title)} – embedding-collapse</title>
<style>
${STYLE}</style>
</head>
<body>
<header>
<h1><span class="${report.status}">${STATUS_WORDS[report.status]}</span>: ${xmlText(headline(report, only))}</h1>
<p class="dim">${xmlText(`${report.tool.name} ${report.tool.version}`)}, exit code ${report.exitCode}${only === undefined ? '' : `: ${xmlText(report.exitReason)}`}</p>
</header>
<main>
${only === undefined ? overview(runs, report) : ''}
${waysOut(report)
  .map((line) => `<p class="dim">${xmlText(line)}</p>`)
  .join('\n')}
${runs
  .slice(0, MAX_DRAWN)
  .map((run, i) => runSection(run, `run-${i + 1}`, report, catalogue, Math.min(MAX_DRAWN, runs.length)))
  .join('\n')}
${errorSection(report.errors)}
${configuration(report, records)}
</main>
<script>
const CHART = ${JSON.stringify(CHART)};
${SCRIPT}</script>
</body>
</html>
`;
};

/** What is wrong, where it has a name; else what decided the exit code. */
function headline({ exitReason }: Report, only: ReportRun | undefined): string {
  return (only === undefined ? null : collapseName(only)) ?? exitReason;
}

/** Every run with what became of it, worst first; of those with a section of their own a link to it. */
function overview(runs: readonly ReportRun[], report: Report): string {
  if (runs.length === 0) return '';
  const rows = runs.slice(0, MAX_LISTED).map((run, i) => {
    const name = `<bdi>${xmlText(run.run)}</bdi>`;
    const link = i < MAX_DRAWN ? `<a href="#run-${i + 1}">${name}</a>` : name;
    const cells = [
      link,
      `<span class="${run.status}">${STATUS_WORDS[run.status]}</span>`,
      xmlText(sentenceOf(run, report, RAW)),
    ];
    return `<tr>${cells.map((cell) => `<td class="text">${cell}`).join('')}`;
  });
  const left = runs.length - rows.length;
  const more = left > 0 ? `<p>and ${counted(left, 'more run')}</p>` : '';
  const drawn = runs.length > MAX_DRAWN ? `<p class="dim">The ${MAX_DRAWN} worst have charts below.</p>` : '';
  return `<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="runs"><thead><tr><th scope="col" class="text">run<th scope="col" class="text">status<th scope="col" class="text">what happened<tbody>${rows.join('\n')}</table></div>${more}${drawn}`;
}

function errorSection(errors: readonly ReportError[]): string {
  if (errors.length === 0) return '';
  const grouped = groupErrors(errors);
  const items = grouped.slice(0, MAX_ERRORS).map(({ code, message, path, run, hint, steps }) => {
    const place = path ?? run;
    const at = steps?.startsWith('steps') ? ` (${xmlText(steps)})` : '';
    const where = place === undefined ? '' : `<br><bdi>${xmlText(place)}</bdi>${at}`;
    return `<li><b>${code}</b> ${xmlText(message)}${where}${hint === undefined ? '' : `<br>help: ${xmlText(hint)}`}`;
  });
  const left = grouped.length - items.length;
  const more = left > 0 ? `<p>and ${left} more</p>` : '';
  return `<section><h2>${counted(errors.length, 'error')}</h2><ul>${items.join('\n')}</ul>${more}</section>`;
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
