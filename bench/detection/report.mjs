// What each preset sees of the runs that train.py made: `npm run bench:detection -- OUT [--write]`.
// OUT holds runs/, manifest.json and labels.json. Records are measured once, into OUT/records, and judged as often as asked.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { splice } from './splice.mjs';
import { tables } from './tables.mjs';

const [out, ...flags] = process.argv.slice(2);
if (out === undefined) throw new Error('which folder? bench/detection/README.md says how to make one');
const read = (name) => JSON.parse(readFileSync(join(out, name), 'utf8'));
const labels = read('labels.json');
const configs = new Map(read('manifest.json').runs.map((run) => [run.name, run]));
const names = Object.keys(labels).filter((name) => labels[name].steps !== undefined && configs.has(name));

const judgements = {
  jepa: ['--preset', 'jepa'],
  'rfc-0005': ['--preset', 'rfc-0005'],
  'rfc-0005 every 500': ['--preset', 'rfc-0005', '--log-every-steps', '500'],
};

mkdirSync(join(out, 'records'), { recursive: true });
const records = names.map(measured);
const judged = Object.fromEntries(Object.entries(judgements).map(([name, args]) => [name, gate(args)]));
const text = tables(
  names.map((name) => ({ ...configs.get(name), ...labels[name], name })),
  judged,
);
console.log(text);
if (flags.includes('--write')) splice('docs/detection.md', 'trained runs', text);

function measured(name) {
  const file = join(out, 'records', `${name}.ndjson`);
  if (existsSync(file)) return file;
  const part = openSync(`${file}.part`, 'w');
  const { status, stderr } = collapse(['measure', join(out, 'runs', name), '--no-progress'], part);
  closeSync(part);
  if (status !== 0) throw new Error(`measuring ${name} exited ${status}: ${stderr}`);
  renameSync(`${file}.part`, file);
  return file;
}

/** The report's runs, by name. */
function gate(args) {
  const { status, stdout, stderr } = collapse(['gate', '-', ...args, '--json'], 'pipe', records);
  if (status !== 0 && status !== 1) throw new Error(`gate ${args.join(' ')} exited ${status}: ${stderr}`);
  return Object.fromEntries(JSON.parse(stdout).runs.map((run) => [run.run.split('/').at(-1), run]));
}

function collapse(args, stdout, files = []) {
  return spawnSync(process.execPath, ['bin/collapse.js', ...args], {
    input: files.map((file) => readFileSync(file, 'utf8')).join(''),
    stdio: ['pipe', stdout, 'pipe'],
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  });
}
