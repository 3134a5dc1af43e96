/** Strings, the symbols that nest, and whatever lies between. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:]+/gy;

/** The first key that an object in valid JSON has twice, which `JSON.parse` would pass over; null without one. */
export function duplicateKey(text: string): string | null {
  const seen: (Set<string> | null)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') seen.push(new Set());
    else if (token === '[') seen.push(null);
    else if (token === '}' || token === ']') seen.pop();
    else if (token === ':') {
      const keys = seen.at(-1);
      const key = JSON.parse(last) as string;
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    if (token.trim() !== '') last = token;
  }
  return null;
}
