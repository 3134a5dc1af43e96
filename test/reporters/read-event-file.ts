/** An event file read back by code that shares nothing with its writer: CRC bit by bit, protobuf by recursion. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion: string | null;
  readonly scalars: Readonly<Record<string, number>>;
}

export function readEventFile(bytes: Buffer): ReadEvent[] {
  const events: ReadEvent[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = Number(bytes.readBigUInt64LE(at));
    checkCrc(bytes.subarray(at, at + 8), bytes.readUInt32LE(at + 8));
    const payload = bytes.subarray(at + 12, at + 12 + length);
    checkCrc(payload, bytes.readUInt32LE(at + 12 + length));
    events.push(eventOf(payload));
    at += 16 + length;
  }
  return events;
}

function checkCrc(bytes: Buffer, stored: number): void {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  const masked = (((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn;
  if (masked !== BigInt(stored)) throw new Error(`CRC ${stored} is not ${masked}`);
}

type Field = [number: number, value: number | Buffer];

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (tag % 8 === 0) fields.push([field, varint()]);
    else if (tag % 8 === 1) {
      fields.push([field, message.readDoubleLE(at)]);
      at += 8;
    } else if (tag % 8 === 5) {
      fields.push([field, message.readFloatLE(at)]);
      at += 4;
    } else {
      const length = varint();
      fields.push([field, message.subarray(at, at + length)]);
      at += length;
    }
  }
  return fields;
}

function eventOf(message: Buffer): ReadEvent {
  const fields = fieldsOf(message);
  const one = (wanted: number) => fields.find(([field]) => field === wanted)?.[1];
  const summary = one(5) as Buffer | undefined;
  const scalars = (summary === undefined ? [] : fieldsOf(summary)).map(([, value]): [string, number] => {
    const parts = new Map(fieldsOf(value as Buffer));
    return [String(parts.get(1)), parts.get(2) as number];
  });
  return {
    wallTime: one(1) as number,
    step: (one(2) as number | undefined) ?? 0,
    fileVersion: one(3) === undefined ? null : String(one(3)),
    scalars: Object.fromEntries(scalars),
  };
}
