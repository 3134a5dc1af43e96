/** Longer names are nobody's typing error, and the table below grows with both lengths. */
const MAX_LENGTH = 80;

/**
 * Finds the name most like `given`, for "did you mean …?"; null where none is near. Likeness is the number of single
 * characters to insert, delete, replace or swap, whatever their case; up to two fifths of the word may differ.
 * Where none is within two, the only name that begins as the word does, or that the word begins with, comes first.
 *
 * @example nearestName('pred_vr_per_dim', METRIC_IDS) // 'pred_var_per_dim'
 */
export function nearestName<Name extends string>(given: string, names: readonly Name[]): Name | null {
  if (given.length > MAX_LENGTH) return null;
  let nearest: Name | null = null;
  let least = Math.max(1, Math.floor(given.length * 0.4)) + 1;
  for (const name of names) {
    const edits = editDistance(plain(given), plain(name));
    if (edits < least) {
      least = edits;
      nearest = name;
    }
  }
  return least > 2 ? (sharedBeginning(given, names) ?? nearest) : nearest;
}

/** Finds the one name that abbreviates the word or that it abbreviates, by four letters or more; null where several do. */
function sharedBeginning<Name extends string>(given: string, names: readonly Name[]): Name | null {
  const word = plain(given);
  const found = names.filter((name) => {
    const [short, long] = [word, plain(name)].sort((a, b) => a.length - b.length) as [string, string];
    return short.length >= 4 && long.startsWith(short);
  });
  return found.length === 1 ? found[0]! : null;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** Counts edits by optimal string alignment: insertions, deletions, replacements, and swaps of two neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
      }
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
