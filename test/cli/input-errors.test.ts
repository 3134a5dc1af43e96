import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, writeFile, writeMatrix } from '../support/run-folder.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly step?: number | null;
}

async function errorsOf(argv: readonly string[]): Promise<{ code: number | null; errors: Failure[] }> {
  const { code, stdout } = await collapse(['check', ...argv, '--json'], { cwd });
  return { code, errors: (JSON.parse(stdout) as { errors: Failure[] }).errors };
}

describe('an error names the path as the user typed it', () => {
  it('of a file that is cut short', async () => {
    writeMatrix(cwd, 'run/step_1/prediction.npy', [4, 3]);
    writeMatrix(cwd, 'run/step_1/target.npy', [4, 3]);
    truncateSync(join(cwd, 'run/step_1/target.npy'), 100);
    const { code, errors } = await errorsOf(['run']);
    expect(code).toBe(3);
    expect(errors.map(({ path }) => path)).toEqual(['run/step_1/target.npy']);
  });

  it('of a file that cannot be opened any more', async () => {
    writeMatrix(cwd, 'run/prediction.npy', [4, 3]);
    writeMatrix(cwd, 'run/target.npy', [4, 3]);
    writeFile(cwd, 'run/empty.arrow', '');
    const { code, errors } = await errorsOf(['run/prediction.npy', 'run/target.npy', 'run/empty.arrow']);
    expect(code).toBe(3);
    expect(errors[0]).toMatchObject({ code: 'E204', path: 'run/empty.arrow' });
  });

  it('of records that are missing', async () => {
    const { code, stderr } = await collapse(['gate', 'none.ndjson'], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain('--> none.ndjson\n');
  });
});

describe('a width that changes within a run', () => {
  it('is E217 at the later step, naming both files and both numbers', async () => {
    for (const [step, dims] of [
      [1, 3],
      [2, 3],
      [3, 5],
    ] as const) {
      writeMatrix(cwd, `run/step_${step}/prediction.npy`, [4, dims]);
      writeMatrix(cwd, `run/step_${step}/target.npy`, [4, dims]);
    }
    const { code, errors } = await errorsOf(['run']);
    expect(code).toBe(3);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'E217', path: 'run/step_3/prediction.npy', step: 3 });
    expect(errors[0]!.message).toBe("5 dimensions here, 3 in 'run/step_1/prediction.npy' of the same run");
  });
});

describe('one error of many steps is said once, with its steps', () => {
  it.each(['check', 'measure'])('by %s', async (command) => {
    for (const step of [1, 2, 3]) {
      for (const name of ['h', 'z']) writeMatrix(cwd, `run/step_${step}/${name}.npy`, [4, 3]);
    }
    const { code, stderr } = await collapse([command, 'run'], { cwd });
    expect(code).toBe(3);
    expect(stderr.match(/^error/gm)).toHaveLength(1);
    expect(stderr).toContain('(steps 1, 2, 3)');
  });
});

describe('where nothing was judged, the last line says why', () => {
  it('of names that may be steps or runs, of two numbers, of an empty call', async () => {
    const pairs = (...names: string[]) => {
      for (const name of names) {
        for (const role of ['prediction', 'target']) writeMatrix(cwd, `${name}/${role}.npy`, [4, 3]);
      }
    };
    pairs('a/zorp1', 'a/zorp2', 'b/p1_q10', 'b/p2_q30', 'b/p3_q20');
    const lastLine = async (run: string) =>
      (await collapse(['check', run], { cwd })).stdout.trimEnd().split('\n').at(-1);
    expect(await lastLine('a')).toMatch(
      /^NO DATA nothing was judged: 'a\/zorp1' and 'a\/zorp2' .* may be steps 1, 2 of one run, or 2 runs \(exit 4\)$/,
    );
    expect(await lastLine('b')).toMatch(
      /^ERROR nothing was judged: two numbers vary in .* the step may be 'p' .* or 'q' .*\(exit 3\)$/,
    );
  });
});

describe('two files for one role, of which one has no partner', () => {
  const shape = [8, 3];
  it.each([
    ['prediction_video', 'target_video', 'prediction_audio'],
    ['prediction_video', 'target_video', 'target_audio'],
    ['video/prediction', 'video/target', 'audio/prediction'],
    ['prediction', 'target', 'prediction_old'],
  ])('%s, %s, %s: the advice works', async (...names) => {
    for (const step of [1, 2, 3]) {
      for (const name of names) writeMatrix(cwd, `run 1/step_00${step}/${name}.npy`, shape);
    }
    const { code, stderr } = await collapse(['check', 'run 1'], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain(`help: 'run 1/step_001/${names[2]}.npy' has no `);
    const [, pred = '', target = ''] = /`--pred '(.+)' --target '(.+)'`/.exec(stderr) ?? [];
    const advised = await collapse(['measure', 'run 1', '--pred', pred, '--target', target], { cwd });
    expect(advised).toMatchObject({ code: 0, stderr: '' });
    expect(advised.stdout.match(/"type":"step"/g)).toHaveLength(3);
  });

  it('a name that no shell takes as it is has no pattern in the advice', async () => {
    for (const name of ['prediction', 'target', 'prediction_old'])
      writeMatrix(cwd, `it's/step_1/${name}.npy`, shape);
    const { stderr } = await collapse(['check', "it's"], { cwd });
    expect(stderr).toContain('has no target: save one, remove it, or name the pair by --pred and --target\n');
  });
});

describe('a file that this tool wrote, in the place of another', () => {
  it.each(['check', 'gate', 'inspect'])('%s says what it is and where it goes', async (command) => {
    for (const step of [1, 2]) {
      for (const role of ['prediction', 'target']) writeMatrix(cwd, `run/step_${step}/${role}.npy`, [8, 3]);
    }
    await collapse(
      ['check', 'run', '--state', 'state.json', '-o', 'json=report.json', '-o', 'ndjson=r.ndjson'],
      { cwd },
    );
    for (const seed of [1, 2]) {
      const text = (await collapse(['measure', 'run'], { cwd })).stdout;
      writeFile(
        cwd,
        `${seed}.ndjson`,
        text
          .replaceAll('"run":"run"', `"run":"${seed}"`)
          .replace(/"pred_cos_mean":[^,]+/, `"pred_cos_mean":0.${seed}`),
      );
    }
    await collapse(['calibrate', '1.ndjson', '2.ndjson', '--alpha', '0.4', '-o', 'normal.json'], { cwd });
    for (const path of ['state.json', 'normal.json', 'report.json']) {
      const { code, stderr } = await collapse([command, path], { cwd });
      expect(stderr).toMatch(
        /^error\[E2\d\d\] this is a state, a reference or a report of this tool, and no /,
      );
      expect(code).toBe(3);
    }
    const { code, stderr } = await collapse([command, 'r.ndjson'], { cwd });
    if (command === 'gate') return expect([code, stderr]).toEqual([0, '']);
    expect(stderr).toContain("help: judge them: `collapse gate 'r.ndjson'`");
    expect(code).toBe(3);
  });
});
