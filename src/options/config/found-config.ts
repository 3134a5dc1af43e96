import { FLAGS, type Flag, type FlagName, type FlagValues } from '../flags.js';

/**
 * What of the settings of a configuration that nobody named is taken, and the keys that are not: those that run, write or
 * end something. Reports to standard output are taken, for they write nothing.
 */
export function withoutActs(settings: FlagValues): {
  readonly flags: FlagValues;
  readonly refused: readonly FlagName[];
} {
  const names = Object.keys(settings) as FlagName[];
  const refused = names.filter((name) => acts(name) && settings[name] !== undefined);
  const kept = names.filter((name) => !refused.includes(name));
  const flags: FlagValues = Object.fromEntries(kept.map((name) => [name, settings[name]]));
  const { output } = flags;
  if (output === undefined) return { flags, refused };
  const toStdout = output.filter(({ path }) => path === null);
  if (toStdout.length === output.length) return { flags, refused };
  const { output: _, ...others } = flags;
  return {
    flags: toStdout.length === 0 ? others : { ...others, output: toStdout },
    refused: [...refused, 'output'],
  };
}

function acts(name: FlagName): boolean {
  const flag: Flag<unknown> = FLAGS[name];
  return flag.acts === true || flag.group === 'Watching';
}

/** They decide what the exit code means, whatever the numbers say. */
const LOOSENING: readonly FlagName[] = ['failOn', 'judge', 'exitZero', 'preset'];
/** They change what measuring costs, or how text looks. */
const WITHOUT_MEANING: readonly FlagName[] = [
  'threads',
  'maxMemory',
  'keepGoing',
  'spectrum',
  'noSpectrum',
  'projection',
  'noProjection',
];

/**
 * Names what settings change of the verdict's meaning, with their values first those that can turn an alert into exit 0.
 */
export function meaningOf(settings: FlagValues): string[] {
  const names = (Object.keys(settings) as FlagName[]).filter((name) => {
    const { group } = FLAGS[name];
    return settings[name] !== undefined && group !== 'Output' && !WITHOUT_MEANING.includes(name);
  });
  const loosening = LOOSENING.filter((name) => names.includes(name) && settings[name] !== false);
  return [
    ...loosening.map((name) =>
      settings[name] === true ? name : `${name} ${[settings[name]].flat().join(' and ')}`,
    ),
    ...names.filter((name) => !LOOSENING.includes(name)),
  ];
}
