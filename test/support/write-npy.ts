/** A small writer of npy files for tests, independent of the reader: bytes are set one element at a time. */
export interface NpyToWrite {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  readonly version: 1 | 2 | 3;
  /** Bytes of blank after the dictionary; any number, so that the data may lie unaligned. */
  readonly padding: number;
  /** In C order. */
  readonly values: readonly number[];
}

const SETTERS: Readonly<
  Record<string, (view: DataView, at: number, value: number, little: boolean) => void>
> = {
  f4: (view, at, value, little) => view.setFloat32(at, value, little),
  f8: (view, at, value, little) => view.setFloat64(at, value, little),
  i1: (view, at, value) => view.setInt8(at, value),
  u1: (view, at, value) => view.setUint8(at, value),
  b1: (view, at, value) => view.setUint8(at, value),
  i2: (view, at, value, little) => view.setInt16(at, value, little),
  u2: (view, at, value, little) => view.setUint16(at, value, little),
  i4: (view, at, value, little) => view.setInt32(at, value, little),
  u4: (view, at, value, little) => view.setUint32(at, value, little),
  i8: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  u8: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
};

export function writeNpy({ descr, shape, fortran, version, padding, values }: NpyToWrite): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = fortran ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${axes}), }${' '.repeat(padding)}\n`;
  const start = (version === 1 ? 10 : 12) + text.length;
  const size = Number(descr.slice(2));
  const bytes = new Uint8Array(start + values.length * size);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, 'latin1'));
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(Buffer.from(text), version === 1 ? 10 : 12);
  const set = SETTERS[descr.slice(1)];
  if (set === undefined) throw new Error(`the test writer does not know ${descr}`);
  values.forEach((value, i) => {
    set(view, start + (fortran ? fortranIndex(i, shape) : i) * size, value, descr[0] !== '>');
  });
  return bytes;
}

function fortranIndex(index: number, shape: readonly number[]): number {
  const at = shape.map((_, axis) => {
    const inner = shape.slice(axis + 1).reduce((all, n) => all * n, 1);
    return Math.floor(index / inner) % (shape[axis] as number);
  });
  return at.reduceRight((sum, position, axis) => sum * (shape[axis] as number) + position, 0);
}
