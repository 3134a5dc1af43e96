import { expect, it } from 'vitest';
import { readRecords } from '#commands/input/read-records.js';

it('reads more records than a call takes arguments', async () => {
  const count = 150_000;
  const line = '{"type":"summary","runs":0,"steps":0,"errors":0}\n';
  async function* stdin() {
    yield line.repeat(count);
  }
  const records = await readRecords(['-'], { cwd: '.', stdin: stdin() });
  expect(records).toHaveLength(count);
});
