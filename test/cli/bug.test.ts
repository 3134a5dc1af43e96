import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '#cli.js';

it.each([[[]], [['--verbose']]])(
  'a bug ends with 70, and its help asks for the trace that is there (%j)',
  async (flags: readonly string[]) => {
    let stderr = '';
    const write = (chunk: string | Uint8Array) => {
      stderr += chunk;
      return true;
    };
    // biome-ignore lint/correctness/useYield: it fails before it has anything.
    const stdin = (async function* () {
      throw new Error('out of order');
    })();
    const argv = ['gate', '-', ...flags];
    const code = await main({ argv, cwd: '.', env: {}, stdin, stdout: { write }, stderr: { write } });
    expect(code).toBe(70);
    expect(stderr).toMatch(
      /^error\[E901\] out of order\n {2}help: report it with the trace that is on stderr\n/,
    );
    expect(stderr).toMatch(/\nError: out of order\n +at /);
  },
);

it.skipIf(process.platform === 'win32')('a working directory that was removed is exit 3, no trace', () => {
  const script = 'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$0" "$1" check run';
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, resolve('bin/collapse.js')], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^error\[E202\] the working directory cannot be used: ENOENT\n {2}help: .*\n$/);
  expect(status).toBe(3);
});
