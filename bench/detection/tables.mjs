import { median } from '../shared/median.mjs';

/** A collapse is seen in time where the first alert comes at most this many steps after its onset. */
export const IN_TIME = 400;

const SPLITS = { tuned: 'Runs the bounds were tuned on', 'held-out': 'Runs held out' };

/** Markdown of what each way of judging says of the labelled runs. */
export function tables(runs, judged) {
  const seen = Object.fromEntries(
    Object.entries(judged).map(([name, reports]) => [
      name,
      runs.map((run) => outcome(run, reports[run.name])),
    ]),
  );
  const sections = Object.entries(SPLITS).map(([split, title]) => {
    const rows = Object.entries(seen).map(([name, all]) =>
      summaryRow(
        name,
        all.filter((o) => o.run.split === split),
      ),
    );
    return `### ${title}: ${census(runs.filter((run) => run.split === split))}\n\n${table(SUMMARY, rows)}`;
  });
  const modes = [...new Set(runs.map((run) => run.mode))];
  const byMode = modes.map((mode) =>
    modeRow(
      mode,
      seen.jepa.filter((o) => o.run.mode === mode),
    ),
  );
  const rounds = [...new Set(runs.map((run) => run.round))];
  const byRound = rounds.map((round) => {
    const all = seen.jepa.filter((o) => o.run.round === round);
    return modeRow(shape(all[0].run), all);
  });
  return [
    ...sections,
    `### By round, \`jepa\`\n\n${table(['round', ...MODE.slice(1)], byRound)}`,
    `### By mode, \`jepa\`, all runs\n\n${table(MODE, byMode)}`,
    `### What \`jepa\` gets wrong\n\n${wrong(seen.jepa)}`,
    `### What \`jepa\` says of the ambiguous runs\n\n${ambiguous(seen.jepa)}`,
  ].join('\n\n');
}

/** What one way of judging made of one labelled run. */
export function outcome(run, report) {
  const judged = report.steps.filter((step) => step.judged);
  const alerting = judged.filter(({ alerts }) => alerts.length > 0);
  const first = alerting[0]?.step ?? null;
  const collapsed = run.onset_step != null;
  const lag = collapsed && first !== null ? first - run.onset_step : null;
  return {
    run,
    judged: judged.length,
    alerting,
    first,
    lag,
    name: report.diagnosis?.label ?? 'none',
    kind: run.outcome === 'ambiguous' ? 'ambiguous' : collapsed ? 'collapsed' : 'healthy',
    inTime: lag !== null && lag <= IN_TIME,
    named: run.either?.includes(report.diagnosis?.label) ?? false,
  };
}

const SUMMARY = [
  'preset',
  'collapses seen',
  `within ${IN_TIME} steps`,
  'lag in steps: median, largest',
  'in saved steps',
  'seen more than 400 before',
  'named rightly at the last step',
  'healthy runs with an alert',
  'alerts per healthy step judged',
];

function summaryRow(name, all) {
  const collapsed = all.filter(({ kind }) => kind === 'collapsed');
  const healthy = all.filter(({ kind }) => kind === 'healthy');
  const seen = collapsed.filter(({ lag }) => lag !== null);
  const lags = seen.map(({ lag }) => lag);
  const saved = seen.map(({ lag, run }) => lag / run.every);
  const steps = healthy.reduce((sum, { judged }) => sum + judged, 0);
  const alerts = healthy.reduce((sum, { alerting }) => sum + alerting.length, 0);
  return [
    `\`${name}\``,
    share(seen, collapsed),
    share(
      collapsed.filter(({ inTime }) => inTime),
      collapsed,
    ),
    spread(lags),
    spread(saved),
    String(lags.filter((lag) => lag < -IN_TIME).length),
    share(
      collapsed.filter(({ named }) => named),
      collapsed,
    ),
    share(
      healthy.filter(({ alerting }) => alerting.length > 0),
      healthy,
    ),
    `${alerts} of ${steps}`,
  ];
}

