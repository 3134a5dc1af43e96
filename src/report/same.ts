/** Returns the earlier of two lists or objects of the same names and values, else the later. */
export function same<Part>(before: unknown, now: Part): Part {
  if (typeof before !== 'object' || before === null) return now;
  if (Array.isArray(now)) {
    const isSame =
      Array.isArray(before) && before.length === now.length && now.every((one, i) => one === before[i]);
    return isSame ? (before as Part) : now;
  }
  const [a, b] = [before as Record<string, unknown>, now as Record<string, unknown>];
  const names = Object.keys(a);
  const others = Object.keys(b);
  const isSame =
    names.length === others.length && names.every((name, i) => name === others[i] && a[name] === b[name]);
  return isSame ? (before as Part) : now;
}
