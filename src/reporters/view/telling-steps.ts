import type { ReportRun, ReportStep } from '#report/types.js';
import { alertSpans, worstSpansFirst } from './alert-spans.js';

/**
 * Chooses, of the `known` steps of a run, those that say most of it: the newest, the first of the worst failure, and the
 * first judged, each with why; where there is no room for all, in this order. Returns them by step.
 */
export function tellingSteps<S extends ReportStep>(
  run: ReportRun,
  known: readonly S[],
  most: number,
): Map<S, string> {
  const [worst] = worstSpansFirst(alertSpans(run));
  const chosen = new Map<S, string>();
  const add = (step: S | undefined, why: string) => {
    if (step === undefined) return;
    const before = chosen.get(step);
    if (before === undefined && chosen.size >= most) return;
    chosen.set(step, before === undefined || before === '' ? why : `${why}, ${before}`);
  };
  const judged = known.filter((step) => step.judged);
  add(judged.at(-1) ?? known.at(-1), known.length === 1 ? '' : 'the newest');
  if (worst !== undefined) {
    add(
      known.find(({ step }) => step === worst.first),
      `where ${worst.criterion} first ${worst.level === 'error' ? 'failed' : 'warned'}`,
    );
  }
  if (known.length > 1) add(judged[0] ?? known[0], judged.length > 0 ? 'the first judged' : 'the first');
  return new Map([...chosen].sort(([a], [b]) => (a.step ?? 0) - (b.step ?? 0)));
}

/** Chooses the telling steps and a regular choice of the others, `most` together, in their order. */
export function spreadSteps<S extends ReportStep>(run: ReportRun, known: readonly S[], most: number): S[] {
  const chosen = new Set(tellingSteps(run, known, most).keys());
  const others = known.filter((step) => !chosen.has(step));
  for (const step of spread(others, most - chosen.size)) chosen.add(step);
  return known.filter((step) => chosen.has(step));
}

function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / most)] as T);
}
