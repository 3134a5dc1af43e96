import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const KINDS = { '?text': '\0text:', '?script': '\0script:' };

/**
 * For rolldown and Vite: `import text from './file?text'` is the file's content, as a string, and that of './file.ts?script'
 * a script for a browser, with all that the file imports.
 */
export const textFiles = {
  name: 'text-files',
  enforce: 'pre',
  resolveId(source, importer) {
    const mark = Object.keys(KINDS).find((end) => source.endsWith(end));
    if (mark === undefined) return null;
    // Another ending than the file's own: nothing is to compile it.
    return `${KINDS[mark]}${resolve(dirname(importer), source.slice(0, -mark.length))}.text`;
  },
  async load(id) {
    const prefix = Object.values(KINDS).find((start) => id.startsWith(start));
    if (prefix === undefined) return null;
    const path = id.slice(prefix.length, -'.text'.length);
    this.addWatchFile(path);
    const text = prefix === KINDS['?text'] ? readFileSync(path, 'utf8') : await scriptOf(path);
    return { code: `export default ${JSON.stringify(text)};`, moduleType: 'js' };
  },
};

async function scriptOf(input) {
  const bundle = await rolldown({
    input,
    platform: 'browser',
    resolve: { conditionNames: ['source', 'browser', 'default'] },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  const { code } = output[0];
  // Either would end or change the script element that it stands in.
  if (/<\/script|<!--/i.test(code)) throw new Error(`${input}: the script has a tag in it`);
  return code;
}
