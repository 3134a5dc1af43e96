// Leave one mode out: `node bench/detection/tune.mjs OUT [--write] [--now]`. Chooses the bounds of `jepa` anew from the
// tuned runs without one mode, judges all runs of that mode by them, and does so for every mode. --now judges with the bounds as they
// stand. Needs what report.mjs measured.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleRules } from './bundle-rules.mjs';
import { splice } from './splice.mjs';
import { alertedBy, MODE, modeRow, outcome, table, tables } from './tables.mjs';

const [out, ...flags] = process.argv.slice(2);
const { RuleSeries, Diagnoser, jepaRules } = await bundleRules();
const runs = loadRuns();

/** Bounds are tried at these multiples of what they are, on the side of 1 or 0 they are measured from. */
const STEPS = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4, 1.6, 2];
const COST = { falseAlarm: 10, falseStep: 0.5, missed: 5, late: 3, early: 1, misnamed: 1, lag: 0.05 };

const memory = new Map();

function remember(key, make) {
  if (!memory.has(key)) memory.set(key, make());
  return memory.get(key);
}

const shipped = jepaRules();
if (flags.includes('--now')) {
  console.log(tables(runs, { jepa: Object.fromEntries(runs.map((run) => [run.name, judge(run, shipped)])) }));
} else {
  const modes = [...new Set(runs.map(({ mode }) => mode))];
  const left = modes.map((mode) => {
    const rules = tune(runs.filter((run) => run.split === 'tuned' && run.mode !== mode));
    const moved = rules.flatMap((rule, i) =>
      rule.factor === shipped[i].factor ? [] : [`${rule.id.slice(5)} ${rule.factor}`],
    );
    console.error(mode, moved.join(', '));
    return {
      mode,
      all: runs.filter((run) => run.mode === mode).map((run) => outcome(run, judge(run, rules))),
    };
  });
  const rows = left.map(({ mode, all }) => modeRow(mode, all));
  const whole = left.flatMap(({ all }) => all);
  const falseAlarms = left.flatMap(({ all }) =>
    all.filter(({ kind, first }) => kind === 'healthy' && first !== null),
  );
  const text = [
    table(MODE, [...rows, modeRow('**in all**', whole)]),
    `False alarms: ${falseAlarms.map((o) => `\`${o.run.name}\` (${alertedBy(o)})`).join(', ') || 'none'}.`,
  ].join('\n\n');
  console.log(text);
  if (flags.includes('--write')) splice('docs/detection.md', 'leave one mode out', text);
}

function loadRuns() {
  const read = (name) => JSON.parse(readFileSync(join(out, name), 'utf8'));
  const labels = read('labels.json');
  return read('manifest.json').runs.flatMap((config) => {
    const file = join(out, 'records', `${config.name}.ndjson`);
    if (labels[config.name]?.steps === undefined || !existsSync(file)) return [];
    const records = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const steps = records.filter(({ type, step }) => type === 'step' && step > 0);
    return [{ ...config, ...labels[config.name], name: config.name, records: steps }];
  });
}

/** A report's run, as far as `outcome` reads it. Rules do not see each other, so each is judged by itself, once a bound. */
function judge(run, rules) {
  const alerting = rules.map((rule) => alertSteps(run, rule));
  const steps = run.records.map(({ step }, at) => ({
    step,
    judged: true,
    alerts: rules.filter((_, i) => alerting[i].has(at)).map(({ id }) => ({ criterion: id })),
  }));
  return { steps, diagnosis: { label: name(run, rules, steps.at(-1)?.alerts ?? []) } };
}

function alertSteps(run, rule) {
  return remember(`${run.name} ${rule.id} ${rule.factor}`, () => {
    const series = new RuleSeries([rule]);
    const steps = new Set();
    for (const [at, { step, metrics: values, unavailable }] of run.records.entries()) {
      if (series.judge({ step, values, unavailable }).alerts.length > 0) steps.add(at);
    }
    return steps;
  });
}

/** The name at the last step: it follows from what alerts there, and where nothing does, from what waits. */
function name(run, rules, alerts) {
  const ids = alerts.map(({ criterion }) => criterion).join(' ');
  const key = ids === '' ? rules.map(({ factor }) => factor).join(' ') : ids;
  return remember(`${run.name} named ${key}`, () => {
    const diagnoser = new Diagnoser(rules);
    for (const { step, metrics: values, unavailable } of run.records) {
      diagnoser.judge({ step, values, unavailable });
    }
    return diagnoser.run.label;
  });
}

function cost(training, rules) {
  return training.reduce((sum, run) => {
    const o = outcome(run, judge(run, rules));
    if (o.kind === 'healthy')
      return sum + (o.first === null ? 0 : COST.falseAlarm + COST.falseStep * o.alerting.length);
    if (o.kind === 'ambiguous') return sum;
    if (o.lag === null) return sum + COST.missed;
    const lag = COST.lag * Math.max(0, o.lag / run.every);
    return (
      sum + lag + (o.inTime ? 0 : COST.late) + (o.lag < -400 ? COST.early : 0) + (o.named ? 0 : COST.misnamed)
    );
  }, 0);
}

/** One bound after the other, from where they stand; of values that cost the same, the middle one. */
function tune(training) {
  let rules = shipped;
  for (const [i, rule] of shipped.entries()) {
    if (rule.factor === 0) continue;
    const tried = STEPS.map((m) => {
      // A bound just below 1 is measured from 1.
      const factor = rule.factor > 0.9 && rule.factor < 1 ? 1 - (1 - rule.factor) * m : rule.factor * m;
      const next = rules.with(i, { ...rules[i], factor });
      return { next, cost: cost(training, next) };
    });
    const least = Math.min(...tried.map((t) => t.cost)) + 1e-9;
    const best = tried.filter((t) => t.cost <= least);
    rules = best[Math.floor(best.length / 2)].next;
  }
  return rules;
}
