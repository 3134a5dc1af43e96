import type { Diff } from '#report/types.js';
import { type Column, fitColumns } from '../terminal/fit-columns.js';
import { fold } from '../terminal/fold.js';
import { drawColumns } from '../terminal/metric-table.js';
import type { RenderOptions } from '../view/define-reporter.js';
import { type Ink, inkFor } from '../view/layout.js';
import { counted } from '../view/step-text.js';
import { cellsOf, countsText, HEADS, noiseText, notComparedText, sideText, stepsText } from './summary.js';

/** Writes two runs side by side for people: what changed beyond the noise, worst first, and the verdict in the last line. */
export function diffTable(diff: Diff, options: RenderOptions): string {
  const ink = inkFor(options);
  const line = (text: string) => fold(ink.text(text), options.width, '  ');
  const shown = options.verbose ? diff.metrics : diff.metrics.filter(({ change }) => change !== 'same');
  const left = diff.metrics.length - shown.length;
  const head = [
    line(`A ${diff.a.path}: ${sideText(diff.a)}`),
    line(`B ${diff.b.path}: ${sideText(diff.b)}`),
    line(`${stepsText(diff)}.`),
  ].join('\n');
  const notes = [
    ...(left > 0
      ? [
          `${counted(left, shown.length > 0 ? 'more metric' : 'metric')} the same within the noise: --verbose shows ${left === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...noiseText(diff),
    ...notComparedText(diff),
    ...diff.alerts.map(({ step, message }) => `${step === null ? '' : `step ${step}: `}${message}`),
  ].map(line);
  const verdict = `${countsText(diff)}: ${diff.exitReason} (exit ${diff.exitCode})`;
  const rows =
    shown.length === 0
      ? []
      : [drawColumns(fitColumns(columnsOf(shown, ink), options.width, ink), shown.length)];
  return `${[head, ...rows, ...(notes.length === 0 ? [] : [notes.join('\n')]), line(verdict)].join('\n\n')}\n`;
}

function columnsOf(metrics: Diff['metrics'], { chalk }: Ink): Column[] {
  const paint = { worse: chalk.red, differs: chalk.yellow, better: chalk.green, same: chalk.dim };
  const cells = metrics.map(cellsOf);
  const keep: readonly Column['keep'][] = ['always', 'always', 1, 'always', 3, 2];
  return [
    { head: 'metric', cells: metrics.map(({ metric }) => metric), align: 'left', keep: 'first' },
    ...HEADS.map(
      (head, i): Column => ({
        head,
        cells: cells.map((row) => row[i]!),
        align: head === 'change' ? 'left' : 'right',
        keep: keep[i]!,
        ...(head === 'change' ? { paint: metrics.map(({ change }) => paint[change]) } : {}),
      }),
    ),
  ];
}
