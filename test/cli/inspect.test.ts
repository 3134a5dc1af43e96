import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, writeFile, writeMatrix } from '../support/run-folder.js';
import { writeZip } from '../support/write-zip.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

const validate = new Ajv2020().compile(JSON.parse(readFileSync('schema/inspection.schema.json', 'utf8')));
const fixture = (name: string) => resolve('fixtures', name);

/** The document of `--json`, held to the published schema. */
async function json(...argv: string[]) {
  const result = await collapse(['inspect', ...argv, '--json'], { cwd });
  const document = JSON.parse(result.stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document.exitCode).toBe(result.code);
  return { ...result, document };
}

describe('headers', () => {
  it('of a file: arrays, size, role and step, in a table', async () => {
    writeMatrix(cwd, 'run/step_000500/prediction.npy', [4, 3]);
    const { code, stdout, stderr } = await collapse(['inspect', 'run/step_000500/prediction.npy'], {
      cwd,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^run\/step_000500\/prediction\.npy {2}npy, \d+ bytes, step 500\n {2}array +dtype +shape +order +role\n {2}\(unnamed\) +float32 +\[4, 3\] +C +prediction\n$/,
    );
  });

  it('in JSON', async () => {
    writeMatrix(cwd, 'run/step_5/target_rank3.npy', [4, 3], { descr: '<f8', fortran: true });
    const { document } = await json('run/step_5/target_rank3.npy');
    expect(document.files).toEqual([
      {
        path: 'run/step_5/target_rank3.npy',
        bytes: expect.any(Number),
        format: 'npy',
        steps: { count: 1, first: 5, last: 5 },
        rank: 3,
        arrays: [{ key: null, dtype: 'float64', shape: [4, 3], order: 'F', kind: 'matrix', role: 'target' }],
        metadata: [],
        notes: [],
        warnings: [],
      },
    ]);
  });

  it('of a table with a step column', async () => {
    const { document } = await json(fixture('formats/arrow/pyarrow.steps.arrow'));
    const [file] = document.files;
    expect(file.steps).toEqual({ count: 2, first: 500, last: 1000 });
    expect(file.arrays.map(({ key, role }: { key: string; role: string }) => [key, role])).toEqual([
      ['step', 'step'],
      ['prediction', 'prediction'],
      ['target', 'target'],
    ]);
  });

  it.each([
    ['npz/numpy.deflated.npz', 'deflate'],
    ['npz/numpy.stored.npz', undefined],
    ['arrow/pyarrow.fsl.f32.lz4.file.arrow', 'LZ4'],
    ['arrow/polars.array.zstd.arrow', 'zstd'],
    ['arrow/pyarrow.fsl.f32.plain.file.arrow', undefined],
    ['parquet/rs.zstd.parquet', 'zstd'],
    ['parquet/rs.uncompressed.parquet', undefined],
  ])('of %s: its arrays are compressed by %s', async (name, codec) => {
    const { document, stdout } = await json(fixture(`formats/${name}`));
    const found = document.files[0].arrays.map(({ compression }: { compression?: string }) => compression);
    expect(new Set(found)).toEqual(new Set([codec]));
    expect(stdout.includes('"compression"')).toBe(codec !== undefined);
  });

  it('of arrays that no role claims, with the reason', async () => {
    writeMatrix(cwd, 'run/ids.npy', [4], { descr: '<i8', values: [1, 2, 3, 4] });
    const { stdout } = await collapse(['inspect', 'run/ids.npy'], { cwd });
    expect(stdout).toContain('note: no role in its name\n');
    expect((await json('run/ids.npy')).document.files[0].arrays[0].role).toBeNull();
  });

  it('of several files, globs, directories, and paths on standard input', async () => {
    for (const name of ['a/pred_step1.npy', 'a/pred_step2.npy', 'b/target.npy', 'c/mask.npy']) {
      writeMatrix(cwd, name, [4, 3]);
    }
    writeFile(cwd, 'b/notes.txt', 'nothing');
    const argv = ['inspect', '-', 'a/*.npy', 'b', '--json'];
    const { stdout } = await collapse(argv, { cwd, input: 'c/mask.npy\n' });
    const paths = JSON.parse(stdout).files.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['c/mask.npy', 'a/pred_step1.npy', 'a/pred_step2.npy', 'b/target.npy']);
  });

  it('of a kl_reg in JSON', async () => {
    writeFile(cwd, 'run/kl_reg_step5.json', '2.5');
    expect((await json('run/kl_reg_step5.json')).document.files[0]).toMatchObject({
      format: 'json',
      steps: { first: 5 },
      arrays: [{ role: 'kl_reg' }],
    });
  });

  it('with --dtype bfloat16', async () => {
    const path = fixture('formats/npy/ml_dtypes.bfloat16.npy');
    const { document } = await json('--values', '--dtype', 'bfloat16', path);
    expect(document.files[0].arrays[0]).toMatchObject({
      dtype: 'bfloat16',
      values: { nonFinite: { nan: 0 } },
    });
  });
});

