// Mutates every fixture of every format, or with --grammar makes files of the formats' grammars, and loads the result in
// a child with limits of time and memory. Allowed: an exact load, or a refusal with a coded error.
// `npm run fuzz -- [--grammar] [--mutations 20000] [--seed 1] [--write]`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bundleSources } from '../build/sources.mjs';
import { mutate, random } from './fuzz-mutate.mjs';
import { GRAMMARS } from './grammar/index.mjs';

const { values: flags } = parseArgs({
  options: {
    mutations: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    grammar: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const mutations = Number(flags.mutations);
const seed = Number(flags.seed);
/** One file may take this long, whatever is wrong with it. */
const LIMIT_MS = 1000;
/** What one read may allocate; the child may hold little more. */
const BUDGET = flags.grammar ? 2 ** 25 : 2 ** 28;
const MEMORY_LIMIT = flags.grammar ? 2 ** 28 : 2 * BUDGET;
/** What a made file may take besides, for each of its bytes. */
const MS_PER_BYTE = 1 / 100;
const MEMORY_PER_BYTE = 256;

const fixtures = ['formats', 'malformed']
  .flatMap((kind) => readdirSync(join('fixtures', kind)).map((folder) => join('fixtures', kind, folder)))
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => !/^(expected\.json|README\.md)$/.test(name))
      .sort()
      .map((name) => ({ path: join(folder, name), format: folder.split(/[\\/]/)[2] })),
  )
  .filter(({ path }) => flags.only === undefined || path.includes(flags.only));
const files = fixtures.map(({ path }) => new Uint8Array(readFileSync(path)));

const work = mkdtempSync(join(tmpdir(), 'collapse-fuzz-'));
const childPath = join(work, 'child.mjs');
await bundleSources('scripts/fuzz/fuzz-child.ts', { file: childPath });

const rows = new Map();
const bad = [];
let slowest = { ms: 0, what: '' };
let peak = 0;
let child = null;

const next = random(seed);
const began = performance.now();
const made = Object.entries(GRAMMARS).filter(
  ([format]) => flags.only === undefined || format.includes(flags.only),
);
for (let i = 0; i < mutations; i++) {
  const { bytes, path, format, what } = flags.grammar ? make(i) : mutation(i);
  const outcome = await attempt(bytes, path);
  const row = rows.get(format) ?? {
    files: new Set(),
    mutations: 0,
    loaded: 0,
    refused: 0,
    bad: 0,
    slowestMs: 0,
  };
  rows.set(format, row);
  row.files.add(path);
  row.mutations++;
  row[outcome.kind === 'loaded' || outcome.kind === 'refused' ? outcome.kind : 'bad']++;
  row.slowestMs = Math.max(row.slowestMs, outcome.ms);
  if (outcome.ms > slowest.ms) slowest = { ms: outcome.ms, what };
  peak = Math.max(peak, outcome.rss ?? 0);
  if (outcome.kind !== 'loaded' && outcome.kind !== 'refused') {
    bad.push({ what, ...outcome });
    writeFileSync(join(tmpdir(), `collapse-fuzz-${seed}-${i}.bin`), bytes);
    console.error(`${what}\n  ${outcome.kind}: ${outcome.detail}`);
  }
}
child?.process.kill('SIGKILL');
rmSync(work, { recursive: true });

const seconds = (performance.now() - began) / 1000;
const text = report();
console.log(text);
if (flags.write) writeReport(flags.grammar ? 'grammar' : 'bytes', text);
process.exitCode = bad.length > 0 ? 1 : 0;

function mutation(i) {
  const which = i % fixtures.length;
  const { path, format } = fixtures[which];
  const { bytes, how } = mutate(files, which, next);
  return { bytes, path, format, what: `mutation ${i} of ${path}: ${how}` };
}

/** A file of a format's grammar; a third of them is damaged once more. */
function make(i) {
  const [format, grammar] = made[i % made.length];
  const whole = grammar(next);
  const { bytes, how } = next(3) === 0 ? mutate([whole], 0, next) : { bytes: whole, how: 'as made' };
  return { bytes, path: `made.${format}`, format, what: `file ${i} of the grammar of ${format}: ${how}` };
}

/** One load in the child; a new child takes the place of one that hung or died. */
async function attempt(bytes, path) {
  child ??= start();
  const { process: running, lines } = child;
  writeFileSync(join(work, 'input'), bytes);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(null), 5 * LIMIT_MS);
  });
  running.stdin.write(`${JSON.stringify({ path: join(work, 'input'), name: path })}\n`);
  const answer = await Promise.race([lines.next(), late]);
  clearTimeout(timer);
  if (answer === null || answer.done) {
    running.kill('SIGKILL');
    child = null;
    const kind = answer === null ? 'hang' : 'crash';
    return {
      kind,
      ms: answer === null ? 5 * LIMIT_MS : 0,
      detail: `the child ${kind === 'hang' ? 'did not answer' : 'died'}`,
    };
  }
  const outcome = JSON.parse(answer.value);
  if (outcome.rss > MEMORY_LIMIT) {
    running.kill('SIGKILL');
    child = null;
    return { ...outcome, kind: 'memory', detail: `${outcome.rss} bytes resident` };
  }
  if (flags.grammar && outcome.peak > MEMORY_LIMIT + MEMORY_PER_BYTE * bytes.length) {
    running.kill('SIGKILL');
    child = null;
    return {
      ...outcome,
      kind: 'memory',
      detail: `${outcome.peak} bytes at most, for a file of ${bytes.length}`,
    };
  }
  const limit = flags.grammar ? LIMIT_MS / 4 + MS_PER_BYTE * bytes.length : LIMIT_MS;
  if (outcome.ms > limit) return { ...outcome, kind: 'slow', detail: `${outcome.ms.toFixed(0)} ms` };
  return outcome;
}

