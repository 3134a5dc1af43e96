import { type InputPart, type InputRef, partsOf } from '#discovery/names/step-ref.js';
import { showPath } from '#discovery/names/tree-path.js';
import { InputError } from '#errors.js';
import type { FileCache } from './file-cache.js';

/** Reads the one number a kl_reg sidecar has for a step. Throws `InputError` E221 for anything else. */
export async function readKlReg(
  ref: InputRef,
  files: FileCache,
  readText: (path: string) => string,
): Promise<number> {
  if (ref.source === 'json') return klRegFromJsons(partsOf(ref), readText);
  if (ref.source === 'metadata') {
    const file = await files.open(ref.path);
    const text = file.metadata[ref.key ?? 'kl_reg'] ?? '';
    return finite(text.trim() === '' ? Number.NaN : Number(text), `the metadata entry '${text}'`, ref.path);
  }
  const values = await files.readVector(ref);
  const first = values[0];
  if (first === undefined) throw new InputError('E221', 'kl_reg has no number', { path: ref.path });
  // A table repeats a step's one number on every row.
  const other = values.find((x) => x !== first && !(Number.isNaN(x) && Number.isNaN(first)));
  if (other !== undefined) {
    throw new InputError(
      'E221',
      `kl_reg has ${values.length} different numbers, such as ${first} and ${other}`,
      {
        path: ref.path,
        fields: { expected: 1, actual: values.length },
      },
    );
  }
  return finite(first, `the value ${first}`, ref.path);
}

/** Reads the step's one number, which every shard repeats. */
function klRegFromJsons(parts: readonly InputPart[], readText: (path: string) => string): number {
  const [first, ...others] = parts.map(({ path }) => ({ path, value: klRegFromJson(readText(path), path) }));
  const other = others.find(({ value }) => value !== first!.value);
  if (other === undefined) return first!.value;
  const message = `kl_reg is ${first!.value} in ${showPath(first!.path)} and ${other.value} here`;
  throw new InputError('E221', message, {
    path: other.path,
    fields: { expected: first!.value, actual: other.value },
  });
}

function klRegFromJson(text: string, path: string): number {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new InputError('E221', 'kl_reg is not valid JSON', {
      path,
      cause,
      hint: 'write a number, or {"kl_reg": number}; JSON has no NaN or Infinity',
    });
  }
  const value = typeof parsed === 'object' && parsed !== null && 'kl_reg' in parsed ? parsed.kl_reg : parsed;
  // Nested deeply enough, what was parsed cannot be written again.
  const shown = typeof value === 'object' && value !== null ? 'a list or an object' : JSON.stringify(value);
  return finite(typeof value === 'number' ? value : Number.NaN, `the value ${shown}`, path);
}

function finite(value: number, shown: string, path: string): number {
  if (Number.isFinite(value)) return value;
  throw new InputError('E221', `kl_reg needs one finite number, and ${shown} is none`, { path });
}
