import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labelsOf } from './labels.mjs';
import { outcome } from './outcomes.mjs';
import { collapse, measured, readLines } from './records.mjs';

/** What is kept here: labels and records of every family. */
export const DATA = join(dirname(fileURLToPath(import.meta.url)), 'data');

/** The labelled runs of a folder, with the records that `gate` reads under an id of their own. */
export function loadRuns(folder, { bin, cache }) {
  const { labels, records } = existsSync(join(folder, 'labels.json'))
    ? loadLabelled(folder, bin, cache)
    : loadKept(folder, bin);
  return labels.flatMap((label) => {
    const id = `${basename(folder)}/${label.name}`;
    const steps = records.get(label.name);
    return steps === undefined
      ? []
      : [{ id, label, records: steps.map((record) => ({ ...record, run: id })) }];
  });
}

function loadKept(folder, bin) {
  const families = readdirSync(folder).filter((name) => name.endsWith('.labels.ndjson'));
  if (families.length === 0) {
    const labels = labelsOf(folder);
    return { labels, records: measured(bin, join(folder, 'runs'), labels, join(folder, 'records')) };
  }
  const records = new Map();
  for (const name of families) {
    const kept = readLines(join(folder, name.replace('.labels.ndjson', '.records.ndjson.gz')));
    for (const record of kept) records.set(record.run, [...(records.get(record.run) ?? []), record]);
  }
  return { labels: families.flatMap((name) => readLines(join(folder, name))), records };
}

/** Runs with a labels.json of names: outcome, either, onset_step, steps, form, and what else there is. */
function loadLabelled(folder, bin, cache) {
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
  const kept = join(cache, basename(dirname(folder)), basename(folder));
  return { labels: runs, records: measured(bin, folder, runs, kept) };
}

/** What a build makes of runs: their outcomes under `default` or the preset of that name. */
export function judged(runs, preset, bin) {
  const input = runs.flatMap((run) => run.records.map((record) => `${JSON.stringify(record)}\n`)).join('');
  const flags = preset === 'default' ? [] : ['--preset', preset];
  const { status, stdout, stderr } = collapse(bin, ['gate', '-', ...flags, '--json'], input);
  if (!stdout.startsWith('{')) throw new Error(`gate ${flags.join(' ')} exited ${status}: ${stderr}`);
  const reports = new Map(JSON.parse(stdout).runs.map((run) => [run.run, run]));
  const without = runs.filter(({ id }) => !reports.has(id));
  if (without.length > 0)
    throw new Error(`gate told nothing of ${without.length} runs, as ${without[0].id}: ${stderr}`);
  return runs.map(({ label, id }) => outcome(label, reports.get(id)));
}
