// Run by npm around packing: the packed package.json has no `prepare`, which would be a warning wherever it is installed;
// a clone keeps it, because `npm ci` builds by it.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const MANIFEST = 'package.json';
const KEPT = '.package.json.kept';

if (process.argv[2] === 'pack') {
  const text = readFileSync(MANIFEST, 'utf8');
  const manifest = JSON.parse(text);
  if (manifest.scripts.prepare !== undefined) {
    writeFileSync(KEPT, text);
    delete manifest.scripts.prepare;
    writeFileSync(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
  }
} else if (existsSync(KEPT)) {
  renameSync(KEPT, MANIFEST);
}
