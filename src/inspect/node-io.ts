import { openArrayFile } from '#formats/index.js';
import { nodeFileTree } from '#io/file-tree.js';
import { openNodeFile } from '#io/node-file.js';
import { type OpeningOptions, openOptions } from '#measure/node-io.js';
import type { InspectIo } from './inspect.js';

/** The real file system for `inspect`: a file is opened before it is known what it holds. */
export function nodeInspectIo(cwd: string, options: OpeningOptions): InspectIo {
  return {
    tree: nodeFileTree(cwd),
    openSource: (path) => openNodeFile(path, { cwd }),
    openArrays: (source) => openArrayFile(source, openOptions(options)),
  };
}
