// Measures the seeds that train.py and families.py trained, and keeps what judging needs in data/, in place of what was kept of
// the same recipes: `node bench/detection/normal/keep.mjs OUT… [--bin bin/collapse.js]`. An OUT has the labels of ../label.py or
// ../families/label.py.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { measured, readLines } from '../families/records.mjs';
import { keptRun } from './runs.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bin: { type: 'string', default: 'bin/collapse.js' } },
});
const data = join(dirname(fileURLToPath(import.meta.url)), 'data');
mkdirSync(data, { recursive: true });
for (const out of positionals) {
  const isPerceptrons = existsSync(join(out, 'manifest.json'));
  const labels = isPerceptrons ? labelsOfManifest(out) : labelsOfFamilies(out);
  const records = measured(values.bin, join(out, 'runs'), labels, join(out, 'records'));
  const runs = labels.map((label) => keptRun(label, records.get(label.name)));
  const path = join(data, `${isPerceptrons ? 'perceptrons' : 'families'}.ndjson.gz`);
  const recipes = new Set(runs.map(({ recipe }) => recipe));
  const others = existsSync(path) ? readLines(path).filter(({ recipe }) => !recipes.has(recipe)) : [];
  const lines = [...others, ...runs].map((run) => `${JSON.stringify(run)}\n`);
  writeFileSync(path, gzipSync(lines.join(''), { level: 9 }));
  console.error(`${path}: ${runs.length} runs of ${lines.length}`);
}

function labelsOfManifest(out) {
  const labels = JSON.parse(readFileSync(join(out, 'labels.json'), 'utf8'));
  return JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).runs.map((run) => {
    const { outcome, onset_step = null } = labels[run.name];
    const { name, mode: recipe, data: world, dim, every } = run;
    return {
      name,
      recipe,
      world: `${world}, ${dim} dims`,
      mode: '',
      every,
      form: 'rows',
      outcome,
      onset_step,
    };
  });
}

function labelsOfFamilies(out) {
  return readLines(join(out, 'labels.ndjson')).map(
    ({ name, mode, family, data: world, form, dim, every, outcome, onset_step = null }) => {
      const [recipe, event = ''] = mode.split(' ');
      return {
        name,
        recipe: `${recipe}.${form}`,
        world: `${family}, ${world}, ${dim} dims`,
        mode: event,
        every,
        form,
        outcome,
        onset_step,
      };
    },
  );
}
