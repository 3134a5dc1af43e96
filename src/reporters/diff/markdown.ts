import type { Diff } from '#report/types.js';
import { codeSpan, markdownText } from '../markdown/text.js';
import { cellsOf, countsText, HEADS, noiseText, notComparedText, sideText, stepsText } from './summary.js';

/** Alerts that are listed; a comment is read on a phone too. */
const MOST_ALERTS = 10;

/** Writes two runs side by side as a comment for a pull request: what changed beyond the noise, worst first. */
export function diffMarkdown(diff: Diff): string {
  const changed = diff.metrics.filter(({ change }) => change !== 'same');
  const same = diff.metrics.filter(({ change }) => change === 'same');
  const badge = diff.exitCode !== 0 ? '❌ ' : diff.rules.length > 0 ? '✅ ' : '';
  const blocks = [
    `## ${badge}${markdownText(countsText(diff))}`,
    [
      `A ${codeSpan(diff.a.path)}: ${sideText(diff.a)}  `,
      `B ${codeSpan(diff.b.path)}: ${sideText(diff.b)}`,
    ].join('\n'),
    `${markdownText(stepsText(diff))}.`,
    ...(changed.length === 0 ? [] : [tableOf(changed)]),
    ...(diff.alerts.length === 0 ? [] : [alertList(diff)]),
    ...[...noiseText(diff), ...notComparedText(diff)].map(markdownText),
    ...(same.length === 0
      ? []
      : [
          `<details><summary>${same.length} the same within the noise</summary>\n\n${tableOf(same)}\n\n</details>`,
        ]),
    `${markdownText(diff.exitReason)} (exit ${diff.exitCode})`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function alertList({ alerts }: Diff): string {
  const left = alerts.length - MOST_ALERTS;
  const lines = alerts
    .slice(0, MOST_ALERTS)
    .map(({ step, message }) => `- step ${step}: ${markdownText(message)}`);
  return [...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

function tableOf(metrics: Diff['metrics']): string {
  const rows = metrics.map((metric) => {
    const cells = cellsOf(metric).map((cell) => (cell === 'worse' ? `**${cell}**` : cell));
    return `| \`${metric.metric}\` | ${cells.join(' | ')} |`;
  });
  const align = HEADS.map((head) => (head === 'change' ? ':--' : '--:'));
  return [`| metric | ${HEADS.join(' | ')} |`, `|:--|${align.join('|')}|`, ...rows].join('\n');
}
