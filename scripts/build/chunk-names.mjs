// Which chunk of the executable a module goes to: every file that is opened costs at start, and so does every line that
// is read and not run.

import { resolve } from 'node:path';

/** What each of these needs at once. */
const REACHED_FROM = {
  start: ['src/cli.ts'],
  // What a thread that measures runs; the entry itself does its work when it is loaded, and belongs to no chunk.
  measure: ['src/measure/measure-step.ts', 'src/measure/node-io.ts'],
  check: ['src/commands/check.ts'],
  json: ['src/reporters/machine/json.ts'],
  'command-line': ['src/options/command-line.ts'],
  table: ['src/reporters/terminal/table.ts'],
};

const PAINT = /src\/reporters\/terminal\/error-block|node_modules\/chalk\//;
/** Of what a table needs, that which no other text does. */
const DRAWS =
  /src\/reporters\/(?:terminal\/[a-z-]*table|view\/(?:next-command|verdict-block))|node_modules\/(?!get-east-asian-width)/;

/** What JSON and event files share; small, and all that writes one has the check loaded. */
const OF_CHECK = /src\/reporters\/view\/measured-steps/;

/**
 * For one bundle: the chunk that a module goes to; null for what the bundler may place. A thread that measures shares
 * `base` with the start.
 */
export function chunkNames() {
  let reached;
  return (id, context) => {
    reached ??= Object.fromEntries(
      Object.entries(REACHED_FROM).map(([name, paths]) => [name, reachedFrom(paths, context)]),
    );
    if (PAINT.test(id)) return 'paint';
    if (OF_CHECK.test(id)) return 'check';
    if (reached.start.has(id)) return reached.measure.has(id) ? 'base' : 'start';
    if (reached.measure.has(id)) return 'measure';
    if (reached.check.has(id)) return 'check';
    if (reached.json.has(id)) return 'json';
    if (reached['command-line'].has(id)) return 'command-line';
    return reached.table.has(id) && DRAWS.test(id) ? 'table' : null;
  };
}

/** The modules at `paths` and all that they import, but for what is imported when it is needed. */
function reachedFrom(paths, context) {
  const seen = new Set();
  const visit = (id) => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) visit(imported);
  };
  for (const path of paths) visit(resolve(path));
  return seen;
}
