import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { damagedIn } from '../shared/damaged.js';

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

/** Makes the E204 for an archive that contradicts itself. */
export const damaged = damagedIn('the archive is');

/** Signatures of PKWARE's APPNOTE. */
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;

const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCATOR_BYTES = 20;
const END_64_BYTES = 56;
const MAX_COMMENT = 0xffff;
/** Some 100 bytes a member. */
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
/** What a member takes beside its name, with the array that it becomes. */
const MEMBER_BYTES = 512;
const ABSENT_16 = 0xffff;
const ABSENT_32 = 0xffffffff;

/**
 * Reads a zip's central directory, the only place where sizes can be trusted: numpy's local headers hold
 * 0xFFFFFFFF. Throws E203 for a cut file, E204 for a directory that contradicts itself or the file.
 */
export function readZipDirectory(source: ByteSource, maxMemory: number | undefined): ZipDirectory {
  const budget = new Budget(damagedIn('the archive is', 'its directory'), maxMemory);
  const end = readEnd(source, budget);
  if (end.size > MAX_DIRECTORY_BYTES) {
    throw damaged(`its directory claims ${end.size} bytes; ${MAX_DIRECTORY_BYTES} is the most`);
  }
  if (end.start + end.size !== end.at) {
    throw damaged(`its directory claims bytes ${end.start} to ${end.start + end.size}; it ends at ${end.at}`);
  }
  const cursor = new Cursor(source.slice(end.start, end.at), budget, (needed) =>
    damaged(`a member's entry ends beyond the directory, at byte ${needed}`),
  );
  const members: ZipMember[] = [];
  while (cursor.left > 0) {
    const { at } = cursor;
    if (cursor.left < ENTRY_BYTES || cursor.uint32() !== CENTRAL_HEADER) {
      throw damaged(`its directory has no member at byte ${end.start + at}`);
    }
    members.push(readMember(cursor));
  }
  if (members.length !== end.count) {
    throw damaged(`its directory claims ${end.count} members and has ${members.length}`);
  }
  return { members, start: end.start };
}

/** Reads an entry behind its signature. */
function readMember(cursor: Cursor): ZipMember {
  cursor.skip(4); // versions
  const flags = cursor.uint16();
  const method = cursor.uint16();
  cursor.skip(4); // time and date
  const [crc, compressedSize32, size32] = [cursor.uint32(), cursor.uint32(), cursor.uint32()];
  const [nameLength, extraLength, commentLength] = [cursor.uint16(), cursor.uint16(), cursor.uint16()];
  cursor.skip(8); // disk and attributes
  const headerStart32 = cursor.uint32();
  cursor.charge(MEMBER_BYTES + nameLength);
  const encoding = (flags & 0x800) === 0 ? 'latin1' : 'utf-8';
  const name = new TextDecoder(encoding).decode(cursor.take(nameLength));
  const wide = [size32, compressedSize32, headerStart32].includes(ABSENT_32);
  const extraEnd = cursor.at + extraLength;
  // The numbers that do not fit in 32 bits, in the order in which they follow each other.
  const left = wide ? findExtra64(cursor, name, extraEnd) : 0;
  const fieldEnd = cursor.at + left;
  const number = (value: number): number => {
    if (value !== ABSENT_32) return value;
    if (cursor.at + 8 > fieldEnd) throw damaged(`the zip64 field of ${JSON.stringify(name)} is too short`);
    return Number(cursor.uint64());
  };
  const size = number(size32);
  const compressedSize = number(compressedSize32);
  const headerStart = number(headerStart32);
  cursor.seek(extraEnd).skip(commentLength);
  return { name, encrypted: (flags & 1) !== 0, method, crc, compressedSize, size, headerStart };
}

/** Puts the cursor at what the zip64 field before byte `end` holds; returns its length. */
function findExtra64(cursor: Cursor, name: string, end: number): number {
  while (cursor.at + 4 <= end) {
    const [id, length] = [cursor.uint16(), cursor.uint16()];
    if (cursor.at + length > end) break;
    if (id === 1) return length;
    cursor.skip(length);
  }
  throw damaged(`${JSON.stringify(name)} has no zip64 field for its sizes`);
}

interface DirectoryEnd {
  /** Byte position of the record behind the directory. */
  readonly at: number;
  readonly count: number;
  readonly start: number;
  readonly size: number;
}

function readEnd(source: ByteSource, budget: Budget): DirectoryEnd {
  const fileSize = source.byteLength;
  const from = Math.max(0, fileSize - END_BYTES - MAX_COMMENT);
  const cursor = new Cursor(source.slice(from, fileSize), budget);
  for (let at = cursor.end - END_BYTES; at >= 0; at--) {
    if (cursor.seek(at).uint32() !== END_OF_DIRECTORY) continue;
    if (at + END_BYTES + cursor.seek(at + 20).uint16() !== cursor.end) continue;
    const [disk, firstDisk] = [cursor.seek(at + 4).uint16(), cursor.uint16()];
    cursor.skip(2); // members on this disk
    const [count, size, start] = [cursor.uint16(), cursor.uint32(), cursor.uint32()];
    const wide = readEnd64(source, from + at, budget);
    if (wide !== null) return wide;
    if (count === ABSENT_16 || size === ABSENT_32 || start === ABSENT_32) {
      throw damaged('its directory is elsewhere, and no zip64 record says where');
    }
    if (disk !== 0 || firstDisk !== 0) throw damaged('it is one of several parts');
    return { at: from + at, count, size, start };
  }
  throw new InputError('E203', `the archive is cut: no directory before its end at byte ${fileSize}`, {
    hint: 'its writer has not finished or the copy is cut; write it again',
  });
}

/** Reads the record of archives beyond 4 GiB or 65,535 members, which lies before the plain one; null without it. */
function readEnd64(source: ByteSource, endAt: number, budget: Budget): DirectoryEnd | null {
  const locatorAt = endAt - LOCATOR_BYTES;
  if (locatorAt < END_64_BYTES) return null;
  const locator = new Cursor(source.slice(locatorAt, endAt), budget);
  if (locator.uint32() !== END_64_LOCATOR) return null;
  const at = Number(locator.seek(8).uint64());
  if (!(at + END_64_BYTES <= locatorAt)) {
    throw damaged(`its zip64 record begins at byte ${at} of ${source.byteLength}`);
  }
  const record = new Cursor(source.slice(at, at + END_64_BYTES), budget);
  if (record.uint32() !== END_64) throw damaged(`there is no zip64 record at byte ${at}`);
  record.seek(32);
  const [count, size, start] = [record.uint64(), record.uint64(), record.uint64()].map(Number);
  return { at, count: count as number, size: size as number, start: start as number };
}
