import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int8,
  Int32,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import { Type } from 'apache-arrow/fb/type';
import { describe, expect, it } from 'vitest';
import { openArrayFile } from '#formats/index.js';
import type { OpenedFile, OpenOptions, RowRange } from '#formats/shared/define-format.js';
import { memorySource } from '#io/memory-source.js';
import {
  batchMessage,
  concat,
  END,
  fileAround,
  float32,
  schemaMessage,
  tensorMessage,
} from './arrow-build.js';
import { FIXTURES, fixtureFolder } from './fixture-folder.js';

const open = (bytes: Uint8Array, options: OpenOptions = {}): Promise<OpenedFile> =>
  openArrayFile(memorySource('x.arrow', bytes), options);
const values = async (file: OpenedFile, key: string | null = null, rows?: RowRange[]): Promise<number[]> =>
  Array.from((await file.readMatrix(key, rows)).matrix.data);

const listOf = (type: DataType, width?: number): DataType =>
  width === undefined
    ? new List(new Field('item', type, true))
    : new FixedSizeList(width, new Field('item', type, true));
const table = (columns: Record<string, [DataType, unknown[]]>): Table =>
  new Table(
    Object.fromEntries(
      Object.entries(columns).map(([name, [type, data]]) => [name, vectorFromArray(data, type)]),
    ),
  );
const written = (
  columns: Record<string, [DataType, unknown[]]>,
  kind: 'file' | 'stream' = 'file',
): Uint8Array => tableToIPC(table(columns), kind);

const ROWS = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
  [10, 11, 12],
];

describe('Arrow lists of numbers', () => {
  const types: [string, DataType, string][] = [
    ['float16', new Float16(), 'float16'],
    ['float32', new Float32(), 'float32'],
    ['float64', new Float64(), 'float64'],
    ['int8', new Int8(), 'int8'],
    ['int32', new Int32(), 'int32'],
  ];
  for (const kind of ['file', 'stream'] as const) {
    for (const [name, type, dtype] of types) {
      it.each([
        ['List', undefined],
        ['FixedSizeList', 3],
      ])(`${name} in a %s loads from a ${kind}`, async (_, width) => {
        const file = await open(written({ x: [listOf(type, width), ROWS] }, kind));
        expect(file.arrays).toEqual([
          { key: 'x', dtype, shape: [4, width ?? null], order: 'C', kind: 'matrix' },
        ]);
        expect(await values(file)).toEqual(ROWS.flat());
      });
    }
  }

  it('int64 loads up to 2^53 and is refused beyond, by row', async () => {
    const rows = [
      [1n, 2n ** 53n],
      [-(2n ** 53n), 3n],
    ];
    expect(await values(await open(written({ x: [listOf(new Int64(), 2), rows] })))).toEqual(
      rows.flat().map(Number),
    );
    const beyond = await open(
      written({
        x: [
          listOf(new Int64(), 2),
          [
            [1n, 2n],
            [3n, 2n ** 53n + 1n],
          ],
        ],
      }),
    );
    await expect(values(beyond)).rejects.toMatchObject({
      code: 'E222',
      message: expect.stringContaining('row 1, value 1'),
    });
  });

  it('bool loads as 0 and 1', async () => {
    const rows = Array.from({ length: 11 }, (_, i) => [i % 2 === 0, i % 3 === 0, true]);
    const file = await open(written({ x: [listOf(new Bool(), 3), rows] }));
    expect(await values(file)).toEqual(rows.flat().map(Number));
    expect(await values(file, 'x', [[3, 5]])).toEqual(rows.slice(3, 5).flat().map(Number));
  });

  it('every fixture gives what apache-arrow gives', async () => {
    for (const { name, path } of fixtureFolder('formats/arrow')) {
      // apache-arrow brings no codec; what is compressed is held against the writer's own values.
      if (/lz4|zstd|default/.test(name)) continue;
      const bytes = readFileSync(path);
      const theirs = tableFromIPC(bytes);
      const file = await open(bytes);
      for (const { key, kind } of file.arrays) {
        const column = theirs.getChild(key ?? '');
        if (kind !== 'matrix' || column === null) continue;
        const expected = Array.from(column as Iterable<Iterable<number>>, (row) => Array.from(row)).flat();
        expect(await values(file, key)).toEqual(expected);
      }
    }
  });
});