function start() {
  const running = spawn(process.execPath, ['--max-old-space-size=256', childPath, String(BUDGET)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.on('error', () => {});
  running.stdin.on('error', () => {});
  return { process: running, lines: createInterface({ input: running.stdout })[Symbol.asyncIterator]() };
}

function report() {
  const lines = [...rows]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(
      ([format, r]) =>
        `| ${format} | ${flags.grammar ? '–' : r.files.size} | ${r.mutations} | ${r.loaded} | ${r.refused} | ${r.bad} | ${r.slowestMs.toFixed(0)} |`,
    );
  const total = [...rows.values()].reduce(
    (sum, r) => ({ loaded: sum.loaded + r.loaded, refused: sum.refused + r.refused }),
    { loaded: 0, refused: 0 },
  );
  const count = (kind) => bad.filter((one) => one.kind === kind).length;
  return `**${mutations} files, seed ${seed}, Node ${process.version}: ${count('hang')} hangs, ${count('crash')} crashes, ${count('trace')} errors without a code, ${count('slow')} beyond the limit of time, ${count('memory')} beyond that of memory, ${count('shape')} matrices whose shape and data disagree.**
${total.loaded} loaded, ${total.refused} were refused. The slowest took ${slowest.ms.toFixed(0)} ms; the child never held more than ${(peak / 2 ** 20).toFixed(0)} MiB. Took ${seconds.toFixed(0)} s.

| format | fixtures | files | loaded | refused | neither | slowest, ms |
|---|---|---|---|---|---|---|
${lines.join('\n')}
`;
}

/** Puts the figures between their marks. */
function writeReport(part, figures) {
  const path = 'docs/fuzzing.md';
  const [begin, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const page = readFileSync(path, 'utf8');
  const [start, stop] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  writeFileSync(path, `${page.slice(0, start)}\n\n${figures}\n${page.slice(stop)}`);
}
