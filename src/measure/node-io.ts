import { openArrayFile } from '#formats/index.js';
import type { OpenedFile, OpenOptions } from '#formats/shared/define-format.js';
import type { ArrayPool } from '#formats/shared/pool.js';
import { nodeDirectories } from '#io/node-directories.js';
import { openNodeFile } from '#io/node-file.js';
import { readText } from '#io/read-text.js';
import type { MeasureIo } from './measure.js';

/** Makes the real file system, with relative paths taken from `cwd` and messages that name paths as the user did. */
export function nodeMeasureIo(
  cwd: string,
  options: OpenOptions,
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
    readText: (path) => readText(path, cwd),
    tree: {
      ...directories,
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
