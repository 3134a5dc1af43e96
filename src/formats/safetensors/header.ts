import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { damagedIn } from '../shared/damaged.js';
import { MAX_AXES, product } from '../shared/description.js';
import { NUMERIC, type NumericType } from '../shared/numeric.js';
import { checkJson } from './json.js';

export interface Tensor {
  readonly name: string;
  /** As written: 'BF16'. */
  readonly dtype: string;
  /** How to decode it; null for types that hold no plain real numbers. */
  readonly numeric: NumericType | null;
  readonly shape: readonly number[];
  /** Byte position in the file. */
  readonly dataStart: number;
}

export interface SafetensorsHeader {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Thousands of tensors take a megabyte. */
const MAX_HEADER_BYTES = 16 * 2 ** 20;

const damaged = damagedIn('the safetensors file is');
const damagedHeader = damagedIn('the safetensors file is', 'its header');

const NUMBERS: Readonly<Record<string, NumericType>> = {
  BOOL: 'bool',
  I8: 'int8',
  U8: 'uint8',
  I16: 'int16',
  U16: 'uint16',
  I32: 'int32',
  U32: 'uint32',
  I64: 'int64',
  U64: 'uint64',
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
};

/**
 * Reads and checks the header as the reference reader does: tensors must fill the file from the header to its end,
 * without overlap or hole, each as long as its shape says. Throws E203 for a file that is cut or has bytes behind
 * its last tensor, E204 for anything else.
 */
export function readSafetensorsHeader(source: ByteSource, maxMemory: number | undefined): SafetensorsHeader {
  const { bytes, text, dataStart } = readText(source);
  const twice = checkJson(new Cursor(bytes, new Budget(damagedHeader, maxMemory)));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(`its header is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (!isRecord(json)) throw damaged('its header is not a JSON object');
  if (twice !== null) throw damaged(`its header has the key ${JSON.stringify(twice)} twice`);
  const metadata = Object.entries(json).find(([name]) => name === '__metadata__')?.[1] ?? {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw damaged('its __metadata__ values are not strings');
  }
  const entries = Object.entries(json)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value));
  checkPlaces(entries, source.byteLength - dataStart);
  return {
    tensors: entries.map(({ start, end: _, ...tensor }) => ({ ...tensor, dataStart: dataStart + start })),
    metadata: metadata as Record<string, string>,
  };
}

interface HeaderText {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly dataStart: number;
}

function readText(source: ByteSource): HeaderText {
  const length = new Cursor(source.slice(0, 8), new Budget(damagedHeader)).uint64();
  if (length > MAX_HEADER_BYTES) {
    throw damaged(`its header claims ${length} bytes; ${MAX_HEADER_BYTES} is the most`, {
      fields: { actual: String(length), limit: MAX_HEADER_BYTES },
    });
  }
  const dataStart = 8 + Number(length);
  if (dataStart > source.byteLength) {
    throw new InputError('E203', `the header ends at byte ${dataStart}, the file at ${source.byteLength}`, {
      fields: { expected: dataStart, actual: source.byteLength },
    });
  }
  try {
    const bytes = source.slice(8, dataStart);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { bytes, text, dataStart };
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw damaged('its header is not UTF-8 text', { cause });
  }
}

type Entry = Omit<Tensor, 'dataStart'> & { readonly start: number; readonly end: number };

function readEntry(name: string, value: unknown): Entry {
  const tensor = `tensor ${JSON.stringify(name)}`;
  if (!isRecord(value)) throw damaged(`${tensor} has no description`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw damaged(`${tensor} has no dtype`);
  if (!isCounts(shape)) throw damaged(`${tensor} has no shape of whole numbers`);
  if (shape.length > MAX_AXES) throw damaged(`${tensor} has ${shape.length} axes; ${MAX_AXES} is the most`);
  if (!isCounts(offsets) || offsets.length !== 2) throw damaged(`${tensor} has no two data_offsets`);
  const [start = 0, end = 0] = offsets;
  const numeric = Object.hasOwn(NUMBERS, dtype) ? (NUMBERS[dtype] ?? null) : null;
  if (end < start) throw damaged(`${tensor} begins at byte ${start} and ends at ${end}`);
  if (numeric !== null) {
    const expected = product(shape) * NUMERIC[numeric].bytes;
    if (expected !== end - start) {
      throw damaged(
        `${tensor} [${shape.join(', ')}] of ${dtype} needs ${expected} bytes and has ${end - start}`,
        {
          fields: { expected, actual: end - start },
        },
      );
    }
  }
  return { name, dtype, numeric, shape, start, end };
}

function checkPlaces(entries: readonly Entry[], available: number): void {
  let reached = 0;
  for (const { name, start, end } of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== reached) {
      const what = start < reached ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw damaged(`tensor ${JSON.stringify(name)} ${what}: it begins at byte ${start}, not ${reached}`, {
        fields: { expected: reached, actual: start },
      });
    }
    reached = end;
  }
  if (reached === available) return;
  const what = reached > available ? 'cut short' : 'longer than its header says';
  throw new InputError(
    'E203',
    `the file is ${what}: the tensors need ${reached} bytes, ${available} follow the header`,
    { fields: { expected: reached, actual: available } },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
