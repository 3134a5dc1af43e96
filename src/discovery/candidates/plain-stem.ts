import { numberedName } from '../names/family.js';
import { withoutNumbers } from '../names/name-tokens.js';
import { withoutShard } from '../names/shard-name.js';
import { stemOf } from '../paths/file-kind.js';
import type { FoundFile } from '../paths/found-file.js';
import { keyWords } from '../paths/name-tree.js';

/** Returns a file's name without its extension, its shard and its step: `valid_step500_rank0.npy` is `valid__`. */
export function plainStem({ name, batch, own }: FoundFile): string {
  const stem = withoutShard(stemOf(name), batch);
  return typeof own === 'number' ? withoutStep(stem, own) : stem;
}

/** Returns a name without the number that is its step, and the word of that. */
export function withoutStep(name: string, step: number): string {
  const equal = numberedName(name).counts.filter(({ value }) => value() === step);
  // In `step_1_view1` the view has the same number by chance.
  const byWord = equal.filter(({ kind }) => kind === 'step');
  const byForm = equal.filter(({ kind }) => kind !== 'run' && kind !== 'setting');
  let rest = '';
  let from = 0;
  for (const { kind, start, at, end } of [byWord, byForm, equal].find(({ length }) => length > 0) ?? []) {
    rest += name.slice(from, kind === 'step' ? start : at);
    from = end;
  }
  return rest + name.slice(from);
}

/** Is true for a file that a key such as that of `--mask-key` names: `valid.npy`, `valid_step500.npy`. */
export function isNamedAs(key: string, file: FoundFile): boolean {
  return stemOf(file.name) === key || keyWords(plainStem(file)) === keyWords(key);
}

/** Says how two arrays that nothing tells apart are measured as a pair, by the keys of both. */
export function pairAdvice(one: string, other: string): string {
  return `pass \`--pred-key ${one} --target-key ${other}\` if '${one}' predicts '${other}', or the other way round`;
}

/** Returns the key that names a file and those of other steps that are called like it. */
export function keyNaming(file: FoundFile): string {
  if (file.own === null && file.within === null) return withoutNumbers(stemOf(file.name));
  return plainStem(file).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}
