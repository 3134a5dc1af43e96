import { parse } from 'npyjs';
import { InputError } from '#errors.js';

/** The types npyjs decodes. It refuses the others or, as with big-endian data, does not know them. */
const KNOWN = /^(?:[<|][biu]1|<[iu][248]|<f[248])$/;

/**
 * Has npyjs read the same header, in an aligned copy without payload: wherever it knows the type, the two
 * readers must agree on dtype, shape and order. Throws E204 where they do not.
 */
export function crossCheckHeader(header: {
  readonly text: string;
  readonly shape: readonly number[];
  readonly order: 'C' | 'F';
}): void {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header.text)?.[1];
  // npyjs makes NaN of Python 2's `5L`.
  if (descr === undefined || !KNOWN.test(descr) || /\dL/.test(header.text)) return;
  let theirs: ReturnType<typeof parse>;
  try {
    theirs = parse(alignedHeader(header.text));
  } catch (cause) {
    throw new InputError('E204', 'npyjs cannot read the header', { cause });
  }
  const order = theirs.fortranOrder ? 'F' : 'C';
  const [ours, other] = [
    [descr.slice(1), header.order, ...header.shape],
    [theirs.dtype, order, ...theirs.shape],
  ].map((parts) => parts.join(' '));
  if (ours !== other) {
    throw new InputError('E204', `the header can be read in two ways: ${ours} here, ${other} by npyjs`, {
      fields: { expected: ours, actual: other },
    });
  }
}

/** A version 2.0 header whose data offset is a multiple of 16, as npyjs needs it. */
function alignedHeader(text: string): ArrayBuffer {
  const dictionary = Buffer.from(text.trim(), 'latin1');
  const length = Math.ceil((12 + dictionary.length) / 16) * 16 - 12;
  const buffer = new ArrayBuffer(12 + length);
  const bytes = new Uint8Array(buffer).fill(0x20);
  bytes.set(Buffer.from('\x93NUMPY\x02\x00', 'latin1'));
  new DataView(buffer).setUint32(8, length, true);
  bytes.set(dictionary, 12);
  return buffer;
}
