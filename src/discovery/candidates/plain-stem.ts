import { numberedName } from '../names/family.js';
import { withoutShard } from '../names/shard-name.js';
import { stemOf } from '../paths/file-kind.js';
import type { FoundFile } from '../paths/found-file.js';
import { keyWords } from '../paths/name-tree.js';

/** Returns a file's name without its extension, its shard and its step: `valid_step500_rank0.npy` is `valid__`. */
export function plainStem({ name, batch, own }: FoundFile): string {
  const stem = withoutShard(stemOf(name), batch);
  if (typeof own !== 'number') return stem;
  let rest = '';
  let from = 0;
  for (const { kind, start, at, end, value } of numberedName(stem).counts) {
    if (value() !== own) continue;
    rest += stem.slice(from, kind === 'step' ? start : at);
    from = end;
  }
  return rest + stem.slice(from);
}

/** Is true for a file that a key such as that of `--mask-key` names: `valid.npy`, `valid_step500.npy`. */
export function isNamedAs(key: string, file: FoundFile): boolean {
  return stemOf(file.name) === key || keyWords(plainStem(file)) === keyWords(key);
}
