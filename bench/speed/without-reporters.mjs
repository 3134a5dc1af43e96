// The executable as it would be with the table and JSON as its only reports, and without the commands that came with
// the others: what they add to the start of a check is the difference.
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleExecutable } from '../../scripts/build/bundle.mjs';

const KEPT_REPORTS = ['table', 'json'];
const LEFT_OUT_COMMANDS = ['report', 'watch', 'doctor', 'completion'];

/** Writes it below `folder`; returns the script to run. */
export async function buildWithoutReporters(folder) {
  const script = join(folder, 'bin', 'collapse.js');
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  await bundleExecutable(join(folder, 'dist'), [
    {
      name: 'without-reporters',
      transform(code, id) {
        if (id === resolve('src/reporters/index.ts')) return cut(code, KEPT_REPORTS, false);
        if (id === resolve('src/options/commands.ts')) return cut(code, LEFT_OUT_COMMANDS, true);
        if (id === resolve('src/commands/index.ts')) {
          return code.replace(new RegExp(`\\n {2}(?:${LEFT_OUT_COMMANDS.join('|')}): .*`, 'g'), '');
        }
        if (id === resolve('src/commands/output/step-summary.ts')) {
          return 'export async function appendStepSummary() {}';
        }
        return null;
      },
    },
  ]);
  return script;
}

/** Of a registry's list, the entries that are named (or, with `out`, are not). */
function cut(code, names, out) {
  const key = /\bid: '/.test(code) ? 'id' : 'name';
  const entry = new RegExp(`\\n {2}\\{\\s*${key}: '(\\w+)',[\\s\\S]*?\\},(?=\\n(?: {2}\\{|\\]))`, 'g');
  let dropped = 0;
  const left = code.replace(entry, (text, name) => {
    if (names.includes(name) !== out) return text;
    dropped++;
    return '';
  });
  if (dropped === 0) throw new Error('the registry has another form than this bench knows');
  return left;
}
