import { rolldown } from 'rolldown';
import { SOURCES } from '../../scripts/build/sources.mjs';

/** The rules of the sources as they stand, without a build: RuleSeries, Diagnoser, jepaRules, jepaReason. */
export async function bundleRules() {
  const entry = `
    export { RuleSeries } from './src/rules/series/series.ts';
    export { Diagnoser } from './src/rules/diagnosis/diagnose.ts';
    export { jepaReason, jepaRules } from './src/rules/presets/jepa.ts';`;
  const built = await rolldown({
    input: 'rules',
    platform: 'node',
    resolve: SOURCES,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'rules' ? `${process.cwd()}/rules.ts` : null),
        load: (id) => (id === `${process.cwd()}/rules.ts` ? entry : null),
      },
    ],
  });
  const { output } = await built.generate({ format: 'esm' });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
