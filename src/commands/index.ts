import type { CommandSpec } from '../options/command-line.js';
import type { CommandName, FlagValues } from '../options/flags.js';
import type { CommandContext } from './context.js';

export type RunCommand = (
  paths: readonly string[],
  flags: FlagValues,
  context: CommandContext,
) => Promise<number>;

interface Command extends CommandSpec {
  /** Loaded when it runs, so that --help and usage errors load none of the work. */
  readonly load: () => Promise<RunCommand>;
}

/** Every subcommand, in the order of --help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'check',
    summary: 'measure every step, judge, report, and exit 1 on alerts',
    description:
      'Loads every step found under the paths, computes the collapse metrics, judges them and prints a table.',
    args: [
      { syntax: '[path...]', summary: "run directories, files or quoted globs; '-' reads paths from stdin" },
    ],
    examples: [
      'collapse check runs/exp1',
      'collapse check runs/exp1 --json > report.json',
      "collapse check --pred 'out/pred_{step}.npy' --target 'out/tgt_{step}.npy' --after 1000",
    ],
    load: async () => (await import('./check.js')).check,
  },
  {
    name: 'measure',
    summary: 'measure only: one ndjson record a step on stdout',
    description:
      'Writes one record a step, so that shards can be measured anywhere and judged once with `gate`.',
    args: [
      { syntax: '[path...]', summary: "run directories, files or quoted globs; '-' reads paths from stdin" },
    ],
    examples: ['collapse measure runs/exp1 > exp1.ndjson', 'collapse measure runs/exp1 --steps 0..5000'],
    load: async () => (await import('./measure.js')).measure,
  },
  {
    name: 'gate',
    summary: 'judge records that `measure` wrote, from any number of files',
    description:
      'Merges records by run and step and judges them; the verdict is that of one `check` over all of them.',
    args: [{ syntax: '[records...]', summary: "ndjson files; '-' for standard input" }],
    examples: ['collapse gate shard-*.ndjson', 'collapse measure runs/exp1 | collapse gate - --json'],
    load: async () => (await import('./gate.js')).gate,
  },
  {
    name: 'explain',
    summary: 'what a metric, criterion, preset or error code means',
    description:
      'Prints formula, range, source, likely cause and remedy of a metric, criterion, preset, kind of collapse or error code; without an id lists them all.',
    args: [{ syntax: '[id...]', summary: 'such as pred_var_per_dim, rfc-0005 or E203' }],
    examples: ['collapse explain pred_effective_rank_ratio', 'collapse explain E203'],
    load: async () => (await import('./explain.js')).explain,
  },
  {
    name: 'inspect',
    summary: 'what is in a file: arrays, types, shapes, and the role and step each is taken for',
    description:
      'Reads headers only; with --values the data too. Of a damaged file it tells what is wrong, and exits 3.',
    args: [
      { syntax: '[file...]', summary: "files, quoted globs or directories; '-' reads paths from stdin" },
    ],
    examples: ['collapse inspect run/step_500/*.npy', 'collapse inspect --values --json step_500.npz'],
    load: async () => (await import('./inspect.js')).inspect,
  },
] satisfies readonly (Command & { name: CommandName })[];
