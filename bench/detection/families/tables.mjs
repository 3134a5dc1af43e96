import { median } from '../../shared/median.mjs';
import { counted } from './intervals.mjs';
import { SAVED_STEPS, STEPS } from './outcomes.mjs';

const HEAD = [
  '',
  'healthy that alert',
  'only warned',
  'collapses seen',
  'only warned',
  `in ${SAVED_STEPS} saved steps, in ${STEPS} steps`,
  'lag in saved steps: median, largest',
  'named rightly at the last step',
  'alarms before the collapse',
];

const SPLITS = {
  tuned: 'tuned',
  'held-out': 'held out: data, seeds and shapes',
  aside: 'a family aside',
  afterwards: 'a further family, judged once',
  fresh: 'three families later still, judged once',
  given: 'given',
};

/** How many runs there are of each outcome, by family, form and split. */
export function census(labels) {
  const key = ({ family, form, split }) => `${family}, ${form}, ${split}`;
  const outcomes = [...new Set(labels.map(({ outcome }) => outcome))].sort();
  const count = (of, outcome) => {
    const all = of.filter((label) => label.outcome === outcome);
    const edge = all.filter((label) => label.edge).length;
    return all.length === 0 ? '' : `${all.length}${edge > 0 ? ` (${edge} at the edge)` : ''}`;
  };
  const rows = [...new Set(labels.map(key))].sort().map((name) => {
    const of = labels.filter((label) => key(label) === name);
    return [name, ...outcomes.map((outcome) => count(of, outcome))];
  });
  return table(
    ['', ...outcomes],
    [...rows, ['**all of these**', ...outcomes.map((outcome) => count(labels, outcome))]],
  );
}

/** The tables of one way of judging: by split, by family and form, by outcome, by mode if asked, and every run it gets wrong. */
export function tables(outcomes, { modes = false, list = true } = {}) {
  const clear = outcomes.filter(({ label, kind }) => !label.edge && kind !== 'ambiguous');
  const edge = outcomes.filter(({ label }) => label.edge);
  const parts = [
    table(HEAD, [
      ...rowsBy(clear, ({ label }) => SPLITS[label.split] ?? label.split),
      row('**all of these**', clear),
      row('at the edge of a label', edge),
    ]),
    table(HEAD, rowsBy(clear, family)),
    table(
      HEAD,
      rowsBy(clear, ({ label }) => label.outcome),
    ),
  ];
  if (modes)
    parts.push(
      table(
        HEAD,
        rowsBy(clear, ({ label }) => `${label.family} ${label.mode}`),
      ),
    );
  if (list) parts.push(wrong(outcomes));
  return parts.join('\n\n');
}

export const CLEAR = ({ label, kind }) => !label.edge && kind !== 'ambiguous';

/** A row for each way of judging and split, of the runs that are at no edge. */
export function comparison(ways) {
  const rows = ways.flatMap(([name, outcomes]) =>
    Object.keys(SPLITS).flatMap((split) => {
      const own = outcomes.filter(CLEAR).filter(({ label }) => label.split === split);
      return own.length === 0 ? [] : [row(`${name}: ${SPLITS[split]}`, own)];
    }),
  );
  return table(HEAD, rows);
}

/** By family, form and split; then by what became of the runs; then those at the edge of a label. */
export function families(outcomes) {
  const clear = outcomes.filter(CLEAR);
  return [
    table(HEAD, rowsBy(clear, family)),
    table(
      HEAD,
      rowsBy(clear, ({ label }) => label.outcome),
    ),
    table(
      HEAD,
      rowsBy(
        outcomes.filter(({ label }) => label.edge),
        family,
      ),
    ),
  ].join('\n\n');
}

/** The columns of a group that was left out. */
export const LEFT = ['healthy that alert', 'collapses seen', 'in time', 'bounds that moved'];

export function leftRow(name, all, moved) {
  const healthy = all.filter(({ kind }) => kind === 'healthy');
  const collapsed = all.filter(({ kind }) => kind === 'collapsed');
  const of = (part, test) => (part.length === 0 ? '' : `${part.filter(test).length} of ${part.length}`);
  return [
    name,
    of(healthy, (o) => o.alerts),
    of(collapsed, (o) => o.alerts),
    of(collapsed, (o) => o.inSteps || o.inSavedSteps),
    moved.join(', '),
  ];
}

function family({ label }) {
  return `${label.family}, ${label.form}, ${label.split}`;
}

function rowsBy(all, key) {
  return [...new Set(all.map(key))].sort().map((name) =>
    row(
      name,
      all.filter((o) => key(o) === name),
    ),
  );
}

function row(name, all) {
  const healthy = all.filter(({ kind }) => kind === 'healthy');
  const collapsed = all.filter(({ kind }) => kind === 'collapsed');
  const lags = collapsed.flatMap(({ savedLag }) => (savedLag === null ? [] : [savedLag]));
  const count = (part, test) => part.filter(test).length;
  const late = `${count(collapsed, (o) => o.inSavedSteps)}, ${count(collapsed, (o) => o.inSteps)}`;
  return [
    name,
    counted(
      count(healthy, (o) => o.alerts),
      healthy.length,
    ),
    healthy.length === 0 ? '' : String(count(healthy, (o) => o.warns)),
    counted(
      count(collapsed, (o) => o.alerts),
      collapsed.length,
    ),
    collapsed.length === 0 ? '' : String(count(collapsed, (o) => o.warns)),
    collapsed.length === 0 ? '' : late,
    lags.length === 0 ? '' : `${tenths(median(lags))}, ${tenths(Math.max(...lags))}`,
    counted(
      count(collapsed, (o) => o.named),
      collapsed.length,
    ),
    collapsed.length === 0 ? '' : String(count(collapsed, (o) => o.early.length > 0)),
  ];
}

function tenths(x) {
  return Math.round(x * 10) / 10;
}

/** Every run with a false alarm, a miss, a late sight or a wrong name. A rule with `?` only warns. */
export function wrong(outcomes) {
  const rows = outcomes.flatMap((o) => {
    const faults = faultsOf(o);
    if (faults.length === 0) return [];
    const { label, kind } = o;
    const onset = kind === 'collapsed' ? ` from ${label.onset_step}` : '';
    const where = [label.data, label.dim && `${label.dim} dims`, label.split, label.edge && 'edge'];
    return [
      [
        label.name,
        where.filter(Boolean).join(', '),
        `${label.outcome}${onset} of ${label.steps.at(-1)}`,
        faults.join('; '),
        o.rules.join(', '),
      ],
    ];
  });
  return rows.length === 0
    ? 'No run is wrong.'
    : table(['run', '', 'what became of it', 'fault', 'rules'], rows);
}

function faultsOf(o) {
  const faults = [];
  if (o.kind === 'healthy' && o.alerts)
    faults.push(`false alarm at ${o.errors.length} of ${o.judged} steps, first ${o.errors[0]}`);
  if (o.kind !== 'collapsed') return faults;
  if (!o.alerts) faults.push(o.warns ? 'only warned' : 'missed');
  if (o.alerts && !o.inSavedSteps && !o.inSteps) faults.push(`${o.lag} steps late`);
  if (o.early.length > 0) faults.push(`alarm at ${o.early[0]}, before the collapse`);
  if (!o.named) faults.push(`named ${o.name}`);
  return faults;
}

export function table(head, rows) {
  return [head, head.map(() => ':--'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
