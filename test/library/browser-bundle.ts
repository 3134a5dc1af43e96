import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { build } from 'vite';
import { ROOT } from '../support/collapse.js';
import { writeFile } from '../support/run-folder.js';

export interface Bundle {
  /** A script that leaves the library in `globalThis.library`. */
  readonly code: string;
  /** What it would ask a loader for. */
  readonly imports: readonly string[];
}

/** How people bundle the package for a browser: each takes dist/ by the package's name, as a consumer in `folder` does. */
export const BUNDLERS: Readonly<Record<string, (folder: string) => Promise<Bundle>>> = {
  rolldown: async (folder) => {
    const input = consumer(folder);
    const bundle = await rolldown({ input, platform: 'browser', logLevel: 'silent' });
    const { output } = await bundle.generate({ format: 'iife' });
    await bundle.close();
    return { code: output[0].code, imports: [...output[0].imports, ...output[0].dynamicImports] };
  },
  vite: async (folder) => {
    const entry = consumer(folder);
    const result = await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: { write: false, lib: { entry, formats: ['iife'], name: 'consumer' } },
    });
    const [first] = [result].flat();
    if (first === undefined || !('output' in first)) throw new Error('vite built nothing');
    const [chunk] = first.output;
    return { code: chunk.code, imports: [...chunk.imports, ...chunk.dynamicImports] };
  },
};

function consumer(folder: string): string {
  writeFile(
    folder,
    'entry.js',
    "import * as library from 'embedding-collapse';\nglobalThis.library = library;\n",
  );
  writeFile(folder, 'node_modules/.keep', '');
  symlinkSync(ROOT, join(folder, 'node_modules/embedding-collapse'));
  return join(folder, 'entry.js');
}