export const MODE = ['mode', 'runs', 'seen', `within ${IN_TIME}`, 'largest lag', 'named', 'false alarms'];

export function modeRow(mode, all) {
  const collapsed = all.filter(({ kind }) => kind === 'collapsed');
  const healthy = all.filter(({ kind }) => kind === 'healthy');
  const lags = collapsed.flatMap(({ lag }) => (lag === null ? [] : [lag]));
  return [
    mode,
    census(all.map(({ run }) => run)),
    share(
      collapsed.filter(({ lag }) => lag !== null),
      collapsed,
    ),
    share(
      collapsed.filter(({ inTime }) => inTime),
      collapsed,
    ),
    lags.length === 0 ? '' : String(Math.max(...lags)),
    share(
      collapsed.filter(({ named }) => named),
      collapsed,
    ),
    share(
      healthy.filter(({ alerting }) => alerting.length > 0),
      healthy,
    ),
  ];
}

/** What the runs of a round have in common. */
function shape({ data, dim, rows, every, split }) {
  return `${data}, ${rows}×${dim}, saved every ${every}, ${split}`;
}

function census(runs) {
  const count = (test) => runs.filter(test).length;
  const parts = [
    [count((run) => run.outcome === 'healthy'), 'healthy'],
    [count((run) => run.onset_step != null), 'collapsed'],
    [count((run) => run.outcome === 'ambiguous'), 'ambiguous'],
  ];
  return parts.flatMap(([n, what]) => (n > 0 ? [`${n} ${what}`] : [])).join(', ');
}

/** Every run with a false alarm, a miss, a late sight or a wrong name. */
function wrong(outcomes) {
  const rows = outcomes.flatMap((o) => {
    const faults = [];
    if (o.kind === 'healthy' && o.first !== null)
      faults.push(`false alarm at ${o.alerting.map(({ step }) => step).join(', ')}`);
    if (o.kind === 'healthy' && o.first === null && o.name !== 'healthy') faults.push(`named ${o.name}`);
    if (o.kind === 'collapsed' && o.first === null) faults.push('missed');
    if (o.lag !== null && !o.inTime) faults.push(`${o.lag} steps late`);
    if (o.lag !== null && o.lag < -IN_TIME) faults.push(`${-o.lag} steps before the onset`);
    if (o.kind === 'collapsed' && o.first !== null && !o.named) faults.push(`named ${o.name}`);
    if (faults.length === 0) return [];
    const onset = o.run.onset_step == null ? '' : ` from ${o.run.onset_step}`;
    return [
      [
        `${o.run.name}, ${o.run.data}, ${o.run.dim} dims, ${o.run.split}`,
        `${o.run.outcome}${onset}`,
        faults.join('; '),
        alertedBy(o),
      ],
    ];
  });
  return rows.length === 0 ? 'Nothing.' : table(['run', 'what became of it', 'fault', 'rules'], rows);
}

/** The rules that alert at any step. */
export function alertedBy({ alerting }) {
  const ids = alerting.flatMap(({ alerts }) => alerts.map(({ criterion }) => criterion.replace('jepa.', '')));
  return [...new Set(ids)].join(', ');
}

function ambiguous(outcomes) {
  const rows = outcomes
    .filter(({ kind }) => kind === 'ambiguous')
    .map((o) => [
      `${o.run.name}, ${o.run.data}, ${o.run.dim} dims`,
      o.run.why,
      o.name,
      o.first === null ? 'no alert' : `alerts from ${o.first}`,
    ]);
  return rows.length === 0
    ? 'There are none.'
    : table(['run', 'why ambiguous', 'its name at the last step', ''], rows);
}

function share(part, whole) {
  return whole.length === 0 ? '' : `${part.length} of ${whole.length}`;
}

function spread(numbers) {
  return numbers.length === 0 ? '' : `${median(numbers)}, ${Math.max(...numbers)}`;
}

export function table(head, rows) {
  return [head, head.map(() => ':--'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
