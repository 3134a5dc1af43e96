import type { Report, ReportRun } from '#report/types.js';
import type { Ink } from './layout.js';
import { stepName } from './step-text.js';
import { collapseLabel, remedyOf, sentenceOf } from './verdict.js';
import { silencing } from './ways-out.js';

/** One fact of a verdict: what it is about, and the fact. */
export interface VerdictFact {
  readonly label: string;
  readonly text: string;
}

/** What became of a run, for people in a hurry: what, since when, back to where, why, what to do, what would silence it. */
export interface VerdictBlock {
  readonly headline: string;
  readonly facts: readonly VerdictFact[];
}

export function verdictBlock(run: ReportRun, report: Report, ink: Pick<Ink, 'text' | 'dash'>): VerdictBlock {
  const label = collapseLabel(run);
  const silence = run.status === 'alert' ? silencing(run, report) : null;
  const ways = silence === null ? [] : [{ label: 'false alarm?', text: ink.text(silence) }];
  if (label === null || run.diagnosis === undefined)
    return { headline: sentenceOf(run, report, ink), facts: ways };
  const { since, began = null, lastGood = null, recovered, evidence } = run.diagnosis;
  const start = began ?? since;
  const confirmed = since === null || start === since ? '' : `, confirmed at ${stepName(since)}`;
  const facts = [
    start === null ? null : { label: 'since', text: `${stepName(start)}${confirmed}` },
    recovered == null ? null : { label: 'recovered', text: `at ${stepName(recovered)}` },
    lastGood === null ? null : { label: 'last good', text: stepName(lastGood) },
    evidence.length === 0 ? null : { label: 'because', text: ink.text(evidence.join('; ')) },
    { label: 'what to do', text: ink.text(remedyOf(run) ?? 'look at the metrics below') },
  ];
  const isMild = run.status !== 'alert' && run.status !== 'warning';
  return {
    headline: isMild ? sentenceOf(run, report, ink) : ink.text(label),
    facts: [...facts.filter((fact) => fact !== null), ...ways],
  };
}
