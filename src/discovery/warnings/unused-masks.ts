import { InputError } from '#errors.js';
import { MASK_WORDS, NEUTRAL_WORDS } from '../names/mask-name.js';
import { wordsIn } from '../names/name-tokens.js';
import { numberWord } from '../names/number-words.js';
import type { RunRef } from '../names/step-ref.js';
import { baseName, parentPath, showPath } from '../names/tree-path.js';
import { fileKind, stemOf } from '../paths/file-kind.js';
import type { FileTree } from '../paths/file-tree.js';

/** Words of masks that mean something else as well, and say which rows count only beside `mask`. */
const OF_OTHERS_TOO: ReadonlySet<string> = new Set([
  ...['attention', 'attn', 'att', 'keep', 'input', 'drop', 'dropped', 'exclude'],
]);
/** Words that say which rows count without the word `mask`. */
const ROWS_THAT_COUNT: ReadonlySet<string> = new Set(
  Object.values(MASK_WORDS)
    .flat()
    .filter((word) => !OF_OTHERS_TOO.has(word)),
);

/**
 * Warns of arrays without a role that may be a mask under another name, as one would change every number: in the file of
 * the first step's prediction what has one bool a row, beside it what is called `valid` or `is_pad`. Opens no file but
 * that of several arrays.
 */
export async function unusedMaskWarnings(
  { steps, ignored }: RunRef,
  describe: FileTree['describe'],
): Promise<string[]> {
  const [first] = steps;
  const prediction = first?.inputs.prediction;
  if (first === undefined || prediction === undefined || first.inputs.mask !== undefined) return [];
  const { path, key } = prediction;
  const beside = ignored
    .filter((file) => parentPath(file.path) === parentPath(path) && fileKind(baseName(file.path)) === 'array')
    .map((file) => ({ name: stemOf(baseName(file.path)), path: file.path }))
    .filter(({ name }) => mayNameMask(name));
  const inside = key === null ? [] : await boolsBeside(path, key, first.inputs, describe);
  return [...inside.map((name) => ({ name, path })), ...beside].map(
    (one) =>
      `${showPath(one.name)} (${showPath(one.path)}) is not used: if it says which rows count, pass \`--mask-key ${one.name}\` ` +
      '(with `--mask-keeps 0` where a 1 leaves a row out), else `--no-mask`',
  );
}

/** Returns the names of arrays that have one bool for each row of the array `key`, and no role. */
async function boolsBeside(
  path: string,
  key: string,
  inputs: RunRef['steps'][number]['inputs'],
  describe: FileTree['describe'],
): Promise<string[]> {
  try {
    const { arrays } = await describe(path);
    const used = new Set(Object.values(inputs).flatMap((input) => (input.path === path ? [input.key] : [])));
    const rows = arrays.find((array) => array.key === key)?.shape.slice(0, -1) ?? [];
    const all = rows.reduce<number>((product, axis) => product * (axis ?? Number.NaN), 1);
    return arrays.flatMap(({ key: name, dtype, shape }) => {
      const isOfRows = shape.join() === rows.join() || (shape.length === 1 && shape[0] === all);
      return name !== null && dtype === 'bool' && isOfRows && !used.has(name) ? [name] : [];
    });
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Is true for a name such as `valid` or `is_pad`, which may be that of a mask. */
function mayNameMask(name: string): boolean {
  const words = wordsIn(name)
    .map((word) => word.replace(/\d+/g, ''))
    .filter((word) => word !== '' && !NEUTRAL_WORDS.has(word) && numberWord(word)?.kind !== 'step');
  return words.length > 0 && words.every((word) => ROWS_THAT_COUNT.has(word));
}
