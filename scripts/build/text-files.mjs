import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const MARK = '?text';
const PREFIX = '\0text:';

/** For rolldown and Vite: `import text from './file?text'` is the file's content, as a string. */
export const textFiles = {
  name: 'text-files',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!source.endsWith(MARK)) return null;
    // Another ending than the file's own: nothing is to compile it.
    return `${PREFIX}${resolve(dirname(importer), source.slice(0, -MARK.length))}.text`;
  },
  load(id) {
    if (!id.startsWith(PREFIX)) return null;
    const path = id.slice(PREFIX.length, -'.text'.length);
    this.addWatchFile(path);
    return { code: `export default ${JSON.stringify(readFileSync(path, 'utf8'))};`, moduleType: 'js' };
  },
};
