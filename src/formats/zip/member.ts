import { crc32, createInflateRaw } from 'node:zlib';
import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';
import { INFLATE_WINDOW, inflateInto, inflatePrefix } from '../codecs/inflate-into.js';
import { allocateBytes } from '../shared/allocate.js';
import { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { damaged, type ZipDirectory, type ZipMember } from './directory.js';

/** A member whose own header has been looked at: its data are bytes `[start, end)` of the file. */
export interface PlacedMember extends ZipMember {
  readonly start: number;
  readonly end: number;
}

const LOCAL_HEADER = 0x04034b50;
const LOCAL_BYTES = 30;
export const STORED = 0;
export const DEFLATED = 8;
/** No deflated data expand further; a member that claims more is no deflated data. */
const MAX_EXPANSION = 1032;

/**
 * Finds where each member's data lie. Throws E205 for encryption and for methods other than stored and deflated,
 * E204 for members that lie beyond the archive or over each other.
 */
export function placeMembers(source: ByteSource, { members, start: limit }: ZipDirectory): PlacedMember[] {
  const placed = members.map((member) => place(source, member, limit));
  let reached = 0;
  for (const { name, headerStart, end } of placed.toSorted((a, b) => a.headerStart - b.headerStart)) {
    if (headerStart < reached) throw damaged(`${JSON.stringify(name)} begins inside another member`);
    reached = end;
  }
  return placed;
}

function place(source: ByteSource, member: ZipMember, limit: number): PlacedMember {
  const { name, headerStart, compressedSize, size, method } = member;
  const shown = JSON.stringify(name);
  if (member.encrypted) {
    throw new InputError('E205', `${shown} is encrypted`, { hint: 'save the archive without a password' });
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new InputError('E205', `${shown} is compressed by the zip method ${method}; 0 and 8 are read`, {
      hint: 'save with `np.savez` or `np.savez_compressed`',
    });
  }
  if (!(headerStart + LOCAL_BYTES <= limit))
    throw damaged(`${shown} begins at byte ${headerStart} of ${limit}`);
  const local = new Cursor(source.slice(headerStart, headerStart + LOCAL_BYTES), new Budget(damaged));
  if (local.uint32() !== LOCAL_HEADER) throw damaged(`${shown} is not at byte ${headerStart}`);
  const start = headerStart + LOCAL_BYTES + local.seek(26).uint16() + local.uint16();
  const end = start + compressedSize;
  if (!(end <= limit)) throw damaged(`${shown} ends at byte ${end} of ${limit}`);
  if (method === STORED && size !== compressedSize) {
    throw damaged(`${shown} is stored in ${compressedSize} bytes and claims ${size}`);
  }
  if (method === DEFLATED && size > compressedSize * MAX_EXPANSION) {
    throw damaged(`${shown} claims ${size} bytes from ${compressedSize}, more than deflate can`);
  }
  return { ...member, start, end };
}

/** A stored member as a source of its own, nothing copied. */
export function storedMember(source: ByteSource, { start, size }: PlacedMember): ByteSource {
  const check = (end: number): void => {
    if (!(end <= size)) throw new InputError('E203', `byte ${end} was asked for; the member has ${size}`);
  };
  return {
    path: source.path,
    byteLength: size,
    slice(from, to) {
      check(to);
      return source.slice(start + from, start + to);
    },
    readInto(target, from) {
      check(from + target.length);
      source.readInto(target, start + from);
    },
    verifyUnchanged: () => source.verifyUnchanged(),
    close: () => {},
  };
}

/** The first bytes of a deflated member, as a source that claims the member's whole length. */
export async function memberHead(
  source: ByteSource,
  member: PlacedMember,
  bytes: number,
): Promise<ByteSource> {
  const head = allocateBytes(Math.min(bytes, member.size));
  const length = await inflatePrefix(
    'deflated',
    createInflateRaw(),
    source,
    [member.start, member.end],
    head,
  );
  return { ...memorySource(source.path, head.subarray(0, length)), byteLength: member.size };
}

/** A deflated member's bytes, checked against their checksum. E220 where they are more than the budget. */
export async function inflateMember(
  source: ByteSource,
  member: PlacedMember,
  maxMemory: number | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = allocateBytes(member.size, maxMemory);
  const decoder = createInflateRaw({ chunkSize: INFLATE_WINDOW });
  await inflateInto('deflated', decoder, source, [member.start, member.end], out);
  checkSum(member, crc32(out));
  return out;
}

/** Throws E204 where a stored member's bytes do not match their checksum. */
export function verifyStored(source: ByteSource, member: PlacedMember): void {
  const window = new Uint8Array(Math.min(INFLATE_WINDOW, member.size));
  let sum = 0;
  for (let at = member.start; at < member.end; at += window.length) {
    const part = window.subarray(0, Math.min(window.length, member.end - at));
    source.readInto(part, at);
    sum = crc32(part, sum);
  }
  checkSum(member, sum);
}

function checkSum({ name, crc }: PlacedMember, actual: number): void {
  // PyTorch writes 0 where it computes no checksums.
  if (actual === crc || crc === 0) return;
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  throw damaged(`${JSON.stringify(name)} has the checksum ${hex(actual)}; the directory says ${hex(crc)}`, {
    fields: { expected: crc, actual },
  });
}