describe('--values', () => {
  it('tells norms, variance, constant dimensions and what is not finite', async () => {
    writeMatrix(cwd, 'run/prediction.npy', [3, 2], { values: [3, 4, Number.NaN, 1, 0, 4] });
    const { document, code } = await json('--values', 'run/prediction.npy');
    expect(code).toBe(0);
    expect(document.files[0].arrays[0].values).toEqual({
      rows: 3,
      cols: 2,
      finiteRows: 2,
      nonFinite: { nan: 1, infinite: 0, first: { row: 1, column: 0 } },
      elements: { min: 0, mean: 2.75, max: 4 },
      rowNorms: { min: 4, mean: 4.5, max: 5 },
      variancePerDim: { min: 0, mean: 1.125, max: 2.25 },
      constantDims: 1,
    });
    const { stdout } = await collapse(['inspect', '--values', 'run/prediction.npy'], { cwd });
    expect(stdout).toContain('    row norms         min 4, mean 4.5, max 5\n');
    expect(stdout).toContain('    constant dims     1 of 2\n');
    expect(stdout.replace(/\n +/g, ' ')).toContain(
      'not finite        1 NaN, first at row 1, column 0; the rest is of 2 of 3 rows',
    );
  });

  it('tells of a vector its values alone', async () => {
    writeMatrix(cwd, 'run/mask.npy', [4], { descr: '|b1', values: [1, 0, 1, 1] });
    const { document } = await json('--values', 'run/mask.npy');
    expect(document.files[0].arrays[0]).toMatchObject({
      role: 'mask',
      values: { rows: 4, cols: null, elements: { mean: 0.75 }, rowNorms: null, constantDims: null },
    });
  });

  it('an array that cannot be read is an error of its own, and the others go on', async () => {
    const { document, code, stderr } = await json(
      '--values',
      fixture('malformed/arrow/pyarrow.ragged.arrow'),
    );
    expect(code).toBe(3);
    expect(stderr).toContain('error[E210]');
    const [prediction, target] = document.files[0].arrays;
    expect(prediction).toMatchObject({ error: { code: 'E210' } });
    expect(target).toHaveProperty('values');
  });

  it('is held to --max-memory', async () => {
    writeMatrix(cwd, 'run/prediction.npy', [100, 10]);
    const { document } = await json('--values', '--max-memory', '1000', 'run/prediction.npy');
    expect(document.files[0].arrays[0].error).toMatchObject({ code: 'E220' });
  });
});

describe('what is wrong with a file', () => {
  it('is told in a block, with exit 3, and the other files go on', async () => {
    writeMatrix(cwd, 'run/pred.npy', [4, 3]);
    const cut = fixture('malformed/npy/cut_on_an_element.npy');
    const { document, code, stderr } = await json(cut, 'run/pred.npy', 'run/none.npy');
    expect(code).toBe(3);
    expect(stderr).toContain(`error[E203] the file is cut short`);
    expect(stderr).toContain(`--> ${cut}\n`);
    expect(document.errors.map((error: { code: string }) => error.code)).toEqual(['E201', 'E203']);
    expect(document.files.map((file: { format: string | null }) => file.format)).toEqual([null, 'npy']);
    expect(document.files[0]).toMatchObject({ bytes: 204, error: { code: 'E203', path: cut } });
  });

  it('is in the table too', async () => {
    const { stdout, code } = await collapse(['inspect', fixture('malformed/pt/module.pt')], {
      cwd,
    });
    expect(code).toBe(3);
    expect(stdout).toContain('\n  E205 this PyTorch file asks for torch.nn.modules.linear.Linear');
  });

  it('a Zarr store is refused with the line that converts it, and the files beside it go on', async () => {
    writeMatrix(cwd, 'run/target.npy', [4, 3]);
    writeFile(cwd, 'run/pred.zarr/zarr.json', '{"zarr_format": 3}');
    writeFile(cwd, 'run/pred.zarr/c/0/0', '');
    const { document, code, stderr } = await json('run');
    expect(code).toBe(3);
    expect(stderr).toContain('np.save("run/pred.npy", zarr.open("run/pred.zarr", mode="r")[:])');
    expect(document.errors).toEqual([expect.objectContaining({ code: 'E205', path: 'run/pred.zarr' })]);
    expect(document.files.map(({ path }: { path: string }) => path)).toEqual(['run/target.npy']);
    expect((await json('run/pred.zarr')).document.errors).toEqual([
      expect.objectContaining({ code: 'E205', path: 'run/pred.zarr' }),
    ]);
  });

  it('an empty directory is 4, no path is 2, a missing one is 3', async () => {
    writeFile(cwd, 'empty/notes.txt', '');
    expect((await json('empty')).code).toBe(4);
    expect((await json()).document).toMatchObject({ exitCode: 2, errors: [{ code: 'E103' }] });
    expect((await json('none.npy')).code).toBe(3);
    expect((await json('--valuse', 'x')).document).toMatchObject({ exitCode: 2, errors: [{ code: 'E101' }] });
  });
});

