import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';

const golden = (name: string, role: string) => readFileSync(`fixtures/golden/${name}/${role}.npy`);
const HEALTHY = 'normal_48x16_float32';
let cwd: string;
beforeEach(() => {
  cwd = folder();
});

function write(step: number, role: string, bytes: Buffer): void {
  const folder = join(cwd, 'run', `step_${step}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${role}.npy`), bytes);
}

describe('collapse doctor', () => {
  it('says of a sound run what is in it', async () => {
    for (const step of [100, 200])
      for (const role of ['prediction', 'target']) write(step, role, golden(HEALTHY, role));
    const { code, stdout } = await collapse(['doctor', 'run'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(
      'run\n  2 steps can be read, 100–200\n  prediction: float32 [48, 16] at 2 steps\n  target: float32 [48, 16] at 2 steps\n\nok 2 steps of 1 run can be read\n',
    );
  });

  it('tells everything that is wrong at once', async () => {
    const broken = golden(HEALTHY, 'prediction');
    for (const back of [4, 8, 12]) broken.writeFloatLE(Number.NaN, broken.length - back);
    write(100, 'prediction', broken);
    write(100, 'target', golden('normal_12x40_float32', 'target'));
    write(200, 'prediction', golden('normal_12x40_float32', 'prediction'));
    write(200, 'target', golden('normal_12x40_float32', 'target').subarray(0, 300));
    write(300, 'prediction', golden('normal_12x40_float32', 'prediction'));
    write(300, 'target', golden('normal_12x40_float32', 'target'));
    write(400, 'prediction', golden(HEALTHY, 'prediction'));
    write(500, 'prediction', golden(HEALTHY, 'prediction'));
    write(500, 'target', golden(HEALTHY, 'target'));
    const { code, stdout } = await collapse(['doctor', 'run'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain(
      'prediction has 3 of 768 values that are NaN or Inf, the first at row 47, column 13',
    );
    for (const expected of ['E207', 'E214', 'E203', 'E216', 'E217'])
      expect(stdout).toContain(`error[${expected}]`);
    expect(stdout).toMatch(/5 problems in 1 run\n$/);
  });

  it('holds each width against the first, and blames no step that has it', async () => {
    const names = { 100: HEALTHY, 200: 'normal_12x40_float32', 300: HEALTHY, 400: 'normal_12x40_float32' };
    for (const [step, name] of Object.entries(names))
      for (const role of ['prediction', 'target']) write(Number(step), role, golden(name, role));
    const { stdout } = await collapse(['doctor', 'run'], { cwd });
    expect(stdout.match(/error\[E217\] .*/g)).toEqual(
      Array(2).fill('error[E217] 40 dimensions here, 16 at step 100'),
    );
    const { stderr } = await collapse(['check', 'run'], { cwd });
    expect(stderr.match(/error\[E217\]/g)).toHaveLength(1);
    expect(stderr).toContain('(steps 200, 400)');
  });

  it('exits 4 without steps and 3 without a path', async () => {
    expect(await collapse(['doctor', '.'], { cwd })).toMatchObject({ code: 4 });
    expect(await collapse(['doctor', 'nowhere'], { cwd })).toMatchObject({ code: 3 });
  });

  it('looks at rows in blocks where they do not fit into the budget, as check does', async () => {
    const rows = 3_000_000;
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, 8), }`.padEnd(117);
    const npy = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
      Buffer.from(`${header}\n`),
    ]);
    for (const role of ['prediction', 'target']) {
      write(100, role, npy);
      truncateSync(join(cwd, `run/step_100/${role}.npy`), npy.length + rows * 32);
    }
    const file = openSync(join(cwd, 'run/step_100/target.npy'), 'r+');
    writeSync(file, Buffer.from([0, 0, 0xc0, 0x7f]), 0, 4, npy.length + 32 * 2_000_000 + 12);
    closeSync(file);
    const { code, stdout } = await collapse(['doctor', 'run', '--max-memory', '32MiB'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain('prediction: float32 [3000000, 8] at 1 step');
    expect(stdout).toContain(
      'target has 1 of 24000000 values that are NaN or Inf, the first at row 2000000, column 3',
    );
  });
});
