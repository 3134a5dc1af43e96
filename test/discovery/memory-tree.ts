import type { FileDescription, FileTree } from '#discovery/paths/file-tree.js';
import { InputError } from '#errors.js';
import type { ArrayDescription } from '#formats/shared/define-format.js';
import type { EntryKind, TreeEntry } from '#io/directories.js';

/** A file of the tree: null for one that is never to be opened, an error for a damaged one. */
export type MemoryFile = FileDescription | InputError | null;

export interface MemoryTree extends FileTree {
  /** Paths that were described, in order. */
  readonly opened: readonly string[];
}

/** A tree of files by path; a path ending in '/' is an empty directory. */
export function memoryTree(files: Readonly<Record<string, MemoryFile>> | readonly string[]): MemoryTree {
  const contents = new Map<string, MemoryFile>(
    Array.isArray(files) ? files.map((path: string) => [path, null]) : Object.entries(files),
  );
  const directories = new Map<string, Map<string, EntryKind>>([['.', new Map()]]);
  const addDirectory = (path: string): Map<string, EntryKind> => {
    const known = directories.get(path);
    if (known !== undefined) return known;
    const entries = new Map<string, EntryKind>();
    directories.set(path, entries);
    const [parent, name] = split(path);
    if (name !== '') addDirectory(parent).set(name, 'directory');
    return entries;
  };
  for (const path of contents.keys()) {
    if (path.endsWith('/')) addDirectory(path.slice(0, -1));
    else {
      const [parent, name] = split(path);
      addDirectory(parent).set(name, 'file');
    }
  }
  const opened: string[] = [];
  return {
    opened,
    kind(path) {
      const at = normal(path);
      if (directories.has(at)) return 'directory';
      return contents.has(at) ? 'file' : 'missing';
    },
    list(path): readonly TreeEntry[] {
      const entries = directories.get(normal(path));
      if (entries === undefined) throw new InputError('E201', 'no such directory', { path });
      return [...entries].map(([name, kind]) => ({ name, kind }));
    },
    async describe(path) {
      opened.push(path);
      const file = contents.get(normal(path));
      if (file === null || file === undefined)
        throw new InputError('E205', 'unsupported file format', { path });
      if (file instanceof InputError) throw file;
      return file;
    },
  };
}

type Shape = readonly (number | null)[];
interface Values {
  readonly values: readonly number[];
}

function isValues(array: Shape | Values): array is Values {
  return !Array.isArray(array);
}

/** A description by `name: shape`; a name with a list of numbers is a vector with those values. */
export function holding(
  arrays: Readonly<Record<string, Shape | Values>>,
  metadata: Readonly<Record<string, string>> = {},
): FileDescription {
  const described = Object.entries(arrays).map(([key, shape]): ArrayDescription => {
    const dims = isValues(shape) ? [shape.values.length] : shape;
    const kind = dims.length > 1 ? 'matrix' : 'vector';
    return { key, dtype: 'float32', shape: dims, order: 'C', kind };
  });
  return {
    format: 'memory',
    arrays: described,
    metadata,
    async readVector(key) {
      const array = key === null ? undefined : arrays[key];
      if (array === undefined || !isValues(array)) throw new InputError('E213', 'no such column');
      return Float64Array.from(array.values);
    },
  };
}

function split(path: string): [string, string] {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return ['.', path === '.' ? '' : path];
  return [slash === 0 ? '/' : path.slice(0, slash), path.slice(slash + 1)];
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  if (path.startsWith('/')) return `/${parts.join('/')}`;
  return parts.length === 0 ? '.' : parts.join('/');
}
