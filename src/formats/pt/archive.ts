import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';
import { allocateBytes } from '../shared/allocate.js';
import { damagedIn } from '../shared/damaged.js';
import type { OpenOptions } from '../shared/define-format.js';
import { KeptBuffers } from '../shared/kept-buffers.js';
import { TENSORS_ALONE } from '../shared/python-advice.js';
import { readZipDirectory } from '../zip/directory.js';
import {
  inflateMember,
  type PlacedMember,
  placeMembers,
  STORED,
  storedMember,
  verifyStored,
} from '../zip/member.js';
import { storageBytes } from './torch-globals.js';
import type { Tensor } from './values.js';

const damaged = damagedIn('the PyTorch file is');

/** A tensor takes some 100 bytes of pickle. */
const MAX_PICKLE_BYTES = 16 * 2 ** 20;

export interface Archive {
  readonly pickle: Uint8Array;
  readonly bigEndian: boolean;
  /** Throws E203 where the tensor's storage is not there or not as long as it says. Returns whether it is deflated. */
  check(tensor: Tensor): boolean;
  /** Opens a tensor's storage. */
  storage(tensor: Tensor, whole: boolean): Promise<{ readonly storage: ByteSource; readonly taken: number }>;
}

/** Reads the members that every file has, and finds the storages. */
export async function openArchive(source: ByteSource, options: OpenOptions): Promise<Archive> {
  const directory = readZipDirectory(source, options.maxMemory);
  const files = directory.members.filter(({ name }) => !name.endsWith('/'));
  const members = new Map<string, PlacedMember>();
  for (const member of placeMembers(source, { ...directory, members: files })) {
    if (members.has(member.name)) throw damaged(`it has two members named ${JSON.stringify(member.name)}`);
    members.set(member.name, member);
  }
  const pickles = [...members.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  const [pickleName] = pickles;
  if (pickleName === undefined && !files.some(({ name }) => /^[^/]*\/data\/\d+$/.test(name))) {
    throw new InputError('E205', 'this archive is not one of torch.save: it has no data.pkl', {
      hint: TENSORS_ALONE,
    });
  }
  if (pickleName === undefined || pickles.length > 1) {
    throw damaged(`it has ${pickles.length} members named data.pkl in place of one`);
  }
  const root = pickleName.slice(0, -'data.pkl'.length);
  const kept = new KeptBuffers(options.maxMemory);
  const verified = new Set<PlacedMember>();

  const open = async (member: PlacedMember, whole: boolean): Promise<ByteSource> => {
    if (member.method === STORED) {
      if (!verified.has(member)) verifyStored(source, member);
      verified.add(member);
      return storedMember(source, member);
    }
    const known = kept.get(member.start);
    if (known !== undefined) return known;
    const bytes = await inflateMember(source, member, options.maxMemory);
    return whole ? memorySource(source.path, bytes) : kept.add(source.path, member.start, bytes);
  };
  const small = async (member: PlacedMember, most: number): Promise<Uint8Array> => {
    if (member.size > most) {
      throw damaged(`${JSON.stringify(member.name)} claims ${member.size} bytes; ${most} is the most`);
    }
    const bytes = allocateBytes(member.size, options.maxMemory);
    (await open(member, true)).readInto(bytes, 0);
    return bytes;
  };
  const memberOf = ({ storage }: Tensor): PlacedMember => {
    const member = members.get(`${root}data/${storage.key}`);
    if (member === undefined) throw damaged(`it has no storage ${JSON.stringify(storage.key)}`);
    return member;
  };

  const order = members.get(`${root}byteorder`);
  const orderText = order === undefined ? 'little' : String.fromCharCode(...(await small(order, 16)));
  if (orderText !== 'little' && orderText !== 'big') {
    throw damaged(`its byte order is ${JSON.stringify(orderText)}`);
  }
  return {
    pickle: await small(members.get(pickleName)!, MAX_PICKLE_BYTES),
    bigEndian: orderText === 'big',
    check(tensor) {
      const member = memberOf(tensor);
      const expected = storageBytes(tensor.storage);
      if (member.size === expected) return member.method !== STORED;
      throw new InputError(
        'E203',
        `the PyTorch file is damaged: storage ${JSON.stringify(tensor.storage.key)} has ${member.size} bytes; its pickle says ${expected}`,
        { fields: { expected, actual: member.size } },
      );
    },
    async storage(tensor, whole) {
      const member = memberOf(tensor);
      return { storage: await open(member, whole), taken: member.method === STORED ? 0 : member.size };
    },
  };
}
