import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '#errors.js';
import { openArrayFile } from '#formats/index.js';
import { memorySource } from '#io/memory-source.js';
import { cpuMs } from '../support/cpu-time.js';
import { FIXTURES } from './fixture-folder.js';

/**
 * The cases that must hold, by name, each with the file that shows it: [case, file, how it ends]. 'loads' is a matrix
 * (its values are held to account in fixtures.test.ts), a code is a refusal at opening or reading.
 */
type Case = readonly [name: string, file: string, ends: string, key?: string];

const NPY: readonly Case[] = [
  ['f4', 'formats/npy/f4.npy', 'loads'],
  ['f8', 'formats/npy/f8.npy', 'loads'],
  ['f2 with subnormals, -0 and inf', 'formats/npy/f2_subnormal_negative_zero_inf.npy', 'loads'],
  ['>f4', 'formats/npy/big_endian_f4.npy', 'loads'],
  ['<i8 beyond 2^53', 'malformed/npy/i8_positive_beyond_2_53.npy', 'E222'],
  ['u1', 'formats/npy/u1.npy', 'loads'],
  ['bool as 0 and 1', 'formats/npy/bool.npy', 'loads'],
  ['c8', 'malformed/npy/complex64.npy', 'E206'],
  ['<V2 names bfloat16', 'malformed/npy/raw_v2_perhaps_bfloat16.npy', 'E206'],
  ['<V1', 'malformed/npy/raw_v1.npy', 'E206'],
  ['object', 'malformed/npy/object_pickle.npy', 'E206'],
  ['structured', 'malformed/npy/structured.npy', 'E206'],
  ['Fortran 2-D', 'formats/npy/fortran_2d.npy', 'loads'],
  ['Fortran 3-D', 'formats/npy/fortran_3d.npy', 'loads'],
  ['version 2', 'formats/npy/version_2.npy', 'loads'],
  ['version 3', 'formats/npy/version_3.npy', 'loads'],
  ['version 9', 'malformed/npy/version_9.npy', 'E204'],
  ['0-d', 'malformed/npy/scalar_0d.npy', 'E209'],
  ['1-d', 'malformed/npy/vector_1d.npy', 'E209'],
  ['3-d by flattening leading axes', 'formats/npy/c_3d.npy', 'loads'],
  ['0×4', 'malformed/npy/shape_0x4.npy', 'E208'],
  ['4×0', 'malformed/npy/shape_4x0.npy', 'E208'],
  ['data offset off by 1', 'formats/npy/data_offset_off_by_1.npy', 'loads'],
  ['data offset off by 2', 'formats/npy/data_offset_off_by_2.npy', 'loads'],
  ['data offset off by 3', 'formats/npy/data_offset_off_by_3.npy', 'loads'],
  ['cut on an element', 'malformed/npy/cut_on_an_element.npy', 'E203'],
  ['cut inside an element', 'malformed/npy/cut_inside_an_element.npy', 'E203'],
  ['trailing bytes', 'malformed/npy/trailing_bytes.npy', 'E203'],
  ['two arrays in one file', 'malformed/npy/two_arrays_in_one_file.npy', 'E203'],
  ['negative shape', 'malformed/npy/negative_axis.npy', 'E204'],
  ['overflowing shape', 'malformed/npy/overflowing_product.npy', 'E204'],
  ['(5L, 4L)', 'formats/npy/python_2_long_shape.npy', 'loads'],
  ['duplicate key', 'malformed/npy/duplicate_key.npy', 'E204'],
  ['descr inside a string', 'malformed/npy/descr_inside_a_string.npy', 'E204'],
  ['20 MiB header', 'malformed/npy/header_of_20_MiB.npy', 'E204'],
  ['lying header length', 'malformed/npy/header_length_beyond_the_file.npy', 'E204'],
  ['0 bytes', 'malformed/other/empty.npy', 'E204'],
  ['5 bytes', 'malformed/npy/magic_only_5_bytes.npy', 'E204'],
  ['9 bytes', 'malformed/npy/header_cut_9_bytes.npy', 'E204'],
  ['LFS pointer', 'malformed/other/git_lfs_pointer.npy', 'E219'],
  ['HTML', 'malformed/other/web_page.npy', 'E219'],
];

