import type { CommandName } from '../commands.js';

/** What a flag is for: the headings of --help, in this order. */
export type FlagGroup =
  | 'Finding the inputs'
  | 'Reading arrays'
  | 'Measuring'
  | 'Rules'
  | 'Reference'
  | 'Verdict and exit code'
  | 'Watching'
  | 'State between checks'
  | 'Output'
  | 'Settings';

/** One flag: commander, --help and the table of docs/flags.md are made from it. */
export interface Flag<T> {
  readonly group: FlagGroup;
  readonly commands: readonly CommandName[];
  /** As commander writes it: `-o, --output <format>`; no `<…>` for a switch, `[…]` for a value that may be left out: it is parsed as ''. */
  readonly syntax: string;
  readonly summary: string;
  readonly parse: ((text: string, flag: string) => T) & { readonly choices?: readonly string[] };
  /** Words that completion offers, where the value may be something else too. */
  readonly completes?: readonly string[];
  /** The text shown as default; undefined where absence has its own meaning. */
  readonly defaultText?: string;
  /** May be given more than once; the values are collected. */
  readonly repeatable?: true;
  /** Writes a file or runs a command: of configurations, only one that is named or trusted can set it. */
  readonly acts?: true;
  /** Not a key of the configuration file. */
  readonly commandLineOnly?: true;
}

/** Returns what makes a flag of a group of what all flags have; the rest is spread beside it. */
export function flagOf(group: FlagGroup) {
  return <T>(
    commands: readonly CommandName[],
    syntax: string,
    summary: string,
    parse: Flag<T>['parse'],
    defaultText?: string,
  ): Flag<T> => ({
    group,
    commands,
    syntax,
    summary,
    parse,
    ...(defaultText === undefined ? {} : { defaultText }),
  });
}

export const READS: readonly CommandName[] = [
  'check',
  'measure',
  'calibrate',
  'diff',
  'report',
  'watch',
  'serve',
];
export const JUDGES: readonly CommandName[] = ['check', 'gate', 'diff', 'report', 'watch', 'serve'];
export const NAMES: readonly CommandName[] = ['check', 'measure'];
export const FINDS: readonly CommandName[] = [...READS, 'doctor'];
export const OPENS: readonly CommandName[] = [...FINDS, 'inspect'];
export const KEEPS: readonly CommandName[] = ['check', 'gate', 'watch'];
export const REPORTS: readonly CommandName[] = ['check', 'gate', 'watch'];
export const PRINTS: readonly CommandName[] = [...REPORTS, 'report'];
export const DRAWS: readonly CommandName[] = [...PRINTS, 'diff', 'inspect', 'doctor', 'explain'];
export const CONFIGURED: readonly CommandName[] = [...READS, 'gate'];
export const ALL: readonly CommandName[] = [...CONFIGURED, 'inspect', 'doctor', 'explain'];
export const isOn = (): boolean => true;
