import { rolldown } from 'rolldown';
import { SOURCES } from '../../../scripts/build/sources.mjs';
import { textFiles } from '../../../scripts/build/text-files.mjs';
import { outcome } from './outcomes.mjs';
import { LEFT, leftRow, table } from './tables.mjs';

/** Bounds are tried at these multiples of what they are; what is nearer to 1 than a tenth is measured from there. */
const MULTIPLES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4, 1.6, 2];
const COST = { falseAlarm: 10, missed: 5, late: 3 };

/**
 * For each group of runs: every bound of `jepa` chosen anew from the tuned runs of all other groups, then the runs of the
 * group judged by those bounds. Shapes, patience and second conditions stay as they are: a test of the bounds alone.
 */
export async function leaveOut(runs, groupOf, what, { showsBounds }) {
  const judge = await judgeOfSources();
  const clear = runs.filter(({ label }) => !label.edge && label.outcome !== 'ambiguous');
  const alerts = clear.map((run) =>
    judge.rules.map((rule) => MULTIPLES.map((m) => judge.alertsOf(run, at(rule, m)))),
  );
  const shipped = judge.rules.map(() => MULTIPLES.indexOf(1));
  const outcomeBy = (i, bounds) =>
    outcomeOf(
      clear[i].label,
      bounds.map((m, r) => alerts[i][r][m]),
    );
  const groups = [...new Set(clear.map(groupOf))].sort();
  const all = [];
  const rows = groups.map((group) => {
    const training = clear.flatMap((run, i) =>
      groupOf(run) !== group && run.label.split === 'tuned' ? [i] : [],
    );
    const bounds = chosen(shipped, (tried) => sum(training, (i) => cost(outcomeBy(i, tried))));
    const left = clear.flatMap((run, i) => (groupOf(run) === group ? [outcomeBy(i, bounds)] : []));
    all.push(...left);
    const moved = bounds.flatMap((m, r) =>
      m === shipped[r] ? [] : [shown(at(judge.rules[r], MULTIPLES[m]))],
    );
    return leftRow(group, left, showsBounds ? moved : []);
  });
  const now = clear.map((_, i) => outcomeBy(i, shipped));
  return table(
    [what, ...LEFT],
    [...rows, leftRow('**in all**', all, []), leftRow('with the bounds as they are', now, [])],
  );
}

/** One bound after the other; of multiples that cost the same, the one nearest to the middle of them. */
function chosen(shipped, costOf) {
  let bounds = shipped;
  for (const r of shipped.keys()) {
    const tried = MULTIPLES.map((_, m) => bounds.with(r, m));
    const costs = tried.map(costOf);
    const least = Math.min(...costs) + 1e-9;
    const best = tried.filter((_, m) => costs[m] <= least);
    bounds = best[Math.floor(best.length / 2)];
  }
  return bounds;
}

function cost({ kind, alerts, inSteps, inSavedSteps }) {
  if (kind === 'healthy') return alerts ? COST.falseAlarm : 0;
  if (!alerts) return COST.missed;
  return inSteps || inSavedSteps ? 0 : COST.late;
}

function sum(list, of) {
  return list.reduce((total, item) => total + of(item), 0);
}

export function at(rule, multiple) {
  const { factor } = rule;
  // A bound just below 1 is measured from 1.
  return { ...rule, factor: factor > 0.9 && factor < 1 ? 1 - (1 - factor) * multiple : factor * multiple };
}

function shown({ id, factor }) {
  return `${id.replace('jepa.', '')} ${Number(factor.toPrecision(3))}`;
}

export function outcomeOf(label, alerting) {
  const steps = label.steps.map((step) => ({
    step,
    judged: step > 0,
    alerts: alerting.some((of) => of.has(step)) ? [{ level: 'error', criterion: '' }] : [],
  }));
  return outcome(label, { steps });
}

/** The rules of the sources as they stand, without a build, each by itself: they do not see each other. */
export async function judgeOfSources() {
  const { RuleSeries, jepaRules, rulesOfRun, rulesOfHorizons, MIN_HORIZON_ROWS, horizonValues } =
    await bundle();
  const rules = jepaRules().filter(({ level, factor }) => level === 'error' && factor !== 0);
  const alertsOf = ({ label, records }, rule) => {
    const hasTarget = label.form !== 'alone';
    const own = rulesOfRun([rule], { hasTarget, isByHand: false });
    const series = new RuleSeries(own);
    const horizons = new RuleSeries(records.some((record) => record.horizons) ? rulesOfHorizons(own) : []);
    const steps = new Set();
    for (const record of records) {
      const { step, metrics: values } = record;
      const each = { step, values: {}, horizons: horizonValues(record) };
      if (step === 0) {
        series.noteUntrained({ values });
        horizons.noteUntrained(each);
        continue;
      }
      const found = horizons
        .judge(each)
        .alerts.some(({ horizon }) => record.horizons.rows[horizon - 1] >= MIN_HORIZON_ROWS);
      if (series.judge({ step, values }).alerts.length > 0 || found) steps.add(step);
    }
    return steps;
  };
  return { rules, alertsOf };
}

async function bundle() {
  const entry = `
    export { RuleSeries } from './src/rules/series/series.ts';
    export { jepaRules } from './src/rules/presets/jepa.ts';
    export { rulesOfRun } from './src/rules/presets/rules-of-run.ts';
    export { MIN_HORIZON_ROWS, rulesOfHorizons } from './src/rules/presets/rules-of-horizons.ts';
    export { horizonValues } from './src/judge/judge-horizons.ts';`;
  const path = `${process.cwd()}/rules.ts`;
  const built = await rolldown({
    input: 'rules',
    platform: 'node',
    resolve: SOURCES,
    logLevel: 'silent',
    plugins: [
      textFiles,
      {
        name: 'entry',
        resolveId: (id) => (id === 'rules' ? path : null),
        load: (id) => (id === path ? entry : null),
      },
    ],
  });
  const { output } = await built.generate({ format: 'esm', codeSplitting: false });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
