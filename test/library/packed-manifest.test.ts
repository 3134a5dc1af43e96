import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';

const script = join(ROOT, 'scripts/build/packed-manifest.mjs');
const manifest = () => readFileSync(join(ROOT, 'package.json'), 'utf8');

it('what is packed does not prepare itself where it is installed, and the clone still does', () => {
  const cwd = folder({ 'package.json': manifest() });
  const packed = () => JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  execFileSync(process.execPath, [script, 'pack'], { cwd });
  const { prepare, ...scripts } = JSON.parse(manifest()).scripts;
  expect(prepare).toBe('npm run build');
  expect(packed().scripts).toEqual(scripts);
  execFileSync(process.execPath, [script, 'pack'], { cwd });
  execFileSync(process.execPath, [script, 'restore'], { cwd });
  expect(readFileSync(join(cwd, 'package.json'), 'utf8')).toBe(manifest());
  expect(readdirSync(cwd)).toEqual(['package.json']);
});
