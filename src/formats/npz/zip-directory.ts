import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';

export interface ZipMember {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0 is stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Byte position of the member's own header. */
  readonly headerStart: number;
}

export interface ZipDirectory {
  readonly members: readonly ZipMember[];
  /** Where members end and the directory begins. */
  readonly start: number;
}

const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCATOR_BYTES = 20;
const END_64_BYTES = 56;
const MAX_COMMENT = 0xffff;
/** Some 100 bytes a member. */
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
const ABSENT_16 = 0xffff;
const ABSENT_32 = 0xffffffff;

/**
 * Reads a zip's central directory, the only place where sizes can be trusted: numpy's local headers hold
 * 0xFFFFFFFF. Throws E203 for a cut file, E204 for a directory that contradicts itself or the file.
 */
export function readZipDirectory(source: ByteSource): ZipDirectory {
  const end = readEnd(source);
  if (end.size > MAX_DIRECTORY_BYTES) {
    throw damaged(`its directory claims ${end.size} bytes; ${MAX_DIRECTORY_BYTES} is the most`);
  }
  if (end.start + end.size !== end.at) {
    throw damaged(`its directory claims bytes ${end.start} to ${end.start + end.size}; it ends at ${end.at}`);
  }
  const bytes = source.slice(end.start, end.at);
  const view = viewOf(bytes);
  const members: ZipMember[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw damaged(`its directory has no member at byte ${end.start + at}`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const nameStart = at + ENTRY_BYTES;
    const next = nameStart + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged(`a member's entry ends beyond the directory, at byte ${next}`);
    const flags = view.getUint16(at + 8, true);
    const encoding = (flags & 0x800) === 0 ? 'latin1' : 'utf-8';
    const name = new TextDecoder(encoding).decode(bytes.subarray(nameStart, nameStart + nameLength));
    const extra = bytes.subarray(nameStart + nameLength, nameStart + nameLength + extraLength);
    const [size, compressedSize, headerStart] = with64(name, extra, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    members.push({
      name,
      encrypted: (flags & 1) !== 0,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressedSize,
      size,
      headerStart,
    });
    at = next;
  }
  if (members.length !== end.count) {
    throw damaged(`its directory claims ${end.count} members and has ${members.length}`);
  }
  return { members, start: end.start };
}

interface DirectoryEnd {
  /** Byte position of the record behind the directory. */
  readonly at: number;
  readonly count: number;
  readonly start: number;
  readonly size: number;
}

function readEnd(source: ByteSource): DirectoryEnd {
  const fileSize = source.byteLength;
  const from = Math.max(0, fileSize - END_BYTES - MAX_COMMENT);
  const tail = source.slice(from, fileSize);
  const view = viewOf(tail);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) !== tail.length) continue;
    const [disk, firstDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
    const [count, size, start] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 12, true),
      view.getUint32(at + 16, true),
    ];
    const absent = count === ABSENT_16 || size === ABSENT_32 || start === ABSENT_32;
    const wide = readEnd64(source, from + at);
    if (wide !== null) return wide;
    if (absent) throw damaged('its directory is elsewhere, and no zip64 record says where');
    if (disk !== 0 || firstDisk !== 0) throw damaged('it is one of several parts');
    return { at: from + at, count, size, start };
  }
  throw new InputError('E203', `the archive is cut: no directory before its end at byte ${fileSize}`, {
    hint: 'its writer has not finished or the copy is cut; write it again',
  });
}

/** The record of archives beyond 4 GiB or 65,535 members, which lies before the plain one; null without it. */
function readEnd64(source: ByteSource, endAt: number): DirectoryEnd | null {
  if (endAt < LOCATOR_BYTES + END_64_BYTES) return null;
  const locator = viewOf(source.slice(endAt - LOCATOR_BYTES, endAt));
  if (locator.getUint32(0, true) !== 0x07064b50) return null;
  const at = Number(locator.getBigUint64(8, true));
  if (!(at + END_64_BYTES <= endAt - LOCATOR_BYTES)) {
    throw damaged(`its zip64 record begins at byte ${at} of ${source.byteLength}`);
  }
  const view = viewOf(source.slice(at, at + END_64_BYTES));
  if (view.getUint32(0, true) !== 0x06064b50) throw damaged(`there is no zip64 record at byte ${at}`);
  const [count, size, start] = [32, 40, 48].map((offset) => Number(view.getBigUint64(offset, true))) as [
    number,
    number,
    number,
  ];
  return { at, count, size, start };
}

/** The three numbers, from the zip64 extra field where the entry says they do not fit in 32 bits. */
function with64(
  name: string,
  extra: Uint8Array,
  values: readonly [size: number, compressedSize: number, start: number],
): readonly [size: number, compressedSize: number, start: number] {
  if (!values.includes(ABSENT_32)) return values;
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    let from = at + 4;
    at = from + length;
    if (id !== 1 || at > extra.length) continue;
    return values.map((value) => {
      if (value !== ABSENT_32) return value;
      if (from + 8 > at) throw damaged(`the zip64 field of ${JSON.stringify(name)} is too short`);
      const wide = Number(view.getBigUint64(from, true));
      from += 8;
      return wide;
    }) as [number, number, number];
  }
  throw damaged(`${JSON.stringify(name)} has no zip64 field for its sizes`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** E204 for an archive that contradicts itself. */
export function damaged(what: string, fields: Readonly<Record<string, unknown>> = {}): InputError {
  return new InputError('E204', `the archive is damaged: ${what}`, { fields });
}
