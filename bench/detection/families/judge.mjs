// What a build's presets see of the families: `node bench/detection/families/judge.mjs [FOLDER…] [options]`.
// A FOLDER is data/ beside this file (the default), an OUT of train.py, or one with labels.json and a directory a run.
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { collapse } from './records.mjs';
import { DATA, judged, loadRuns } from './runs.mjs';
import { census, tables } from './tables.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bin: { type: 'string', default: 'bin/collapse.js' }, // whose rules judge
    preset: { type: 'string', default: 'default,jepa,rfc-0005' },
    split: { type: 'string', default: 'tuned,held-out,given' }, // or aside,afterwards,fresh, which are not looked at while tuning
    only: { type: 'string', default: '' }, // parts of runs' names, separated by commas
    without0: { type: 'boolean' }, // as if step 0 had not been saved
    modes: { type: 'boolean' }, // a row a mode too
    summary: { type: 'boolean' }, // without the list of runs
    cache: { type: 'string', default: join(tmpdir(), 'collapse-families') }, // of what has to be measured
  },
});
const runs = (positionals.length > 0 ? positionals : [DATA])
  .flatMap((folder) => loadRuns(resolve(folder), values))
  .filter(({ label }) => values.split.split(',').includes(label.split))
  .filter(({ label }) => values.only.split(',').some((part) => label.name.includes(part)))
  .map((run) => (values.without0 ? { ...run, records: run.records.filter(({ step }) => step !== 0) } : run));

console.log(
  `# What ${collapse(values.bin, ['--version']).stdout.trim()} sees of ${runs.length} runs\n\n${census(runs.map(({ label }) => label))}\n`,
);
for (const preset of values.preset.split(',')) {
  const outcomes = judged(runs, preset, values.bin);
  console.log(`## ${preset}\n\n${tables(outcomes, { modes: values.modes, list: !values.summary })}\n`);
}