describe('Arrow batches and rows', () => {
  const batches = (width?: number): Uint8Array => {
    const one = (rows: number[][]): Table =>
      table({ x: [listOf(new Float64(), width), rows], step: [new Int32(), rows.map((r) => r[0])] });
    const [first, ...others] = [ROWS.slice(0, 1), ROWS.slice(1, 3), ROWS.slice(3)].map(one);
    return tableToIPC((first as Table).concat(...others), 'stream');
  };

  it.each([[undefined], [3]])('several batches load, whole and by rows (width %s)', async (width) => {
    const file = await open(batches(width));
    expect(await values(file, 'x')).toEqual(ROWS.flat());
    const ranges: RowRange[] = [
      [2, 4],
      [0, 2],
      [1, 2],
    ];
    expect(await values(file, 'x', ranges)).toEqual(ranges.flatMap(([a, b]) => ROWS.slice(a, b).flat()));
    expect(Array.from(await file.readVector('step'))).toEqual([1, 4, 7, 10]);
    expect(
      Array.from(
        await file.readVector('step', [
          [3, 4],
          [0, 2],
        ]),
      ),
    ).toEqual([10, 1, 4]);
  });

  it('rows of different lengths in different batches are refused with the row', async () => {
    const type = listOf(new Float32());
    const [a, b] = [
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6], [7]],
    ].map((rows) => table({ x: [type, rows] })) as [Table, Table];
    const file = await open(tableToIPC(a.concat(b)));
    await expect(values(file)).rejects.toMatchObject({
      code: 'E210',
      message: expect.stringContaining('row 3 has 1 value'),
    });
    expect(await values(file, 'x', [[0, 3]])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('rows beyond the table are refused', async () => {
    await expect(values(await open(batches()), 'x', [[3, 5]])).rejects.toMatchObject({ code: 'E224' });
  });

  it('the memory budget is checked before anything is allocated', async () => {
    const file = await open(batches(3), { maxMemory: 95 });
    await expect(values(file, 'x')).rejects.toMatchObject({
      code: 'E220',
      fields: { needed: 96, budget: 95 },
    });
    await expect(file.readVector('step')).resolves.toHaveLength(4);
  });

  it('schema metadata is exposed', async () => {
    const schema = new Schema([new Field('x', new Int32())], new Map([['kl_reg', '1.5']]));
    const data = makeData({
      type: new Struct(schema.fields),
      children: [makeData({ type: new Int32(), data: Int32Array.of(1) })],
    });
    const file = await open(tableToIPC(new Table([new RecordBatch(schema, data as never)])));
    expect(file.metadata).toEqual({ kl_reg: '1.5' });
  });
});

describe('Arrow lists of lists and numbered columns', () => {
  const nested = [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [7, 8],
      [9, 10],
      [11, 12],
    ],
  ];
  it.each([
    ['List', undefined, undefined],
    ['FixedSizeList', 3, 2],
  ])('a %s of lists flattens its leading axes', async (_, outer, inner) => {
    const file = await open(written({ x: [listOf(listOf(new Float32(), inner), outer), nested] }));
    const { matrix, shape, notes } = await file.readMatrix('x');
    expect([matrix.rows, matrix.cols, shape]).toEqual([6, 2, [2, 3, 2]]);
    expect(Array.from(matrix.data)).toEqual(nested.flat(2));
    expect(notes).toEqual(['3-D [2, 3, 2] flattened to 6 rows']);
    expect(await values(file, 'x', [[1, 5]])).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('a ragged list of lists is refused', async () => {
    const file = await open(
      written({
        x: [
          listOf(listOf(new Float32())),
          [
            [
              [1, 2],
              [3, 4],
            ],
            [[5, 6]],
          ],
        ],
      }),
    );
    await expect(values(file)).rejects.toMatchObject({ code: 'E210' });
  });

  it('one column a dimension plus an id column is one matrix', async () => {
    const file = await open(
      tableToIPC(
        tableFromArrays({
          dim_1: Float32Array.of(2, 5),
          dim_0: Float32Array.of(1, 4),
          dim_2: Float32Array.of(3, 6),
          id: ['a', 'b'],
        }),
      ),
    );
    expect(file.arrays.filter(({ kind }) => kind === 'matrix')).toEqual([
      { key: 'dim_*', dtype: 'float32', shape: [2, 3], order: 'F', kind: 'matrix' },
    ]);
    expect(await values(file)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await values(file, 'dim_*', [[1, 2]])).toEqual([4, 5, 6]);
  });

  it('numbered columns with a gap, of integers, or beside lists stay columns', async () => {
    const gap = await open(tableToIPC(tableFromArrays({ a_0: Float32Array.of(1), a_2: Float32Array.of(1) })));
    const ints = await open(tableToIPC(tableFromArrays({ a_0: Int32Array.of(1), a_1: Int32Array.of(1) })));
    const lists = await open(
      written({
        x: [listOf(new Float32()), ROWS],
        a_0: [new Float32(), [1, 2, 3, 4]],
        a_1: [new Float32(), [1, 2, 3, 4]],
      }),
    );
    for (const file of [gap, ints]) expect(file.arrays.map(({ kind }) => kind)).toEqual(['vector', 'vector']);
    expect(lists.arrays.map(({ kind }) => kind)).toEqual(['matrix', 'vector', 'vector']);
  });
});

describe('Arrow columns that are refused', () => {
  it('a null row, a null element and a null in a vector are refused, never read as 0', async () => {
    const type = listOf(new Float32());
    const row = await open(written({ x: [type, [[1, 2], null, [3, 4]]] }));
    await expect(values(row)).rejects.toMatchObject({
      code: 'E211',
      message: expect.stringContaining('row 1'),
    });
    const element = await open(
      written({
        x: [
          type,
          [
            [1, 2],
            [3, null],
          ],
        ],
      }),
    );
    await expect(values(element)).rejects.toMatchObject({
      code: 'E211',
      message: expect.stringContaining('row 1, column 1'),
    });
    expect(await values(element, 'x', [[0, 1]])).toEqual([1, 2]);
    const fixed = await open(
      written({
        x: [
          listOf(new Float32(), 2),
          [
            [1, 2],
            [null, 4],
          ],
        ],
      }),
    );
    await expect(values(fixed)).rejects.toMatchObject({
      code: 'E211',
      message: expect.stringContaining('row 1, column 0'),
    });
    const vector = await open(written({ x: [new Float64(), [1, null]] }));
    await expect(vector.readVector('x')).rejects.toMatchObject({
      code: 'E211',
      message: expect.stringContaining('row 1'),
    });
  });

  it('strings, dictionaries and structs are other, and refused when read', async () => {
    const file = await open(tableToIPC(tableFromArrays({ name: ['a', 'b'], x: Float32Array.of(1, 2) })));
    expect(file.arrays.map(({ kind }) => kind)).toEqual(['other', 'vector']);
    await expect(file.readMatrix('name')).rejects.toMatchObject({ code: 'E206' });
    await expect(file.readVector('name')).rejects.toMatchObject({ code: 'E206' });
    expect(Array.from(await file.readVector('x'))).toEqual([1, 2]);
  });

  it('dictionary-encoded numbers are refused by name, plain columns beside them load', async () => {
    const type = new Dictionary(new Float32(), new Int32());
    const file = await open(written({ x: [type, [1, 2, 1, 2]], y: [listOf(new Float32(), 3), ROWS] }));
    await expect(file.readVector('x')).rejects.toMatchObject({
      code: 'E206',
      message: expect.stringContaining('dictionary'),
    });
    expect(await values(file, 'y')).toEqual(ROWS.flat());
  });

  it.each([
    ['run-end encoded', Type.RunEndEncoded],
    ['list view', Type.ListView],
    ['large list view', Type.LargeListView],
    ['union', Type.Union],
    ['binary', Type.Binary],
    ['binary view', Type.BinaryView],
  ])('%s is refused by name', async (name, type) => {
    const children =
      { [Type.RunEndEncoded]: 2, [Type.ListView]: 1, [Type.LargeListView]: 1, [Type.Union]: 1 }[
        type as number
      ] ?? 0;
    const field = {
      name: 'x',
      type,
      children: Array.from({ length: children }, (_, i) => float32(`child${i}`)),
    };
    const file = await open(concat(schemaMessage([field]), END));
    expect(file.arrays).toMatchObject([{ key: 'x', dtype: name, kind: 'other' }]);
    await expect(file.readMatrix('x')).rejects.toMatchObject({
      code: 'E206',
      message: expect.stringContaining(name),
    });
  });

  it('a vector is no matrix, a matrix no vector, and a name must exist', async () => {
    const file = await open(
      written({
        x: [listOf(new Float32()), ROWS],
        y: [listOf(new Float32()), ROWS],
        s: [new Int32(), [1, 2, 3, 4]],
      }),
    );
    await expect(file.readMatrix('s')).rejects.toMatchObject({ code: 'E209' });
    await expect(file.readVector('x')).rejects.toMatchObject({ code: 'E209' });
    await expect(file.readMatrix('z')).rejects.toMatchObject({
      code: 'E213',
      message: expect.stringContaining('"x", "y", "s"'),
    });
    await expect(file.readMatrix(null)).rejects.toMatchObject({
      code: 'E212',
      message: expect.stringContaining('"x", "y"'),
    });
    expect(await file.readVector(null)).toHaveLength(4);
  });

  it('lists of no values are refused', async () => {
    await expect(values(await open(written({ x: [listOf(new Float32()), [[], []]] })))).rejects.toMatchObject(
      { code: 'E208' },
    );
  });
});

describe('Arrow files written by hand', () => {
  const body = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
  const batch = batchMessage(
    4,
    [[4, 0]],
    [
      [0, 0],
      [0, 16],
    ],
    body,
  );
  const fields = [float32('x')];

  it('a stream loads; without an end marker it warns', async () => {
    const whole = await open(concat(schemaMessage(fields), batch, batch, END));
    expect(whole.warnings).toEqual([]);
    expect(Array.from(await whole.readVector('x'))).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    const cut = await open(concat(schemaMessage(fields), batch));
    expect(cut.warnings).toEqual(['the Arrow stream has no end marker; rows may be missing']);
    expect(Array.from(await cut.readVector('x'))).toEqual([1, 2, 3, 4]);
  });

  it('a stream cut mid-message is refused', async () => {
    const bytes = concat(schemaMessage(fields), batch, batch, END);
    await expect(open(bytes.slice(0, -20))).rejects.toMatchObject({ code: 'E203' });
    await expect(open(bytes.slice(0, schemaMessage(fields).length + 6))).rejects.toMatchObject({
      code: 'E203',
    });
  });

  it('a cut file is refused', async () => {
    const bytes = readFileSync(join(FIXTURES, 'formats/arrow/pyarrow.fsl.f32.plain.file.arrow'));
    await expect(open(bytes.subarray(0, 3000))).rejects.toMatchObject({ code: 'E203' });
  });

  it('two streams in one file are refused', async () => {
    const stream = concat(schemaMessage(fields), batch, END);
    await expect(open(concat(stream, stream))).rejects.toMatchObject({
      code: 'E203',
      fields: { expected: stream.length },
    });
  });

  it('two columns of one name are refused', async () => {
    await expect(open(concat(schemaMessage([float32('x'), float32('x')]), END))).rejects.toMatchObject({
      code: 'E204',
    });
  });

  it('big-endian data are refused', async () => {
    await expect(open(concat(schemaMessage(fields, true), batch, END))).rejects.toMatchObject({
      code: 'E206',
    });
  });

  it('tensor messages are refused', async () => {
    await expect(open(tensorMessage())).rejects.toMatchObject({
      code: 'E205',
      message: expect.stringContaining('tensor'),
    });
  });

  it('zero batches have no rows', async () => {
    const file = await open(concat(schemaMessage(fields), END));
    await expect(file.readVector('x')).rejects.toMatchObject({
      code: 'E208',
      message: expect.stringContaining('no rows'),
    });
  });

  it('a batch listed twice in the footer is refused', async () => {
    const block = [8, batch.length - 16, 16] as const;
    const once = await open(fileAround(fields, [batch], [block]));
    expect(Array.from(await once.readVector('x'))).toEqual([1, 2, 3, 4]);
    await expect(open(fileAround(fields, [batch], [block, block]))).rejects.toMatchObject({ code: 'E204' });
  });

  it.each([
    [
      'more rows than its column',
      batchMessage(
        5,
        [[4, 0]],
        [
          [0, 0],
          [0, 16],
        ],
        body,
      ),
    ],
    [
      'a buffer beyond its body',
      batchMessage(
        4,
        [[4, 0]],
        [
          [0, 0],
          [8, 16],
        ],
        body,
      ),
    ],
    [
      'more nulls than values',
      batchMessage(
        4,
        [[4, 5]],
        [
          [0, 0],
          [0, 16],
        ],
        body,
      ),
    ],
    ['a missing buffer', batchMessage(4, [[4, 0]], [[0, 16]], body)],
    [
      'a column too many',
      batchMessage(
        4,
        [
          [4, 0],
          [4, 0],
        ],
        [
          [0, 0],
          [0, 16],
        ],
        body,
      ),
    ],
  ])('a batch with %s is refused at opening', async (_, bad) => {
    await expect(open(concat(schemaMessage(fields), bad, END))).rejects.toMatchObject({ code: 'E204' });
  });

  it.each([
    [
      'too short a buffer',
      batchMessage(
        4,
        [[4, 0]],
        [
          [0, 0],
          [0, 12],
        ],
        body,
      ),
    ],
    [
      'nulls without a bitmap',
      batchMessage(
        4,
        [[4, 1]],
        [
          [0, 0],
          [0, 16],
        ],
        body,
      ),
    ],
    [
      'rows that no buffer could hold',
      batchMessage(
        2 ** 40,
        [[2 ** 40, 0]],
        [
          [0, 0],
          [0, 16],
        ],
        body,
      ),
    ],
  ])('a batch with %s is refused at reading', async (_, bad) => {
    const file = await open(concat(schemaMessage(fields), bad, END));
    await expect(file.readVector('x')).rejects.toMatchObject({ code: 'E204' });
  });

  it('a null in the bitmap counts though the null count is 0', async () => {
    const marked = concat(body, Uint8Array.of(0b1011, 0, 0, 0, 0, 0, 0, 0));
    const file = await open(
      concat(
        schemaMessage(fields),
        batchMessage(
          4,
          [[4, 0]],
          [
            [16, 1],
            [0, 16],
          ],
          marked,
        ),
        END,
      ),
    );
    await expect(file.readVector('x')).rejects.toMatchObject({
      code: 'E211',
      message: expect.stringContaining('row 2'),
    });
  });

  it('a batch above 2 GiB is read by rows', async () => {
    const rows = 700_000_000;
    const head = concat(
      schemaMessage(fields),
      batchMessage(
        rows,
        [[rows, 0]],
        [
          [0, 0],
          [0, rows * 4],
        ],
        new Uint8Array(0),
        rows * 4,
      ),
    );
    const byteLength = head.length + rows * 4 + END.length;
    /** Value i is i modulo 2^20; only what is asked for exists. */
    const byteAt = (at: number): number => {
      if (at < head.length) return head[at] as number;
      const index = at - head.length;
      if (index >= rows * 4) return END[index - rows * 4] as number;
      return new Uint8Array(Float32Array.of(Math.floor(index / 4) % 2 ** 20).buffer)[index % 4] as number;
    };
    const slice = (start: number, end: number): Uint8Array =>
      Uint8Array.from({ length: end - start }, (_, i) => byteAt(start + i));
    const readInto = (target: Uint8Array, start: number): void =>
      target.set(slice(start, start + target.length));
    const file = await openArrayFile({ ...memorySource('x', head), byteLength, slice, readInto });
    const got = await file.readVector('x', [
      [rows - 3, rows],
      [0, 2],
    ]);
    expect(Array.from(got)).toEqual([...[rows - 3, rows - 2, rows - 1].map((i) => i % 2 ** 20), 0, 1]);
  });

  it('list offsets that run backwards or out of the child are refused', async () => {
    const list = [{ name: 'x', type: Type.List, children: [float32('item')] }];
    const attempt = async (offsets: number[]): Promise<number[]> => {
      const all = concat(body, new Uint8Array(Int32Array.from(offsets).buffer), new Uint8Array(4));
      const nodes = [
        [2, 0],
        [4, 0],
      ] as const;
      const message = batchMessage(
        2,
        nodes,
        [
          [0, 0],
          [16, 12],
          [0, 0],
          [0, 16],
        ],
        all,
      );
      return values(await open(concat(schemaMessage(list), message, END)));
    };
    expect(await attempt([0, 2, 4])).toEqual([1, 2, 3, 4]);
    await expect(attempt([2, 0, 2])).rejects.toMatchObject({ code: 'E204' });
    await expect(attempt([0, 4, 8])).rejects.toMatchObject({ code: 'E204' });
    await expect(attempt([-2, 0, 2])).rejects.toMatchObject({ code: 'E204' });
  });
});
