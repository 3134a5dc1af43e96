import { InputError, UsageError } from '#errors.js';
import type { MemoryFile } from '#measure/memory-io.js';
import type { CommandName } from '#options/commands.js';
import { chunksOf } from './chunks-of.js';
import type { CommandContext } from './context.js';

/** What the positional paths and standard input hold. */
export interface GivenInput {
  readonly paths: readonly string[];
  /** The array file on standard input; null where it holds paths, or was not asked for. */
  readonly array: Uint8Array | null;
}

/**
 * Returns the positional paths; `-` stands for paths on standard input, one a line, or for the bytes of an `.npy` or
 * `.npz` file there, known by the first of them. Throws `InputError` E220 for more than `maxMemory` bytes.
 */
export async function readPaths(
  paths: readonly string[],
  stdin: CommandContext['stdin'],
  maxMemory: number,
): Promise<GivenInput> {
  const out: string[] = [];
  let array: Uint8Array | null = null;
  for (const path of paths) {
    if (path !== '-') {
      out.push(path);
      continue;
    }
    const bytes = await readBytes(stdin, maxMemory);
    if (isArrayFile(bytes)) array = bytes;
    else for (const line of new TextDecoder().decode(bytes).split(/\r?\n/)) if (line !== '') out.push(line);
  }
  return { paths: out, array };
}

/** Standard input holds an array file where only paths are taken. */
export function refuseArray(): UsageError {
  return new UsageError('E104', 'standard input is an array file, not a list of paths', {
    hint: 'pipe it to `collapse check -` or `collapse measure -`, with no path beside it',
  });
}

/** Returns the array file where it stands alone and the command takes one. Throws `UsageError` E104 elsewhere. */
export function soleArray({ paths, array }: GivenInput, command: CommandName): MemoryFile {
  if (array === null || paths.length > 0 || !['check', 'measure'].includes(command)) throw refuseArray();
  return memoryFile('stdin', array);
}

/** Names bytes by what they are, so that no extension disagrees. */
export function memoryFile(name: string, bytes: Uint8Array): MemoryFile {
  return { path: `${name}.${bytes[0] === 0x93 ? 'npy' : 'npz'}`, bytes };
}

/** Tests for the magic bytes of npz (a zip, also an empty one) and npy. */
function isArrayFile(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 6)).toString('latin1');
  return head === '\x93NUMPY' || head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06');
}

async function readBytes(stdin: CommandContext['stdin'], most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(stdin)) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > most) {
      throw new InputError('E220', `standard input has more than the budget of ${most} bytes`, {
        path: 'standard input',
        hint: 'raise --max-memory, or name files',
        fields: { most },
      });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}
