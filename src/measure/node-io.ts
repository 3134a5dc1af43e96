import { InputError } from '#errors.js';
import { openArrayFile } from '#formats/index.js';
import { checkBudget } from '#formats/shared/allocate.js';
import type { OpenedFile, OpenOptions } from '#formats/shared/define-format.js';
import type { ArrayPool } from '#formats/shared/pool.js';
import { nodeDirectories } from '#io/node-directories.js';
import { openNodeFile } from '#io/node-file.js';
import type { MeasureIo } from './measure.js';

/**
 * Makes the real file system, with relative paths taken from `cwd` and messages that name paths as the user did.
 *
 * @param onList Called with how many entries a directory has, when it has been listed.
 */
export function nodeMeasureIo(
  cwd: string,
  options: OpenOptions,
  onList: (entries: number) => void = () => {},
): Pick<MeasureIo, 'tree' | 'openFile' | 'readText'> {
  const openFile = async (path: string, pool?: ArrayPool): Promise<OpenedFile> => {
    const source = openNodeFile(path, { cwd });
    try {
      return await openArrayFile(source, { ...options, pool });
    } catch (error) {
      source.close();
      throw error;
    }
  };
  const withFile = async <T>(path: string, use: (file: OpenedFile) => Promise<T>): Promise<T> => {
    const file = await openFile(path);
    try {
      return await use(file);
    } finally {
      file.close();
    }
  };
  const directories = nodeDirectories(cwd);
  return {
    openFile,
    readText: (path) => readText(path, cwd, options.maxMemory),
    tree: {
      ...directories,
      list(dir) {
        const entries = directories.list(dir);
        onList(entries.length);
        return entries;
      },
      names(dir) {
        const listed = directories.names?.(dir) ?? null;
        onList(listed?.names.length ?? 0);
        return listed;
      },
      async describe(path) {
        const { format, arrays, metadata } = await withFile(path, async (file) => file);
        // Opened anew for the rare column that discovery reads: thousands of files must not stay open.
        return {
          format,
          arrays,
          metadata,
          readVector: (key) => withFile(path, (file) => file.readVector(key)),
        };
      },
    },
  };
}

/** Far beyond one number and what is written beside it. */
const MOST_TEXT = 2 ** 20;
/** What a byte of JSON takes once it is parsed, at most. */
const PARSED_BYTES = 32;

/** Reads a sidecar whole. Throws E221 for more than `MOST_TEXT` bytes, E220 where what it may be parsed to is over the budget. */
function readText(path: string, cwd: string, maxMemory: number | undefined): string {
  const source = openNodeFile(path, { cwd });
  try {
    if (source.byteLength > MOST_TEXT) {
      const message = `kl_reg needs one number, and the file has ${source.byteLength} bytes`;
      throw new InputError('E221', message, { path, hint: 'write a number, or {"kl_reg": number}' });
    }
    checkBudget(PARSED_BYTES * source.byteLength, maxMemory);
    return new TextDecoder().decode(source.slice(0, source.byteLength));
  } finally {
    source.close();
  }
}
