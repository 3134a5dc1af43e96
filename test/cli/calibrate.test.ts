import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ndjsonOf, recordsOf } from '../normal/records.js';
import { collapse } from '../support/collapse.js';
import { normals } from '../support/normals.js';
import { sharedFolder } from '../support/run-folder.js';
import { writeRun } from '../support/small-runs.js';

const root = sharedFolder();
const normal = normals(5);
const healthy = (name: string, steps = 6) =>
  recordsOf(name, {
    target_effective_rank: Array.from({ length: steps }, () => 10 + normal()),
    pred_cos_centered_mean: Array.from({ length: steps }, () => 0.8 + 0.02 * normal()),
  });
const collapsed = (name: string) =>
  recordsOf(name, {
    target_effective_rank: [10, 9, 5, 3, 2, 2],
    pred_cos_centered_mean: [0.8, 0.8, 0.8, 0.8, 0.8, 0.8],
  });
const write = (name: string, records: Parameters<typeof ndjsonOf>[0]) =>
  writeFileSync(join(root, name), ndjsonOf(records));
const run = (argv: string) => collapse(argv.split(' '), { cwd: root });

beforeAll(() => {
  for (const name of ['a', 'b', 'c']) write(`${name}.ndjson`, healthy(name));
  write('bad.ndjson', collapsed('bad'));
});

describe('collapse calibrate', () => {
  it('writes the file, and what three runs can promise', async () => {
    const ran = await run('calibrate a.ndjson b.ndjson c.ndjson --alpha 0.25 -o out/normal.json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('3 runs, steps 100 to 600, 2 metrics judged.');
    expect(ran.stdout.replaceAll('\n  ', ' ')).toContain('3 runs can promise 0.25 at best');
    const written = JSON.parse(readFileSync(join(root, 'out/normal.json'), 'utf8'));
    expect(written).toMatchObject({ type: 'embedding-collapse normal', alpha: 0.25, cadence: 100 });
    expect(written.runs.map((one: { run: string }) => one.run)).toEqual(['a', 'b', 'c']);
  });

  it('prints the file to standard output without -o, the same for files in another order', async () => {
    const one = await run('calibrate a.ndjson b.ndjson c.ndjson --alpha 0.25');
    const other = await run('calibrate c.ndjson a.ndjson b.ndjson --alpha 0.25');
    expect(JSON.parse(one.stdout).runs).toHaveLength(3);
    expect(other.stdout).toBe(one.stdout);
    expect(one.stderr).toContain('3 runs');
  });

  it('says which known collapses would be outside, and that a file which sees none is worth nothing', async () => {
    const command = 'calibrate a.ndjson b.ndjson c.ndjson --alpha 0.25 -o n.json --bad';
    const seen = await run(`${command} bad.ndjson`);
    expect(seen.stdout).toContain('Of 1 known collapse, 1 would be outside:');
    expect(seen.stdout).toContain('- bad: outside from step 400 by target_effective_rank');
    const flat = { target_effective_rank: Array(6).fill(12), pred_cos_centered_mean: Array(6).fill(0.9) };
    write('flat.ndjson', recordsOf('flat', flat));
    const none = await run(`${command} flat.ndjson`);
    expect(none.stdout).toContain('This file sees none of the 1 known collapse');
  });

  it('ends with 2 for one run, and for a level that so many runs cannot keep, and writes nothing', async () => {
    const one = await run('calibrate a.ndjson -o none.json');
    expect(one).toMatchObject({ code: 2, stdout: '' });
    expect(one.stderr).toContain('collapse diff A B');
    const three = await run('calibrate a.ndjson b.ndjson c.ndjson -o none.json');
    expect(three.code).toBe(2);
    expect(three.stderr).toContain('3 runs can promise --alpha 0.25 at best; 0.05 takes 19 runs');
    expect(existsSync(join(root, 'none.json'))).toBe(false);
    for (const alpha of ['0', '1', 'x', '-0.1']) {
      expect((await run(`calibrate a.ndjson b.ndjson --alpha=${alpha}`)).code, alpha).toBe(2);
    }
  });

  it('ends with 3 for what cannot be read, and for runs of different widths', async () => {
    expect((await run('calibrate a.ndjson gone.ndjson')).code).toBe(3);
    write(
      'wide.ndjson',
      healthy('wide').map((record) => ({ ...record, dims: 32 })),
    );
    const wide = await run('calibrate a.ndjson b.ndjson wide.ndjson --alpha 0.25');
    expect(wide).toMatchObject({ code: 3, stdout: '' });
    expect(wide.stderr).toContain('dims 16 and 32');
  });

  it('measures runs that are no records, with --metrics', async () => {
    for (const [i, name] of ['x', 'y', 'z'].entries()) {
      writeRun(root, [{}, { target: 1 + i / 10 }, { rest: 0.9 - i / 10 }], { name: `runs/${name}` });
    }
    const ran = await run(
      'calibrate runs --alpha 0.25 --metrics target_effective_rank,pred_r2 --no-progress',
    );
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout).metrics).toEqual(['pred_r2', 'target_effective_rank']);
  });

  it('does not replace what it reads', async () => {
    const ran = await run('calibrate a.ndjson b.ndjson c.ndjson --alpha 0.25 -o a.ndjson');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('would replace what is read');
  });
});
