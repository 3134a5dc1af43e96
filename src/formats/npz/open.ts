import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';
import { openNpy } from '../npy/open.js';
import { chooseArray } from '../shared/choose-array.js';
import type { ArrayDescription, OpenedFile, OpenOptions, RowRange } from '../shared/define-format.js';
import { compressionOf, storedRows } from '../shared/description.js';
import { KeptBuffers } from '../shared/kept-buffers.js';
import { readZipDirectory } from '../zip/directory.js';
import { isTorchMember } from '../zip/head.js';
import {
  inflateMember,
  memberHead,
  type PlacedMember,
  placeMembers,
  STORED,
  storedMember,
  verifyStored,
} from '../zip/member.js';

const SUFFIX = '.npy';
/** The longest header that is read, with what lies before it. */
const HEAD_BYTES = 2 ** 16 + 12;

/**
 * Opens an .npz archive: one array a member, named without `.npy`. Stored members are read straight from the file,
 * row ranges too; deflated ones are decompressed whole, within the budget. Both are checked against their checksum.
 */
export async function openNpz(source: ByteSource, options: OpenOptions): Promise<OpenedFile> {
  const directory = readZipDirectory(source, options.maxMemory);
  const files = directory.members.filter(({ name }) => !name.endsWith('/'));
  if (files.some(({ name }) => isTorchMember(name))) {
    return (await import('../pt/open.js')).openPt(source, options);
  }
  if (!files.some(({ name }) => name.endsWith(SUFFIX))) {
    const { ZIP_REFUSAL } = await import('../refused.js');
    throw new InputError('E205', ZIP_REFUSAL.message, { hint: await ZIP_REFUSAL.hint(source.path) });
  }
  const members = placeMembers(source, { ...directory, members: files });
  const arrays: (ArrayDescription & { readonly member: PlacedMember })[] = [];
  const keys = new Set<string | null>();
  for (const member of members) {
    const array = await describe(source, member, options);
    if (keys.has(array.key)) {
      throw new InputError('E204', `the archive has two members named ${JSON.stringify(member.name)}`);
    }
    keys.add(array.key);
    const deflated = member.method !== STORED;
    const rows = array.kind === 'matrix' ? storedRows(array) : null;
    arrays.push({
      ...array,
      ...(deflated ? compressionOf(['deflate']) : {}),
      ...(deflated && rows !== null ? { together: [[0, rows]] } : {}),
      member,
    });
  }

  const kept = new KeptBuffers(options.maxMemory);
  const verified = new Set<PlacedMember>();
  const openMember = async (member: PlacedMember, rows?: readonly RowRange[]): Promise<OpenedFile> => {
    if (!member.name.endsWith(SUFFIX)) {
      throw new InputError('E206', `${JSON.stringify(member.name)} is not an .npy member`);
    }
    if (member.method === STORED) {
      if (!verified.has(member)) verifyStored(source, member);
      verified.add(member);
      return within(member, () => openNpy(storedMember(source, member), options));
    }
    const limits = { ...options, taken: member.size };
    const plain = kept.get(member.start);
    if (plain !== undefined) return within(member, () => openNpy(plain, limits));
    const own = await inflateMember(source, member, options.maxMemory);
    source.verifyUnchanged();
    // What is read whole is seldom read again, and its bytes can become the matrix.
    if (rows === undefined) {
      return within(member, () => openNpy(memorySource(source.path, own), { ...limits, own }));
    }
    return within(member, () => openNpy(kept.add(source.path, member.start, own), limits));
  };

  return {
    format: 'npz',
    arrays: arrays.map(({ member: _, ...array }) => array),
    metadata: {},
    warnings: [],
    async readMatrix(key, rows) {
      const { member } = chooseArray('array', arrays, key, 'matrix');
      const file = await openMember(member, rows);
      return within(member, () => file.readMatrix(null, rows));
    },
    async readVector(key, rows) {
      const { member } = chooseArray('array', arrays, key, 'vector');
      const file = await openMember(member, rows);
      return within(member, () => file.readVector(null, rows));
    },
    close: () => source.close(),
  };
}

async function describe(
  source: ByteSource,
  member: PlacedMember,
  options: OpenOptions,
): Promise<ArrayDescription> {
  const { name, size } = member;
  if (!name.endsWith(SUFFIX)) return { key: name, dtype: 'bytes', shape: [size], order: 'C', kind: 'other' };
  return within(member, async () => {
    const head =
      member.method === STORED ? storedMember(source, member) : await memberHead(source, member, HEAD_BYTES);
    const [array] = (await openNpy(head, options)).arrays;
    return { ...(array as ArrayDescription), key: name.slice(0, -SUFFIX.length) };
  });
}

/** Names the member in whatever goes wrong with it. */
async function within<T>({ name }: PlacedMember, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InputError ? error.in(JSON.stringify(name)) : error;
  }
}
