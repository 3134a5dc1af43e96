import type { ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportAlert, ReportHeld, ReportRun, ReportStep } from '#report/types.js';
import type { Failing, Level, Line, LineKind } from './draw/chart.js';

/** Failures closer than this share of the steps are one. */
const CLOSE = 1 / 300;

/** Where the steps of a run are: their numbers, or their places where one has none. */
export function stepsOf({ steps }: ReportRun): number[] {
  return steps.map(({ step }, i) => step ?? i);
}

/** A metric over the steps of a run; of a rule over horizons, the values at its worst horizon beside it. */
export function metricLines(run: ReportRun, id: ReportMetricId, kind: LineKind): Line[] {
  const x = stepsOf(run);
  const own: Line = { name: id, kind, x, y: run.steps.map(({ metrics }) => metrics[id] ?? null) };
  const worst = run.steps.map((step) => findingsOf(step, id).find(({ horizon }) => horizon !== undefined));
  if (worst.every((finding) => finding === undefined)) return [own];
  const y = worst.map((finding) => finding?.value ?? null);
  return [own, { name: `${id}, worst horizon`, kind: 'horizon', x, y }];
}

/** The bound of each rule that was applied to a metric, a line each, and the baseline of the mean distance. */
export function boundLines(run: ReportRun, id: ReportMetricId, { rules }: Pick<Report, 'rules'>): Line[] {
  const x = stepsOf(run);
  const found = run.steps.map((step) => findingsOf(step, id));
  const isOfReference = (id: string) => rules.find((rule) => rule.id === id)?.preset === 'reference';
  const all = new Set(found.flatMap((own) => own.map(({ criterion }) => criterion)));
  const criteria = [...all].filter((id) => !isOfReference(id));
  const lines = criteria.map((id): Line => {
    const rule = rules.find((one) => one.id === id);
    const y = found.map((own) => own.find(({ criterion }) => criterion === id)?.threshold ?? null);
    const kind = rule?.level === 'warn' ? 'warning-bound' : 'bound';
    return withoutLevels({ name: ruleName(id, rule?.preset), rule: id, kind, x, y });
  });
  const baseline = id === 'pairwise_pred_dist_mean' ? run.baseline?.pairwise_pred_dist_mean : undefined;
  const band = referenceLines(run, id);
  if (baseline === undefined) return [...lines, ...band];
  return [
    ...lines,
    ...band,
    withoutLevels({ name: 'baseline', kind: 'baseline', x, y: x.map(() => baseline) }),
  ];
}

/** The median of a reference over the steps, and where its band ends; none without one. */
function referenceLines(run: ReportRun, id: ReportMetricId): Line[] {
  const x = stepsOf(run);
  const own = run.steps.map(({ reference }) => reference?.metrics[id]);
  const line = (name: string, kind: LineKind, y: Line['y']): Line[] =>
    y.every((value) => value === null) ? [] : [{ name, kind, x, y }];
  return [
    ...line(
      'reference',
      'reference',
      own.map((at) => at?.reference ?? null),
    ),
    ...line(
      'outside reference',
      'reference-bound',
      own.map((at) => at?.bound ?? null),
    ),
  ];
}

function findingsOf({ alerts, held }: ReportStep, id: ReportMetricId): ReportHeld[] {
  return [...alerts, ...held].filter(({ metric }) => metric === id);
}

/** A rule's name without its preset; that of the reference's rules is their metric's. */
function ruleName(id: string, preset: string | undefined): string {
  if (preset === undefined) return id;
  return id.startsWith(`${preset}.`) ? id.slice(preset.length + 1) : `${preset} bound`;
}

/** Keeps of each level stretch the ends: a bound rarely moves. */
function withoutLevels(line: Line): Line {
  const { x, y } = line;
  const kept = [...y.keys()].filter(
    (i) => i === 0 || i === y.length - 1 || y[i] !== y[i - 1] || y[i] !== y[i + 1],
  );
  return { ...line, x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
}

/** The steps at which a rule on one of the metrics failed, those in a row together. */
export function failingSteps(run: ReportRun, ids: readonly ReportMetricId[]): Failing[] {
  const x = stepsOf(run);
  const close = (x.at(-1)! - x[0]!) * CLOSE;
  const levels = run.steps.map(({ alerts }) =>
    worstLevel(alerts.filter(({ metric }) => ids.includes(metric))),
  );
  const middle = (i: number, j: number) => (x[Math.max(0, i)]! + x[Math.min(x.length - 1, j)]!) / 2;
  return (['error', 'warn'] as const).flatMap((level) => {
    const spans: Failing[] = [];
    for (const [i, own] of levels.entries()) {
      if (own !== level) continue;
      const [from, to] = [middle(i - 1, i), middle(i, i + 1)];
      const before = spans.at(-1);
      if (before !== undefined && from - before.to <= close) spans[spans.length - 1] = { ...before, to };
      else spans.push({ level, from, to, first: x[i]! });
    }
    return spans;
  });
}

function worstLevel(alerts: readonly ReportAlert[]): Level | undefined {
  return alerts.find(({ level }) => level === 'error')?.level ?? alerts[0]?.level;
}
