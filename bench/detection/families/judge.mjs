// What a build's presets see of the families: `node bench/detection/families/judge.mjs [FOLDER…] [options]`.
// A FOLDER is data/ beside this file (the default), an OUT of train.py, or one with labels.json and a directory a run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { labelsOf } from './labels.mjs';
import { outcome } from './outcomes.mjs';
import { collapse, measured, readLines } from './records.mjs';
import { census, tables } from './tables.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bin: { type: 'string', default: 'bin/collapse.js' }, // whose rules judge
    preset: { type: 'string', default: 'default,jepa,rfc-0005' },
    split: { type: 'string', default: 'tuned,held-out,given' }, // or aside, which is not looked at while tuning
    only: { type: 'string', default: '' }, // parts of runs' names, separated by commas
    modes: { type: 'boolean' }, // a row a mode too
    summary: { type: 'boolean' }, // without the list of runs
    cache: { type: 'string', default: join(tmpdir(), 'collapse-families') }, // of what has to be measured
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const runs = (positionals.length > 0 ? positionals : [join(here, 'data')])
  .flatMap((folder) => load(resolve(folder)))
  .filter(({ label }) => values.split.split(',').includes(label.split))
  .filter(({ label }) => values.only.split(',').some((part) => label.name.includes(part)));
const input = runs.flatMap((run) => run.records.map((record) => `${JSON.stringify(record)}\n`)).join('');

console.log(
  `# What ${collapse(values.bin, ['--version']).stdout.trim()} sees of ${runs.length} runs\n\n${census(runs.map(({ label }) => label))}\n`,
);

for (const preset of values.preset.split(',')) {
  const flags = preset === 'default' ? [] : ['--preset', preset];
  const { status, stdout, stderr } = collapse(values.bin, ['gate', '-', ...flags, '--json'], input);
  if (!stdout.startsWith('{')) throw new Error(`gate ${flags.join(' ')} exited ${status}: ${stderr}`);
  const reports = new Map(JSON.parse(stdout).runs.map((run) => [run.run, run]));
  const without = runs.filter(({ id }) => !reports.has(id));
  if (without.length > 0)
    throw new Error(`gate told nothing of ${without.length} runs, as ${without[0].id}: ${stderr}`);
  const outcomes = runs.map(({ label, id }) => outcome(label, reports.get(id)));
  console.log(`## ${preset}\n\n${tables(outcomes, { modes: values.modes, list: !values.summary })}\n`);
}

/** The labelled runs of a folder, with the records that `gate` reads under an id of their own. */
function load(folder) {
  const { labels, records } = existsSync(join(folder, 'labels.json'))
    ? loadLabelled(folder)
    : loadKept(folder);
  return labels.flatMap((label) => {
    const id = `${basename(folder)}/${label.name}`;
    const steps = records.get(label.name);
    return steps === undefined
      ? []
      : [{ id, label, records: steps.map((record) => ({ ...record, run: id })) }];
  });
}

function loadKept(folder) {
  const families = readdirSync(folder).filter((name) => name.endsWith('.labels.ndjson'));
  if (families.length === 0) {
    const labels = labelsOf(folder);
    return { labels, records: measured(values.bin, join(folder, 'runs'), labels, join(folder, 'records')) };
  }
  const records = new Map();
  for (const name of families) {
    const kept = readLines(join(folder, name.replace('.labels.ndjson', '.records.ndjson.gz')));
    for (const record of kept) records.set(record.run, [...(records.get(record.run) ?? []), record]);
  }
  return { labels: families.flatMap((name) => readLines(join(folder, name))), records };
}

/** Runs with a labels.json of names: outcome, either, onset_step, steps, form, and what else there is. */
function loadLabelled(folder) {
  const labels = Object.entries(JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'))).map(
    ([name, label]) => ({
      split: 'given',
      family: basename(folder),
      data: '',
      dim: '',
      ...label,
      name,
      every: label.steps[1] - label.steps[0],
    }),
  );
  const there = new Set(readdirSync(folder));
  const runs = labels.filter(({ name }) => there.has(name));
  return {
    labels: runs,
    records: measured(
      values.bin,
      folder,
      runs,
      join(values.cache, basename(dirname(folder)), basename(folder)),
    ),
  };
}
