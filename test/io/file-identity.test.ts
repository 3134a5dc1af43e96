import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileIdentity, identityBeside, lastNames } from '#io/file-identity.js';
import { folder } from '../support/run-folder.js';

const share = (a: readonly string[], b: readonly string[]) => a.some((name) => b.includes(name));

const anyPath = fc
  .tuple(fc.constantFrom('', 'd/', 'd/e/', 'up/'), fc.constantFrom('a', 'A', 'b', 'c', 'é', 'e\u0301'))
  .map((parts) => parts.join(''));
const anyEntry = fc.record({
  path: anyPath,
  kind: fc.constantFrom('file', 'hard link', 'link', 'directory'),
  to: anyPath,
});

it('a file beside others shares what its whole identity shares with one of them', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 8 }), (entries) => {
      const root = folder({ 'd/e/x': '' });
      symlinkSync('d/e', join(root, 'up'));
      const at = (path: string) => join(root, path);
      for (const { path, kind, to } of entries) {
        try {
          if (kind === 'file') writeFileSync(at(path), '', { flag: 'wx' });
          else if (kind === 'hard link') linkSync(at(to), at(path));
          else if (kind === 'link') symlinkSync(at(to), at(path));
          else mkdirSync(at(path));
        } catch {
          // Taken, or a link to nothing.
        }
      }
      const paths = entries.flatMap(({ path, to }) => [path, to, dirname(path)]).map(at);
      for (const written of paths) {
        const identity = fileIdentity(written);
        const names = lastNames([identity]);
        for (const read of paths) {
          const said = share(identity, identityBeside(read, names));
          expect([written, read, said]).toEqual([written, read, share(identity, fileIdentity(read))]);
        }
      }
    }),
    { numRuns: 100 },
  );
});
