import type { OutputRequest } from '#plan.js';
import { parseRule } from '#rules/language/parse-rule.js';
import type { Rule } from '#rules/language/rule.js';
import { PRESET_IDS } from '#rules/presets/presets.js';
import type { CommandName } from './commands.js';
import { metricList } from './parse/metric-list.js';
import { OUTPUT_FORMATS, outputRequest } from './parse/output-request.js';
import {
  axisNumber,
  byteSize,
  duration,
  klRegOption,
  maskValue,
  nonEmptyText,
  nonNegativeNumber,
  oneOf,
  pairwiseOption,
  positiveInteger,
  positiveNumber,
  stepNumber,
  stepWindow,
  wholeNumber,
} from './parse/value-parsers.js';

export type FlagGroup = 'Settings' | 'Watching' | 'Inputs' | 'Metrics' | 'Judging' | 'Output';

/** One flag: commander, --help and the README's table are made from it. */
export interface Flag<T> {
  readonly group: FlagGroup;
  readonly commands: readonly CommandName[];
  /** As commander writes it: `-o, --output <format>`; no `<…>` for a switch. */
  readonly syntax: string;
  readonly summary: string;
  readonly parse: ((text: string, flag: string) => T) & { readonly choices?: readonly string[] };
  /** The text shown as default; undefined where absence has its own meaning. */
  readonly defaultText?: string;
  /** May be given more than once; the values are collected. */
  readonly repeatable?: true;
  /** Writes a file or runs a command: of configurations, only one that is named or trusted can set it. */
  readonly acts?: true;
  /** Not a key of the configuration file. */
  readonly commandLineOnly?: true;
}

function flag<T>(
  group: FlagGroup,
  commands: readonly CommandName[],
  syntax: string,
  summary: string,
  parse: Flag<T>['parse'],
  defaultText?: string,
): Flag<T> {
  return { group, commands, syntax, summary, parse, ...(defaultText === undefined ? {} : { defaultText }) };
}

const READS: readonly CommandName[] = ['check', 'measure', 'report', 'watch', 'serve'];
const JUDGES: readonly CommandName[] = ['check', 'gate', 'report', 'watch', 'serve'];
const NAMES: readonly CommandName[] = ['check', 'measure'];
const FINDS: readonly CommandName[] = [...READS, 'doctor'];
const OPENS: readonly CommandName[] = [...FINDS, 'inspect'];
const KEEPS: readonly CommandName[] = ['check', 'gate', 'watch'];
const REPORTS: readonly CommandName[] = ['check', 'gate', 'watch'];
const PRINTS: readonly CommandName[] = [...REPORTS, 'report'];
const DRAWS: readonly CommandName[] = [...PRINTS, 'inspect', 'doctor', 'explain'];
const CONFIGURED: readonly CommandName[] = [...READS, 'gate'];
const ALL: readonly CommandName[] = [...CONFIGURED, 'inspect', 'doctor', 'explain'];
const isOn = (): boolean => true;

