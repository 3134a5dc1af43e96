import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRecord } from '../judge/make-record.js';
import { collapse } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';
import { THOROUGH } from '../support/thorough.js';

/** More than a call takes as arguments. */
const MANY = 200_000;

it.runIf(THOROUGH)('gate and report take more records than a stack does', { timeout: 600_000 }, async () => {
  const cwd = folder({});
  const [before, after] = JSON.stringify(makeRecord({ step: 7 })).split('"step":7');
  const lines = Array.from({ length: MANY }, (_, i) => `${before}"step":${i + 1}${after}`);
  const summary = { type: 'summary', runs: 1, steps: MANY, errors: 0 };
  writeFileSync(join(cwd, 'all.ndjson'), [...lines, JSON.stringify(summary), ''].join('\n'));
  const expected = { code: 0, stdout: `ok run: no alert at ${MANY} judged steps (exit 0)\n`, stderr: '' };
  expect(await collapse(['gate', '-q', 'all.ndjson', '--preset', 'rfc-0005'], { cwd })).toEqual(expected);
  expect(
    await collapse(['report', 'all.ndjson', '--preset', 'rfc-0005', '-o', 'page.html'], { cwd }),
  ).toEqual({ ...expected, stdout: `wrote page.html\n${expected.stdout}` });
});
