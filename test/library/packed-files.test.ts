import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '#errors.js';
import { explain, explanations } from '../../src/commands/explain/explanation-of.js';
import { COMMANDS } from '../../src/options/commands.js';
import { ROOT } from '../support/collapse.js';

it('every page that a message names is in the package, and in the wheel', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const files = new Set(packed.files.map(({ path }: { path: string }) => path));
  const ids = explanations().flatMap(({ entries }) => entries.map(({ id }) => id));
  const texts = JSON.stringify([ERROR_CODES, COMMANDS, ids.map(explain)]);
  const named = new Set(texts.match(/\b(?:docs|schema|src|bench)\/[\w./-]+\.\w+/g));
  expect(named).toContain('docs/rules.md');
  const wheel = readFileSync(join(ROOT, 'python/pyproject.toml'), 'utf8');
  for (const name of named) {
    expect(wheel).toContain(`"../${name}" = "embedding_collapse/_node/${name}"`);
    expect(existsSync(name), name).toBe(true);
    expect(files, `the package has ${name}`).toContain(name);
  }
});
