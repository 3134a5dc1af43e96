import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Runs the tool of a build; `bin` is its bin/collapse.js. */
export function collapse(bin, args, input = '') {
  return spawnSync(process.execPath, [bin, ...args], { input, maxBuffer: 2 ** 30, encoding: 'utf8' });
}

export function parseLines(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Lines of a file that may be gzipped. */
export function readLines(path) {
  const bytes = readFileSync(path);
  return parseLines((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}

/**
 * The records of runs that lie in `folder`, one subdirectory each, measured where `cache` has none yet: an array a name.
 * A run of embeddings alone is measured as such; `video` and `ahead` runs are measured at each horizon too.
 */
export function measured(bin, folder, runs, cache) {
  mkdirSync(cache, { recursive: true });
  return new Map(
    runs.map((run) => {
      const file = join(cache, `${run.name}.ndjson`);
      if (!existsSync(file)) measure(bin, join(folder, run.name), run, file);
      return [run.name, readLines(file).filter(({ type }) => type === 'step')];
    }),
  );
}

function measure(bin, folder, run, file) {
  const alone = existsSync(join(folder, readdirSync(folder)[0], 'embeddings.npy'));
  const where = alone
    ? ['--pred', join(folder, 'step_{step}', 'embeddings.npy'), '--target', 'none']
    : [folder];
  const horizons = /^(video|ahead)/.test(run.form) ? ['--per-step-axis', '1'] : [];
  const { status, stdout, stderr } = collapse(bin, ['measure', ...where, ...horizons, '--no-progress']);
  if (status !== 0) throw new Error(`measuring ${run.name} exited ${status}: ${stderr}`);
  writeFileSync(`${file}.part`, stdout);
  renameSync(`${file}.part`, file);
}

/** A record as it is kept: numbers of six significant digits, and no paths. */
export function compact(record, name) {
  const bare = ({ path, ...input }) => ({ ...input, path: basename(path) });
  const inputs = Object.fromEntries(
    Object.entries(record.inputs).map(([role, input]) => [role, bare(input)]),
  );
  return rounded({ ...record, run: name, inputs, notes: [] });
}

function rounded(value) {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)]));
}
