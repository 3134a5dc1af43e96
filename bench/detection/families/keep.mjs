// Measures labelled runs and keeps what judging needs in data/, a family at a time:
// `node bench/detection/families/keep.mjs OUT [--bin bin/collapse.js] [--again]`. --again measures anew, as after a new metric.
// OUT is that of train.py and label.py here, or of those in the folder above.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { labelsOf } from './labels.mjs';
import { compact, measured, readLines } from './records.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bin: { type: 'string', default: 'bin/collapse.js' }, again: { type: 'boolean' } },
});
const [out] = positionals;
if (out === undefined) throw new Error('which folder? README.md says how to make one');
const data = join(dirname(fileURLToPath(import.meta.url)), 'data');
mkdirSync(data, { recursive: true });
if (values.again) rmSync(join(out, 'records'), { recursive: true, force: true });

const labels = labelsOf(out);
for (const family of new Set(labels.map((label) => label.family))) {
  const runs = labels.filter((label) => label.family === family);
  const records = measured(values.bin, join(out, 'runs'), runs, join(out, 'records'));
  const lines = [...records].flatMap(([name, steps]) => steps.map((record) => compact(record, name)));
  writeFileSync(join(data, `${family}.labels.ndjson`), text(runs));
  writeFileSync(join(data, `${family}.records.ndjson.gz`), gzipSync(text(lines), { level: 9 }));
  console.error(`${family}: ${runs.length} runs, ${lines.length} records`);
  const probes = probesOf(family);
  if (probes.length > 0)
    writeFileSync(join(data, `${family}.probes.ndjson.gz`), gzipSync(text(probes), { level: 9 }));
}

/** What train.py read from each training, its settings first; label.py makes the labels of it. */
function probesOf(family) {
  const folder = join(out, 'probes');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.startsWith(`${family}_`) && name.endsWith('.json'));
  return names.sort().flatMap((name) => readLines(join(folder, name)));
}

function text(lines) {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