/** Every flag of every command, keyed by the name its value has in the parsed options. */
export const FLAGS = {
  config: {
    ...flag(
      'Settings',
      CONFIGURED,
      '--config <file>',
      'settings as JSON; without it collapse.config.json, or `collapse` in package.json, is looked for upwards to the repository root',
      nonEmptyText,
    ),
    commandLineOnly: true,
  },
  trustConfig: {
    ...flag(
      'Settings',
      CONFIGURED,
      '--trust-config',
      'take commands, outputs, state, sentinel and when to stop from a configuration that was found too',
      isOn,
    ),
    commandLineOnly: true,
  },
  until: flag(
    'Watching',
    ['watch'],
    '--until <step>',
    'stop once every run has this step or a later one',
    stepNumber,
  ),
  timeout: flag('Watching', ['watch'], '--timeout <time>', 'stop after this long: 90s, 30m, 12h', duration),
  interval: flag('Watching', ['watch'], '--interval <time>', 'how often to look', duration, '5s'),
  onAlert: flag(
    'Watching',
    ['watch'],
    '--on-alert <command>',
    'run this in a shell for each step that alerts; COLLAPSE_RUN, COLLAPSE_STEP and COLLAPSE_MESSAGE say which and why',
    nonEmptyText,
  ),
  sentinel: flag(
    'Watching',
    ['watch'],
    '--sentinel <file>',
    'write this file at the first alert, for the training loop to look for, and end',
    nonEmptyText,
  ),
  onAlertTimeout: flag(
    'Watching',
    ['watch'],
    '--on-alert-timeout <time>',
    'stop a command of --on-alert that runs longer than this',
    duration,
    '60s',
  ),
  keepWatching: flag(
    'Watching',
    ['watch'],
    '--keep-watching',
    'go on after the sentinel was written; without it the watch ends there',
    isOn,
  ),
  pred: flag(
    'Inputs',
    FINDS,
    '--pred <pattern>',
    'files of predictions, with {step} for the step',
    nonEmptyText,
  ),
  target: flag(
    'Inputs',
    FINDS,
    '--target <pattern>',
    "files of targets, or 'none' to measure embeddings alone",
    nonEmptyText,
  ),
  predKey: flag(
    'Inputs',
    FINDS,
    '--pred-key <name>',
    'array or column that holds the predictions, or the files of that name',
    nonEmptyText,
  ),
  targetKey: flag(
    'Inputs',
    FINDS,
    '--target-key <name>',
    'array or column that holds the targets, or the files of that name',
    nonEmptyText,
  ),
  contextKey: flag(
    'Inputs',
    READS,
    '--context-key <name>',
    'array or column that holds the contexts, or the files of that name',
    nonEmptyText,
  ),
  maskKey: flag(
    'Inputs',
    READS,
    '--mask-key <name>',
    'array or column that holds the mask, or the file of that name',
    nonEmptyText,
  ),
  maskKeeps: flag(
    'Inputs',
    READS,
    '--mask-keeps <value>',
    'the value of a mask that keeps a row: 1 or 0 (default: by its name; 0 for a padding_mask, else 1)',
    maskValue,
  ),
  noMask: flag('Inputs', READS, '--no-mask', 'keep the rows that a mask found beside the others drops', isOn),
  perStepAxis: flag(
    'Inputs',
    READS,
    '--per-step-axis <n>',
    'measure each index of this axis by itself too: 1 for the horizons of [B, T, D]; negative counts from the end',
    axisNumber,
  ),
  sampleAxis: flag(
    'Inputs',
    READS,
    '--sample-axis <n>',
    'the axis of the samples in arrays of three axes or more, where it is not the first: 1 with [T, B, D]',
    axisNumber,
  ),
  dtype: flag(
    'Inputs',
    OPENS,
    '--dtype <type>',
    'how raw 2-byte <V2 elements are meant: bfloat16',
    oneOf('bfloat16'),
  ),
  siblings: flag(
    'Inputs',
    FINDS,
    '--siblings <what>',
    "what neighbours are whose names differ in a number that may count either: 'steps' of one run, or 'runs'",
    oneOf('steps', 'runs'),
  ),
  steps: flag('Inputs', FINDS, '--steps <from..to>', 'only these steps', stepWindow),
  last: flag('Inputs', FINDS, '--last <n>', 'only the last n steps of each run', positiveInteger),
  run: {
    ...flag(
      'Inputs',
      NAMES,
      '--run <name>',
      'what the run is called, in place of its path: shards of several mounts are one run',
      nonEmptyText,
    ),
    commandLineOnly: true,
  },
  step: {
    ...flag(
      'Inputs',
      NAMES,
      '--step <n>',
      'the number of the only step, such as that of an array on standard input',
      stepNumber,
    ),
    commandLineOnly: true,
  },
  maxMemory: flag(
    'Inputs',
    OPENS,
    '--max-memory <size>',
    'read a larger step in blocks of rows, and refuse what then still needs more than this at once',
    byteSize,
    '2GiB',
  ),
  values: flag(
    'Inputs',
    ['inspect'],
    '--values',
    'also read the data: row norms, variance, constant dimensions, NaN and Inf',
    isOn,
  ),
  failFast: flag('Inputs', READS, '--fail-fast', 'stop at the first input that cannot be read', isOn),
  keepGoing: flag(
    'Inputs',
    READS,
    '--keep-going',
    'go on with the steps that can be read, and still exit 3 (default)',
    isOn,
  ),
  metrics: flag(
    'Metrics',
    READS,
    '--metrics <list>',
    "what to measure: 'core' (the seven), 'default', 'all', or ids separated by commas",
    metricList,
    'default',
  ),
  klReg: flag(
    'Metrics',
    READS,
    '--kl-reg <source>',
    'auto (a sidecar is judged, else the closed form shown), computed, none, or a number',
    klRegOption,
    'auto',
  ),
  klFrom: flag(
    'Metrics',
    READS,
    '--kl-from <matrix>',
    "whose distribution the closed form takes: 'target' or 'prediction'",
    oneOf('target', 'prediction'),
    'target',
  ),
  pairwise: flag(
    'Metrics',
    READS,
    '--pairwise <method>',
    'auto (exact up to N(N−1)/2·D = 4e10, above it an estimate from random pairs), exact, or sample[:PAIRS] (1000000)',
    pairwiseOption,
    'auto',
  ),
  seed: flag('Metrics', READS, '--seed <n>', 'seed of the random pairs', wholeNumber, '0'),
  spectrum: flag(
    'Metrics',
    ['check', 'measure', 'watch'],
    '--spectrum',
    'also record the spectra, for the page: the shares of the variance at up to 64 ranks a step',
    isOn,
  ),
  noSpectrum: flag('Metrics', ['report'], '--no-spectrum', 'leave the spectra out of the page', isOn),
  threads: flag(
    'Metrics',
    READS,
    '--threads <n>',
    'threads to measure with; no number depends on it (default: as many as the machine has)',
    positiveInteger,
  ),
  preset: {
    ...flag(
      'Judging',
      JUDGES,
      '--preset <name>',
      `judge by ${PRESET_IDS.join(' or ')} at level error, or by 'none' of them; may be repeated`,
      oneOf(...PRESET_IDS, 'none'),
      'jepa decides; rfc-0005 warns, but for a supplied kl_reg, which decides',
    ),
    repeatable: true,
  },
  ignore: {
    ...flag(
      'Judging',
      JUDGES,
      '--ignore <rule>',
      'judge without the rule of this id, such as jepa.target_rank_low; may be repeated',
      nonEmptyText,
    ),
    repeatable: true,
  },
  failIf: {
    ...flag<Rule>(
      'Judging',
      JUDGES,
      '--fail-if <rule>',
      "alert when 'METRIC < NUMBER', also '< 50% of baseline|previous|peak|METRIC', with 'at any horizon', 'for N' steps and 'after STEP'; may be repeated",
      (text) => parseRule(text, 'error'),
    ),
    repeatable: true,
  },
  warnIf: {
    ...flag<Rule>('Judging', JUDGES, '--warn-if <rule>', 'the same at level warn', (text) =>
      parseRule(text, 'warn'),
    ),
    repeatable: true,
  },
  predVarToTargetVar: flag(
    'Judging',
    JUDGES,
    '--pred-var-to-target-var <x>',
    'alert when pred_var_per_dim < x × target_var_per_dim; given, it decides beside jepa',
    positiveNumber,
    '0.5',
  ),
  pairwiseToInitial: flag(
    'Judging',
    JUDGES,
    '--pairwise-to-initial <x>',
    'alert when pairwise_pred_dist_mean < x × its baseline; given, it decides beside jepa',
    positiveNumber,
    '0.5',
  ),
  klRegMax: flag(
    'Judging',
    JUDGES,
    '--kl-reg-max <x>',
    'alert when a supplied kl_reg > x',
    positiveNumber,
    '10',
  ),
  initialPairwisePredDistMean: flag(
    'Judging',
    JUDGES,
    '--initial-pairwise-pred-dist-mean <x>',
    'the baseline distance, instead of the first judged step',
    nonNegativeNumber,
  ),
  logEverySteps: flag(
    'Judging',
    JUDGES,
    '--log-every-steps <n>',
    'judge only steps that n divides, as the reference does with 500 (default: every step)',
    positiveInteger,
  ),
  after: flag('Judging', JUDGES, '--after <step>', 'judge only steps greater than this', stepNumber, '0'),
  judge: flag(
    'Judging',
    JUDGES,
    '--judge <which>',
    "'all' steps decide the exit code, or only the 'latest'",
    oneOf('all', 'latest'),
    'all',
  ),
  failOn: flag(
    'Judging',
    JUDGES,
    '--fail-on <level>',
    "exit 1 on alerts of this level or above: 'error', 'warn', or 'never'",
    oneOf('error', 'warn', 'never'),
    'error',
  ),
  onUnavailable: flag(
    'Judging',
    JUDGES,
    '--on-unavailable <action>',
    "what a criterion you asked for does without its metric: 'skip', or 'fail' with exit 4",
    oneOf('skip', 'fail'),
    'skip',
  ),
  state: {
    ...flag(
      'Judging',
      KEEPS,
      '--state <file>',
      'remember baseline, peaks and judged steps in this file, for a job that checks one checkpoint at a time, or a watch that is stopped and started again',
      nonEmptyText,
    ),
    acts: true,
  },
  rejudge: {
    ...flag(
      'Judging',
      KEEPS,
      '--rejudge',
      'with --state: take older steps, other numbers and other rules, and judge everything again',
      isOn,
    ),
    commandLineOnly: true,
  },
  resumeFrom: {
    ...flag(
      'Judging',
      KEEPS,
      '--resume-from <step>',
      'with --state: the job went on from this step, and what came after it is forgotten',
      stepNumber,
    ),
    commandLineOnly: true,
  },
  exitZero: flag('Judging', PRINTS, '--exit-zero', 'exit 0 where alerts alone would exit 1', isOn),
  output: {
    ...flag<OutputRequest>(
      'Output',
      REPORTS,
      '-o, --output <format[=path]>',
      `report as ${OUTPUT_FORMATS.join(', ')}; to a file if a path is given; may be repeated`,
      outputRequest,
    ),
    repeatable: true,
  },
  json: flag('Output', [...REPORTS, 'inspect', 'explain'], '--json', 'JSON in place of the table', isOn),
  page: {
    ...flag(
      'Output',
      ['report'],
      '-o, --output <file>',
      "the page to write; '-' for standard output",
      nonEmptyText,
      'report.html',
    ),
    acts: true,
  },
  quiet: flag('Output', PRINTS, '-q, --quiet', 'print the verdict only', isOn),
  noCi: flag(
    'Output',
    PRINTS,
    '--no-ci',
    'append no summary to $GITHUB_STEP_SUMMARY under GitHub Actions',
    isOn,
  ),
  verbose: flag(
    'Output',
    ALL,
    '-v, --verbose',
    'also every step, ignored files, and the trace of an error',
    isOn,
  ),
  color: flag(
    'Output',
    ALL,
    '--color <when>',
    "'auto', 'always' or 'never'; NO_COLOR and FORCE_COLOR are honoured",
    oneOf('auto', 'always', 'never'),
    'auto',
  ),
  ascii: flag('Output', DRAWS, '--ascii', 'plain ASCII in tables', isOn),
  width: flag('Output', DRAWS, '--width <columns>', 'width of the table', positiveInteger),
  noProgress: flag('Output', READS, '--no-progress', 'no progress on a terminal', isOn),
} as const satisfies Record<string, Flag<unknown>>;

export type FlagName = keyof typeof FLAGS;
type ValueOf<F> = F extends Flag<infer T> ? (F extends { repeatable: true } ? readonly T[] : T) : never;

/** What the command line gave: only the flags that were written have a value. */
export type FlagValues = { readonly [K in FlagName]?: ValueOf<(typeof FLAGS)[K]> };
