// What references of 3, 9 and 19 seeds make of further seeds of a recipe and of what collapses in the same world, beside jepa:
// `node bench/detection/normal/judge.mjs [--bin bin/collapse.js] [--splits 50] [--cache FILE] [--write]`. --write puts the tables into
// docs/normal.md; a cache of tallies lets the recipes be judged a few at a time, with --most.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../../shared/median.mjs';
import { counted, interval } from '../families/intervals.mjs';
import { BEFORE } from '../families/outcomes.mjs';
import { collapse, readLines } from '../families/records.mjs';
import { table } from '../families/tables.mjs';
import { keptRun, recordsOf } from './runs.mjs';

const { values } = parseArgs({
  options: {
    bin: { type: 'string', default: 'bin/collapse.js' },
    splits: { type: 'string', default: '50' },
    cache: { type: 'string', default: '' },
    most: { type: 'string', default: '1000' }, // recipes to judge now
    write: { type: 'boolean' },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const { ReferenceSeries, METRICS } = await import(
  pathToFileURL(join(dirname(values.bin), '..', 'dist', 'index.js'))
);
const SIZES = [3, 9, 19];
/** Each further run is judged at the level that so many can keep. */
const HELD_OUT = 20;
const SPLITS = Number(values.splits);

const seeds = ['perceptrons', 'families'].flatMap((name) => {
  const file = join(here, 'data', `${name}.ndjson.gz`);
  return existsSync(file) ? readLines(file).map((run) => ({ ...run, set: name })) : [];
});
const others = otherModes();
const jepa = alertsOfJepa([...seeds, ...others]);
const known =
  values.cache !== '' && existsSync(values.cache) ? JSON.parse(readFileSync(values.cache, 'utf8')) : {};
let left = Number(values.most);
const recipes = [...new Set(seeds.map(({ recipe }) => recipe))].flatMap((recipe) => {
  const about = aboutRecipe(recipe);
  const id = `${recipe} ${about.healthy.length} ${about.collapsed.length} ${SPLITS}`;
  if (known[id] === undefined && left-- <= 0) return [];
  known[id] ??= tallies(recipe, about);
  if (values.cache !== '') writeFileSync(values.cache, JSON.stringify(known));
  return [{ recipe, ...about, bySize: known[id] }];
});
const text = [falseAlarms(), collapses()].join('\n\n');
if (values.write) write(text);
else console.log(text);

/** The runs of all other modes in the worlds of the seeds, as the folder beside keeps them. */
function otherModes() {
  const data = join(here, '..', 'families', 'data');
  const worlds = new Set(seeds.filter(({ set }) => set === 'perceptrons').map(shapeOf));
  const records = new Map();
  for (const record of readLines(join(data, 'mlp.records.ndjson.gz'))) {
    records.set(record.run, [...(records.get(record.run) ?? []), record]);
  }
  return readLines(join(data, 'mlp.labels.ndjson'))
    .map(({ name, mode, data: world, dim, every, outcome, onset_step = null }) =>
      keptRun(
        {
          name,
          recipe: '',
          world: `${world}, ${dim} dims`,
          mode,
          every,
          form: 'rows',
          outcome,
          onset_step,
          set: 'perceptrons',
        },
        records.get(name),
      ),
    )
    .filter((run) => worlds.has(shapeOf(run)));
}

function shapeOf({ world, rows, every }) {
  return `${world} ${rows} ${every}`;
}

/** By run, the steps at which jepa alerts at level error. */
function alertsOfJepa(runs) {
  const input = runs
    .flatMap(recordsOf)
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
  const { stdout, stderr } = collapse(values.bin, ['gate', '-', '--preset', 'jepa', '--json'], input);
  if (!stdout.startsWith('{')) throw new Error(stderr);
  const steps = ({ steps }) =>
    steps.flatMap(({ step, alerts }) => (alerts.some(({ level }) => level === 'error') ? [step] : []));
  return new Map(JSON.parse(stdout).runs.map((run) => [run.run, steps(run)]));
}

/** The steps at which a run is outside of some others. */
function outsideOf(run, reference) {
  const series = new ReferenceSeries(reference);
  return run.steps.flatMap((step, i) => {
    const metrics = Object.fromEntries(Object.entries(run.metrics).map(([id, all]) => [id, all[i]]));
    return series.next(step, metrics).lasts >= 2 ? [step] : [];
  });
}

/** A run as `calibrate` keeps it: without step 0. */
function curvesOf({ name, steps, metrics }) {
  const isKept = (_, i) => steps[i] > 0;
  const kept = Object.entries(metrics).map(([id, all]) => [id, all.filter(isKept)]);
  return { run: name, steps: steps.filter(isKept), errors: {}, metrics: Object.fromEntries(kept) };
}

/** The runs of a recipe, and those that collapse in its world. */
function aboutRecipe(recipe) {
  const own = seeds.filter((run) => run.recipe === recipe && run.mode === '');
  const healthy = own.filter(({ outcome }) => outcome === 'healthy');
  const [{ world, set }] = own;
  const shape = shapeOf(own[0]);
  const collapsed = [...others, ...seeds.filter((run) => run.recipe === recipe && run.mode !== '')].filter(
    (run) => run.set === set && shapeOf(run) === shape && run.form === own[0].form && isCollapsed(run),
  );
  const foreign = others.filter((run) => shapeOf(run) === shape && run.outcome === 'healthy');
  return { world, set, healthy, collapsed, foreign };
}

/** By size of the reference: how many further seeds are outside, which collapses are seen and how late, how many other recipes are outside. */
function tallies(recipe, { healthy, collapsed, foreign }) {
  const metrics = Object.keys(METRICS).filter((id) => healthy.every((run) => run.metrics[id] !== undefined));
  const dice = diceOf(recipe);
  return SIZES.map((n) => {
    const tally = { outside: 0, judged: 0, foreign: 0, foreignJudged: 0, seen: {}, lags: [] };
    for (let split = 0; split < SPLITS; split++) {
      const shuffled = shuffle(healthy, dice);
      const runs = shuffled.slice(0, n).map(curvesOf);
      const reference = { runs, metrics, alpha: 1 / (n + 1) };
      const prepared = new ReferenceSeries(reference).runs;
      for (const run of shuffled.slice(n, n + HELD_OUT)) {
        tally.judged++;
        if (outsideOf(run, prepared).length > 0) tally.outside++;
      }
      for (const run of collapsed) {
        const steps = outsideOf(run, prepared).filter((step) => step >= run.onset_step - BEFORE * run.every);
        if (steps.length === 0) continue;
        tally.seen[run.name] = (tally.seen[run.name] ?? 0) + 1;
        tally.lags.push((steps[0] - run.onset_step) / run.every);
      }
      for (const run of split < 20 ? foreign : []) {
        tally.foreignJudged++;
        if (outsideOf(run, prepared).length > 0) tally.foreign++;
      }
    }
    return tally;
  });
}

function isCollapsed({ outcome }) {
  return outcome !== 'healthy' && outcome !== 'ambiguous';
}

function falseAlarms() {
  const head = [
    'recipe',
    'world',
    'healthy seeds',
    '`jepa` alerts',
    ...SIZES.map((n) => `outside of ${n} (at most ${percent(1 / (n + 1))})`),
  ];
  const rateOf = ({ outside, judged }) => outside / judged;
  const rows = recipes.map(({ recipe, world, healthy, bySize }) => [
    `\`${recipe}\``,
    world,
    String(healthy.length),
    String(healthy.filter(({ name }) => jepa.get(name).length > 0).length),
    ...bySize.map((tally) => shareText(rateOf(tally), healthy.length)),
  ]);
  const all = recipes.flatMap(({ healthy }) => healthy);
  rows.push([
    '**all**',
    '',
    String(all.length),
    counted(all.filter(({ name }) => jepa.get(name).length > 0).length, all.length),
    ...SIZES.map((_, i) => {
      const share =
        recipes.reduce((sum, { bySize, healthy }) => sum + rateOf(bySize[i]) * healthy.length, 0) /
        all.length;
      return shareText(share, all.length);
    }),
  ]);
  return `### Further healthy seeds of the recipe\n\n${table(head, rows)}`;
}

function collapses() {
  const head = [
    'recipe',
    'collapsed runs',
    'seen by `jepa`',
    'lag',
    ...SIZES.flatMap((n) => [`outside of ${n}`, 'lag']),
    'healthy runs of other recipes, outside of 3, 9, 19',
  ];
  const rows = recipes.map(({ recipe, collapsed, bySize }) => {
    const byJepa = collapsed.map((run) => {
      const first = jepa.get(run.name).find((step) => step >= run.onset_step - BEFORE * run.every);
      return first === undefined ? null : (first - run.onset_step) / run.every;
    });
    const lags = byJepa.filter((lag) => lag !== null);
    return [
      `\`${recipe}\``,
      String(collapsed.length),
      String(lags.length),
      lagText(lags),
      ...bySize.flatMap(({ seen, lags: all }) => [seenText(seen, collapsed.length), lagText(all)]),
      bySize
        .map(({ foreign, foreignJudged }) => (foreignJudged === 0 ? '' : percent(foreign / foreignJudged)))
        .join(', ')
        .replace(/^(, )+$/, ''),
    ];
  });
  return `### Collapses of the same world\n\n${table(head, rows)}`;
}

/** How many runs a split sees in the mean, and how many every split does. */
function seenText(seen, count) {
  if (count === 0) return '';
  const sum = Object.values(seen).reduce((total, n) => total + n, 0) / SPLITS;
  const always = Object.values(seen).filter((n) => n === SPLITS).length;
  return always === count ? `all ${count}` : `${sum.toFixed(1)} of ${count}, ${always} always`;
}

function lagText(lags) {
  if (lags.length === 0) return '';
  const worst = lags.reduce((most, lag) => Math.max(most, lag), Number.NEGATIVE_INFINITY);
  return `${tenth(median(lags))}, ${tenth(worst)}`;
}

/** A share of splits, with the interval of as many seeds as there are: splits share them. */
function shareText(share, count) {
  const [low, high] = interval(Math.round(share * count), count);
  return `${percent(share)} (${Math.round(low * 100)}–${Math.round(high * 100)} %)`;
}

function percent(share) {
  return `${tenth(share * 100)} %`;
}

function tenth(x) {
  return Math.round(x * 10) / 10;
}

/** Numbers in [0, 1) that follow from a text: mulberry32. */
function diceOf(text) {
  let state = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffle(list, dice) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(dice() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

function write(tables) {
  const path = join(here, '..', '..', '..', 'docs', 'normal.md');
  const before = readFileSync(path, 'utf8');
  const marked = before.replace(
    /(<!-- references: begin -->\n)[\s\S]*?(<!-- references: end -->)/,
    (_, begin, end) => `${begin}\n${tables}\n\n${end}`,
  );
  writeFileSync(path, marked);
}
