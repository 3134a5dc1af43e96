import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { platform } from 'node:process';
import { expect, it } from 'vitest';
import { MOST_TEXT, readText } from '#io/read-text.js';
import { folder } from '../support/run-folder.js';

it('text of more than a string holds is E202, before it is read', () => {
  const cwd = folder();
  writeFileSync(`${cwd}/big.json`, '');
  truncateSync(`${cwd}/big.json`, MOST_TEXT + 1);
  expect(() => readText('big.json', cwd)).toThrow(
    expect.objectContaining({
      code: 'E202',
      path: 'big.json',
      message: expect.stringMatching(/bytes of text/),
    }),
  );
});

it.skipIf(platform === 'win32')('a device without an end is E202', () => {
  expect(() => readText('/dev/zero')).toThrow(expect.objectContaining({ code: 'E202', path: '/dev/zero' }));
  expect(readText('/dev/null')).toBe('');
});

it.skipIf(platform === 'win32')('a pipe is read to its end', () => {
  const cwd = folder();
  execFileSync('mkfifo', ['pipe'], { cwd });
  execFileSync('sh', ['-c', '(printf 01234é; sleep 0.1; printf 5) > pipe &'], { cwd, stdio: 'ignore' });
  expect(readText('pipe', cwd)).toBe('01234é5');
});