it('names from outside are escaped', async () => {
  const name = 'pred\u001b[31m\u202e\n.npy';
  writeMatrix(cwd, `run/${name}`, [4, 3]);
  const { stdout } = await collapse(['inspect', '--ascii', 'run'], { cwd });
  expect(stdout).toContain('pred\\x1b[31m\\u{202e}\\x0a.npy');
  expect(stdout.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]+$/);
});

it('says what is wrong with all arrays of a file once', async () => {
  const empty = '{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}';
  const header = Buffer.from(`{${['a', 'b', 'c'].map((name) => `"${name}":${empty}`).join()}}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFile(cwd, 'x.safetensors', Buffer.concat([length, header]));
  const { code, stdout, stderr } = await collapse(['inspect', '--values', 'x.safetensors'], { cwd });
  expect(code).toBe(3);
  expect(stdout.match(/E208/g)).toHaveLength(3);
  expect(stderr.match(/error\[E208\]/g)).toHaveLength(1);
});

it('reads no more values than a file of its size can be worth', async () => {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (1024, 1024), }`.padEnd(117);
  const zeros = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
    Buffer.from(`${header}\n`),
    Buffer.alloc(2 ** 22),
  ]);
  const names = Array.from({ length: 30 }, (_, i) => `a${i}`);
  const members = names.map((name) => ({ name: `${name}.npy`, bytes: zeros, deflated: true }));
  writeFile(cwd, 'x.npz', writeZip(members));
  const { code, document, stderr } = await json('--values', 'x.npz', '--max-memory', '16MiB');
  expect(code).toBe(3);
  expect(stderr.match(/error\[E220\]/g)).toHaveLength(1);
  const { arrays } = document.files[0];
  expect(arrays.map(({ values }: { values?: unknown }) => values !== undefined)).toEqual(
    names.map((_, i) => i < 4),
  );
  expect((await json('--values', 'x.npz')).code).toBe(0);
});

it('refuses to summarise a row that takes more than the budget, and says how much', async () => {
  writeMatrix(cwd, 'wide.npy', [2, 100_000]);
  const { code, stderr } = await collapse(['inspect', '--values', 'wide.npy', '--max-memory', '2MiB'], {
    cwd,
  });
  expect(code).toBe(3);
  expect(stderr).toContain('error[E220] 4800000 bytes are needed at once; the budget is 2097152');
});

describe('a file of many arrays', () => {
  const many = 20_000;
  beforeEach(() => {
    const array = (at: number) => `{"dtype":"F32","shape":[2,2],"data_offsets":[${16 * at},${16 * at + 16}]}`;
    const names = Array.from({ length: many }, (_, i) => `layer_${i}`);
    const keys = [...names, 'prediction', 'x'.repeat(100_000)];
    const header = Buffer.from(`{${keys.map((name, i) => `"${name}":${array(i)}`).join()}}`);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFile(cwd, 'x.safetensors', Buffer.concat([length, header, Buffer.alloc(16 * keys.length)]));
  });

  it.each([[[]], [['--values']]])(
    'shows some, those with a role among them, and counts the rest: %s',
    async (flags) => {
      const { code, stdout } = await collapse(['inspect', 'x.safetensors', ...flags], { cwd });
      expect(code).toBe(0);
      expect(stdout.length).toBeLessThan(60_000);
      expect(stdout).toMatch(
        /^ {2}layer_98 .*\n {2}prediction .* prediction\n {2}19902 more arrays: --verbose and --json list them all\.\n/m,
      );
    },
  );

  it('shows all where that is asked for', async () => {
    const { stdout } = await collapse(['inspect', 'x.safetensors', '--verbose'], { cwd });
    expect(stdout.match(/^ {2}layer_/gm)).toHaveLength(many);
    expect(stdout).toMatch(/^ {2}x{37}\.\.\. /m);
    expect((await json('x.safetensors')).document.files[0].arrays).toHaveLength(many + 2);
  });
});
