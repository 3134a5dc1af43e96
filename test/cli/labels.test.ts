import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, writeFile, writeMatrix } from '../support/run-folder.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
  for (const role of ['prediction', 'target']) writeMatrix(cwd, `run/${role}.npy`, [6, 2]);
});

async function step(...flags: string[]) {
  const { stdout, code } = await collapse(['measure', 'run', '--projection', ...flags], { cwd });
  expect(code).toBe(0);
  return JSON.parse(stdout.split('\n')[0]!);
}

const label = (values: readonly number[], shape: readonly number[] = [values.length], descr = '<i8') =>
  writeMatrix(cwd, 'run/labels.npy', shape, { values: [...values], descr });

describe('labels of the rows that a projection shows', () => {
  it.each([
    ['<i8', [3, 1, 3, 2, 2, 1234567], ['3', '1', '3', '2', '2', '1234567']],
    ['|b1', [1, 0, 1, 1, 0, 0], ['1', '0', '1', '1', '0', '0']],
    ['<f4', [0.5, 1, -2, 0, 0, 0.125], ['0.5', '1', '-2', '0', '0', '0.125']],
  ])('of %s', async (descr, values, expected) => {
    label(values, [6], descr);
    const { projection, inputs } = await step();
    expect(projection.labels).toEqual(expected);
    expect(inputs.label).toMatchObject({ path: 'run/labels.npy', shape: [6] });
  });

  it('of factors the first; a column of one is one', async () => {
    label([1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9], [6, 2]);
    expect((await step()).projection.labels).toEqual(['1', '2', '3', '4', '5', '6']);
    label([6, 5, 4, 3, 2, 1], [6, 1]);
    expect((await step()).projection.labels).toEqual(['6', '5', '4', '3', '2', '1']);
  });

  it('in the shape of the leading axes; a mask drops them with their rows', async () => {
    for (const role of ['prediction', 'target']) writeMatrix(cwd, `run/${role}.npy`, [3, 2, 2]);
    label([1, 2, 3, 4, 5, 6], [3, 2]);
    writeMatrix(cwd, 'run/mask.npy', [3, 2], { descr: '|b1', values: [1, 0, 1, 1, 0, 1] });
    expect((await step()).projection.labels).toEqual(['1', '3', '4', '6']);
    label([1, 2, 3, 4, 5, 6], [2, 3]);
    expect((await step()).notes.join()).toContain("label: not used, the label 'run/labels.npy' is [2, 3]");
  });

  it('are read only where something asks', async () => {
    label([1, 2]);
    const { stdout } = await collapse(['measure', 'run'], { cwd });
    expect(JSON.parse(stdout.split('\n')[0]!).notes).toEqual([]);
  });
});

/** np.array(['a', 'b', 'c', 'd', 'e', 'f']) */
const TEXT = Buffer.concat([
  Buffer.from('\x93NUMPY\x01\0\x3a\0', 'latin1'),
  Buffer.from("{'descr': '<U1', 'fortran_order': False, 'shape': (6,), }\n"),
  Buffer.from(Uint32Array.from('abcdef', (letter) => letter.charCodeAt(0)).buffer),
]);

describe('what cannot be used', () => {
  const cases: [string, () => void, string, string][] = [
    ['another length', () => label([1, 2, 3, 4, 5]), 'E214', 'is [5], and there are 6 rows'],
    ['NaN', () => label([0, 1, 2, Number.NaN, 4, 5], [6], '<f8'), 'E207', 'row 3 of the label is NaN'],
    ['text', () => writeFile(cwd, 'run/labels.npy', TEXT), 'E206', '<U1'],
  ];
  it.each(cases)('%s is an error where a flag names it, else a note', async (_, write, code, said) => {
    write();
    const named = await collapse(['check', 'run', '--projection', '--label-key', 'labels', '--json'], {
      cwd,
    });
    expect(named.code).toBe(3);
    expect(JSON.parse(named.stdout).errors).toMatchObject([
      { code, path: 'run/labels.npy', message: expect.stringContaining(said) },
    ]);
    const { notes, projection, inputs } = await step();
    expect(notes).toEqual([expect.stringMatching(/^label: not used, /)]);
    expect([projection.labels, inputs.label]).toEqual([undefined, undefined]);
  });

  it('an unreadable file is a note too, and its damage an error where it is named', async () => {
    writeFile(cwd, 'run/labels.npy', 'nothing of the kind');
    expect((await step()).notes).toHaveLength(1);
    const { code } = await collapse(['check', 'run', '--projection', '--label-key', 'labels'], { cwd });
    expect(code).toBe(3);
  });
});
