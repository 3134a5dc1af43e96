import { at, judgeOfSources, outcomeOf } from './leave-out.mjs';
import { CLEAR, table } from './tables.mjs';

/** Bounds are looked for between the bound and so many times less or more. */
const REACH = 32;
const HALVINGS = 12;

/**
 * Each run that is wrong beside the nearest one of the other label in its family, by the rule at hand: at which bound each
 * begins to alert, patience and second conditions as they are, and how many runs the bound would get wrong in its place.
 *
 * @param outcomes What the default made of `runs`, in their order.
 */
export async function nearest(runs, outcomes) {
  const judge = await judgeOfSources();
  const clear = runs.flatMap((run, i) => (CLEAR(outcomes[i]) ? [{ run, outcome: outcomes[i] }] : []));
  const alertsBy = (run, rule) => outcomeOf(run.label, [judge.alertsOf(run, rule)]).alerts;
  const rules = judge.rules.map((rule) => ({
    rule,
    seen: new Set(clear.filter(({ run }) => alertsBy(run, rule)).map(({ run }) => run)),
    bounds: new Map(),
  }));
  const isOf = (kind) => (one) => one.outcome.kind === kind;
  const [healthy, collapsed] = ['healthy', 'collapsed'].map((kind) => clear.filter(isOf(kind)));

  /** The multiple of the bound from which on a run alerts; null where none does. */
  const begins = (run, { rule, bounds }) => {
    if (!bounds.has(run))
      bounds.set(
        run,
        bisected((m) => alertsBy(run, moved(rule, m))),
      );
    return bounds.get(run);
  };
  const shown = (run, one) => {
    const m = begins(run, one);
    if (m === null) return '–';
    const { factor } = moved(one.rule, m);
    return String(Number(factor.toPrecision(factor > 0.9 && factor < 1 ? 5 : 3)));
  };
  const neighbour = (run, one, others) => {
    const own = Math.log(begins(run, one));
    const distances = others
      .filter((other) => other.run.label.family === run.label.family)
      .map((other) => ({ ...other, m: begins(other.run, one) }))
      .filter(({ m }) => m !== null)
      .map((other) => ({ ...other, distance: Math.abs(Math.log(other.m) - own) }));
    const [first] = distances.sort((a, b) => a.distance - b.distance);
    return first === undefined ? 'none' : `\`${first.run.label.name}\` ${shown(first.run, one)}`;
  };
  const name = ({ rule }) => rule.id.replace('jepa.', '');
  const beside = (run, one) => `${name(one)} ${shown(run, one)} (${one.rule.factor})`;
  const isOnlySeenBy = ({ run }, own) => rules.every((one) => own.includes(one) || !one.seen.has(run));

  const falseAlarms = healthy
    .filter(({ outcome }) => outcome.alerts)
    .map(({ run }) => {
      const own = rules.filter(({ seen }) => seen.has(run));
      const lost = collapsed.filter(
        (other) =>
          own.some(({ seen }) => seen.has(other.run)) &&
          isOnlySeenBy(other, own) &&
          own.every((one) => !(begins(other.run, one) < begins(run, one) * 0.999)),
      );
      return [
        ...heading(run),
        own.map((one) => beside(run, one)).join('<br>'),
        own.map((one) => neighbour(run, one, collapsed)).join('<br>'),
        own.length === 0 ? '' : String(lost.length),
      ];
    });
  const missed = collapsed
    .filter(({ outcome }) => !outcome.alerts)
    .map(({ run }) => {
      const costs = rules
        .filter((one) => begins(run, one) !== null)
        .map((one) => {
          const rule = moved(one.rule, begins(run, one) * 1.001);
          const more = healthy.filter((other) => !other.outcome.alerts && alertsBy(other.run, rule));
          return { one, more: more.length };
        });
      const [best] = costs.sort((a, b) => a.more - b.more || begins(run, a.one) - begins(run, b.one));
      if (best === undefined) return [...heading(run), 'no bound of any rule', '', ''];
      return [...heading(run), beside(run, best.one), neighbour(run, best.one, healthy), String(best.more)];
    });
  return [
    table(
      [
        'healthy run that alerts',
        '',
        'begins to alert at (bound)',
        'nearest collapse of its family',
        'collapses missed if spared',
      ],
      falseAlarms,
    ),
    table(
      [
        'collapse not seen',
        '',
        'would begin to alert at (bound)',
        'nearest healthy run of its family',
        'healthy runs that alert if seen',
      ],
      missed,
    ),
  ].join('\n\n');
}

function heading({ label }) {
  return [`\`${label.name}\``, `${label.family}, ${label.split}`];
}

/** The rule with a bound at which it alerts sooner the larger `m` is. */
function moved(rule, m) {
  return at(rule, rule.operator === '>' && rule.factor > 1 ? 1 / m : m);
}

function bisected(alerts) {
  let [low, high] = [1 / REACH, REACH];
  if (!alerts(high)) return null;
  if (alerts(low)) return low;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = Math.sqrt(low * high);
    if (alerts(middle)) high = middle;
    else low = middle;
  }
  return high;
}
