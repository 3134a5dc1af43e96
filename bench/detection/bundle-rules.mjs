import { rolldown } from 'rolldown';

/** The rules of the sources as they stand, without a build: RuleSeries, Diagnoser, jepaRules, jepaReason. */
export async function bundleRules() {
  const entry = `
    export { RuleSeries } from './src/rules/series.ts';
    export { Diagnoser } from './src/rules/diagnose.ts';
    export { jepaReason, jepaRules } from './src/rules/preset-jepa.ts';`;
  const built = await rolldown({
    input: 'rules',
    platform: 'node',
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
