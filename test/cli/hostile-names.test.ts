import { describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, npy, square, step } from '../support/run-folder.js';

const RUN = 'run\u001b[31m\u001b]0;owned\u0007\n::error::x\u202e';
const files = () => ({
  ...Object.fromEntries(Object.entries(step(1, 1)).map(([name, bytes]) => [`${RUN}/${name}`, bytes])),
  [`${RUN}/step_000002/prediction\u001b[5m.npy`]: npy(square(1)),
  [`${RUN}/step_000002/target.npy`]: 'none',
  [`${RUN}/evil\u001b[2J.txt`]: 'nothing',
});
// What a terminal obeys, and what GitHub takes for a command at the start of a line.
const ACTING = /(?!\n)[\p{Cc}\u202e]|^::error::x/mu;

describe.each([
  ['check', '--verbose'],
  ...['json', 'ndjson', 'csv', 'markdown', 'html', 'junit', 'github', 'sarif', 'prometheus'].map((format) => [
    'check',
    '--verbose',
    '-o',
    format,
  ]),
  ['measure', '--verbose'],
  ['doctor', '--verbose'],
  ['inspect', '--verbose'],
  ['inspect', '--json'],
  ['report', '--verbose', '-o', '-'],
  ['watch', '--timeout', '3s', '--interval', '20ms'],
  ['check', '--fail-fast', '--verbose', '-q'],
])('%s %s %s %s', (command, ...flags) => {
  it('prints no name that acts', async () => {
    const cwd = folder(files());
    const args = flags.filter((flag) => flag !== undefined);
    const { stdout, stderr, code } = await collapse([command, '.', ...args, '--color', 'never'], { cwd });
    expect([stdout.match(ACTING), stderr.match(ACTING)]).toEqual([null, null]);
    expect(stdout + stderr).toContain('owned');
    expect(code).not.toBe(70);
  });
});