const ARROW: readonly Case[] = [
  ['FixedSizeList f32, uncompressed, file', 'formats/arrow/pyarrow.fsl.f32.plain.file.arrow', 'loads'],
  ['FixedSizeList f32, uncompressed, stream', 'formats/arrow/pyarrow.fsl.f32.plain.stream.arrow', 'loads'],
  ['FixedSizeList f32, LZ4, file', 'formats/arrow/pyarrow.fsl.f32.lz4.file.arrow', 'loads'],
  ['FixedSizeList f32, LZ4, stream', 'formats/arrow/pyarrow.fsl.f32.lz4.stream.arrow', 'loads'],
  ['FixedSizeList f32, zstd, file', 'formats/arrow/pyarrow.fsl.f32.zstd.file.arrow', 'loads'],
  ['FixedSizeList f32, zstd, stream', 'formats/arrow/pyarrow.fsl.f32.zstd.stream.arrow', 'loads'],
  ['FixedSizeList f64', 'formats/arrow/pyarrow.fsl.f64.arrow', 'loads'],
  ['f16 in a FixedSizeList', 'formats/arrow/pyarrow.fsl.f16.lz4.arrow', 'loads'],
  ['f16 in a List', 'formats/arrow/pyarrow.list.f16.zstd.arrow', 'loads'],
  ['several batches', 'formats/arrow/hf.datasets.stream.arrow', 'loads'],
  ['Polars LZ4', 'formats/arrow/polars.list.lz4.arrow', 'loads'],
  ['Polars zstd', 'formats/arrow/polars.array.zstd.arrow', 'loads'],
  ['LargeList', 'formats/arrow/pyarrow.largelist.f32.arrow', 'loads'],
  ['sliced List', 'formats/arrow/pyarrow.list.sliced.arrow', 'loads'],
  ['sliced FixedSizeList, LZ4', 'formats/arrow/pyarrow.fsl.sliced.lz4.arrow', 'loads'],
  ['ragged with a divisible total, by row', 'malformed/arrow/pyarrow.ragged.arrow', 'E210'],
  ['null row', 'malformed/arrow/pyarrow.null_row.arrow', 'E211'],
  ['null element', 'malformed/arrow/pyarrow.null_element.arrow', 'E211'],
  ['plain columns', 'formats/arrow/pyarrow.columns.arrow', 'loads', 'pred_*'],
  ['fixed_shape_tensor', 'formats/arrow/pyarrow.fixed_shape_tensor.arrow', 'loads'],
  [
    'fixed_shape_tensor with a permutation',
    'malformed/arrow/pyarrow.fixed_shape_tensor.permuted.arrow',
    'E206',
  ],
  ['string views beside the data', 'formats/arrow/polars.list.uncompressed.arrow', 'loads'],
  ['Feather v1', 'malformed/other/feather_v1.feather', 'E205'],
  ['Feather v2 as pandas writes it', 'formats/arrow/pandas.default.feather', 'loads'],
  ['ListView', 'malformed/arrow/pyarrow.listview.arrow', 'E206'],
  ['zero batches', 'malformed/arrow/pyarrow.no_batches.arrow', 'E208'],
  ['legacy v4', 'formats/arrow/pyarrow.legacy_v4.stream.arrow', 'loads'],
  ['a step column of many steps', 'formats/arrow/pyarrow.steps.arrow', 'loads'],
];

