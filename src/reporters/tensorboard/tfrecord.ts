import { crc32c } from './crc32c.js';

const MASK_DELTA = 0xa282ead8;

/** One record of a TFRecord file: length, masked CRC of the length, payload, masked CRC of the payload. */
export function tfRecord(payload: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + payload.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(payload.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(payload, 12);
  view.setUint32(12 + payload.length, maskedCrc(payload), true);
  return record;
}

/** Rotated and moved, because a CRC over bytes that hold CRCs tells little. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
