import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const PAGES = [
  'ARCHITECTURE.md',
  'docs/contributing.md',
  'src/formats/README.md',
  'src/kernels/README.md',
  'src/numerics/README.md',
] as const;

/** What stands between backquotes and looks like the path of a file or folder of the repository. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside]) => inside!);
  return quoted.filter((inside) => /^[\w.-]+(\/[\w.-]*)+$/.test(inside));
}

it.each(PAGES)('every path that %s names is there', (page) => {
  let count = 0;
  const missing: string[] = [];
  for (const line of readFileSync(page, 'utf8').split('\n')) {
    // A row of the table of rooms names folders of that room.
    const room = /^\| `(src\/\w+)\/`/.exec(line)?.[1] ?? '';
    for (const path of pathsIn(line)) {
      count++;
      const places = ['', 'src', dirname(page), room].map((root) => join(root, path));
      if (!places.some((place) => existsSync(place) || existsSync(`${place}.ts`))) missing.push(path);
    }
  }
  expect(count).toBeGreaterThan(3);
  expect(missing).toEqual([]);
});