const OTHERS: readonly Case[] = [
  ['npz: stored', 'formats/npz/numpy.stored.npz', 'loads'],
  ['npz: deflated', 'formats/npz/numpy.deflated.npz', 'loads', 'z_pred'],
  ['npz: zip64', 'formats/npz/zip64.npz', 'loads'],
  ['npz: keys with spaces', 'formats/npz/keys_with_spaces.npz', 'loads', 'sp|P1 pred emb'],
  ['npz: encrypted', 'malformed/npz/encrypted.npz', 'E205'],
  ['safetensors: overlap', 'malformed/safetensors/overlap.safetensors', 'E204'],
  ['safetensors: hole', 'malformed/safetensors/hole.safetensors', 'E204'],
  ['safetensors: trailing bytes', 'malformed/safetensors/trailing_bytes.safetensors', 'E203'],
  ['safetensors: duplicate key', 'malformed/safetensors/duplicate_key.safetensors', 'E204'],
  ['safetensors: over-long header', 'malformed/safetensors/header_too_long.safetensors', 'E204'],
  ['safetensors: BF16', 'formats/safetensors/safetensors.bf16.safetensors', 'loads'],
  ['safetensors: F16', 'formats/safetensors/safetensors.f16.safetensors', 'loads'],
  ['Parquet: list column, Snappy', 'formats/parquet/pyarrow.list.snappy.parquet', 'loads'],
  ['Parquet: list column, zstd', 'formats/parquet/pyarrow.fsl.zstd.parquet', 'loads'],
  ['Parquet: one column a dimension', 'formats/parquet/rs.columns.parquet', 'loads', 'pred_*'],
  ['Parquet: encrypted', 'malformed/parquet/encrypted.parquet', 'E205'],
  ['torch.save', 'formats/pt/dict.pt', 'loads', 'prediction'],
  ['pickle', 'malformed/other/pickle_protocol_4.npy', 'E205'],
  ['torch.save of a module', 'malformed/pt/module.pt', 'E205'],
  ['HDF5', 'malformed/other/hdf5.h5', 'E205'],
  ['Zarr', 'malformed/other/zarr_v3.json', 'E205'],
];

const read = async (file: string, key: string | undefined, bytes = readFileSync(join(FIXTURES, file))) => {
  const opened = await openArrayFile(memorySource(file, bytes));
  const single = opened.arrays.length === 1;
  return opened.readMatrix(single ? (opened.arrays[0]?.key ?? null) : (key ?? 'prediction'));
};

for (const [format, cases] of [
  ['npy', NPY],
  ['Arrow', ARROW],
  ['other formats', OTHERS],
] as const) {
  describe(format, () => {
    for (const [name, file, ends, key] of cases) {
      it(`${name} (${file}): ${ends}`, async () => {
        const outcome = await read(file, key).catch((error: unknown) => error);
        if (ends === 'loads') expect(outcome).toHaveProperty('matrix');
        else {
          expect(outcome).toBeInstanceOf(InputError);
          expect(outcome).toMatchObject({ code: ends, path: file });
        }
      });
    }
  });
}

it('what cannot be read says how to convert it, in a line of Python', async () => {
  for (const [, file] of OTHERS.slice(-4)) {
    const error = await read(file, undefined).catch((cause: unknown) => cause);
    expect((error as InputError).hint).toMatch(/`.*(np|torch)\.savez?\(.*\)`/);
  }
});

it('flipped bits of an Arrow file are refused, or load, in under a second', async () => {
  const whole = readFileSync(join(FIXTURES, 'formats/arrow/polars.list.lz4.arrow'));
  for (let bit = 0; bit < 2000; bit++) {
    const bytes = new Uint8Array(whole);
    const at = (bit * 7919) % bytes.length;
    bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    let outcome: unknown;
    const ms = await cpuMs(async () => {
      outcome = await read('x.arrow', 'prediction', bytes as typeof whole).catch((error: unknown) => error);
    });
    expect(ms).toBeLessThan(1000);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(InputError);
  }
});
