import { dirname, join } from 'node:path';

/** What looking for a configuration asks of the file system. */
export interface ConfigFiles {
  readonly exists: (path: string) => boolean;
  readonly readText: (path: string) => string;
}

/**
 * The configuration nearest to `cwd`: `collapse.config.json`, else a `package.json` that has a `collapse` key, in it
 * or in a directory above it, up to the one that holds `.git`. null where there is none.
 */
export function findConfig(
  cwd: string,
  hasSettings: (path: string) => boolean,
  files: ConfigFiles,
): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const own = join(folder, 'collapse.config.json');
    if (files.exists(own)) return own;
    const manifest = join(folder, 'package.json');
    if (files.exists(manifest) && hasSettings(manifest)) return manifest;
    if (files.exists(join(folder, '.git')) || dirname(folder) === folder) return null;
  }
}
