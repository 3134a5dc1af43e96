/** What each exit code means, for the help. */
export const EXIT_CODES = {
  0: 'ok: no alert that fails the run',
  1: 'an alert',
  2: 'wrong usage: nothing was read',
  3: 'an input was not read, or an output not written',
  4: 'nothing to judge',
  70: 'a bug in the tool',
  129: 'stopped by SIGHUP (130: SIGINT, 143: SIGTERM)',
} as const;

type ExitCode = keyof typeof EXIT_CODES;

/** What --help and completion say of a subcommand. */
export interface CommandSpec {
  readonly name: string;
  /** What it is for: the headings of `collapse --help`. */
  readonly group: 'Judge' | 'Look closer' | 'In parts' | 'Set up';
  readonly summary: string;
  readonly description: string;
  /** The positional arguments, as commander writes them. */
  readonly args: readonly { readonly syntax: string; readonly summary: string }[];
  /** Lines to paste: never folded, so each fits 80 columns. */
  readonly examples: readonly string[];
  readonly exitCodes: readonly ExitCode[];
}

/** Every subcommand, in the order of --help. */
export const COMMANDS = [
  {
    name: 'check',
    group: 'Judge',
    summary: 'measure every step, judge, report, and exit 1 on alerts',
    description:
      'Loads every step found under the paths, computes the collapse metrics, judges them and prints a table.',
    args: [
      {
        syntax: '[path...]',
        summary:
          "run directories, files or quoted globs; '-' reads paths, or an .npy or .npz file, from stdin",
      },
    ],
    examples: [
      'collapse check runs/exp1',
      'collapse check runs/exp1 --json > report.json',
      "collapse check --pred 'out/pred_{step}.npy' --target 'out/tgt_{step}.npy'",
    ],
    exitCodes: [0, 1, 2, 3, 4, 70],
  },
  {
    name: 'report',
    group: 'Judge',
    summary: 'one self-contained HTML page of what check or gate would say',
    description:
      'Measures runs, or reads records that `measure` wrote, judges them and writes a page to mail or archive.',
    args: [{ syntax: '[path...]', summary: 'run directories, or .ndjson records; all of one kind' }],
    examples: [
      'collapse report runs/exp1 --output report.html',
      'collapse report shard-*.ndjson --output - > report.html',
    ],
    exitCodes: [0, 1, 2, 3, 4, 70],
  },
  {
    name: 'watch',
    group: 'Judge',
    summary: 'judge each step of a running training as it is written',
    description:
      'Looks again and again; a step is judged once its files are complete and no longer change. Ends with the verdict of all steps.',
    args: [{ syntax: '[path...]', summary: 'run directories; they need not exist yet' }],
    examples: [
      'collapse watch runs/exp1 --until 10000 --timeout 12h',
      'collapse watch runs/exp1 --serve 8080',
      "collapse watch runs/exp1 --on-alert 'scancel $JOB' --sentinel runs/exp1/STOP",
    ],
    exitCodes: [0, 1, 2, 3, 4, 70, 129],
  },
  {
    name: 'calibrate',
    group: 'Judge',
    summary: 'what healthy runs of a recipe look like, as a file that other runs are judged by',
    description:
      'Measures healthy runs, or reads their records, and writes their curves; --reference of check, gate and watch takes the file. Seeds of one recipe are alike; checkpoints of one run are not runs.',
    args: [{ syntax: '[path...]', summary: 'run directories, or .ndjson records; all of one kind' }],
    examples: [
      'collapse calibrate runs/healthy-* --alpha 0.1 -o normal.json',
      'collapse calibrate healthy.ndjson --bad runs/collapsed-* -o normal.json',
    ],
    exitCodes: [0, 2, 3, 70],
  },
  {
    name: 'diff',
    group: 'Judge',
    summary: 'one run beside a golden one: what is worse, better and the same, beyond the noise',
    description:
      'Compares the second run with the first, metric by metric, at the steps that both have; the first may be what `calibrate` wrote. Exits 0 unless a rule says otherwise.',
    args: [
      {
        syntax: '[path...]',
        summary: 'the golden run and the one to compare: directories, or .ndjson records',
      },
    ],
    examples: [
      'collapse diff runs/main runs/new',
      "collapse diff main.ndjson runs/new --fail-if 'pred_r2 < 90% of reference'",
    ],
    exitCodes: [0, 1, 2, 3, 4, 70],
  },
  {
    name: 'inspect',
    group: 'Look closer',
    summary: 'what is in a file: arrays, types, shapes, and the role and step each is taken for',
    description:
      'Reads headers only; with --values the data too. Says what is wrong with a damaged file, and exits 3.',
    args: [
      { syntax: '[file...]', summary: "files, quoted globs or directories; '-' reads paths from stdin" },
    ],
    examples: ['collapse inspect run/step_500/*.npy', 'collapse inspect --values --json step_500.npz'],
    exitCodes: [0, 2, 3, 70],
  },
  {
    name: 'doctor',
    group: 'Look closer',
    summary: 'what would be measured: pairing, types, widths and non-finite values, without a metric',
    description: 'Finds the steps, reads every array once and lists everything that is wrong with them.',
    args: [
      { syntax: '[path...]', summary: "run directories, files or quoted globs; '-' reads paths from stdin" },
    ],
    examples: ['collapse doctor runs/exp1'],
    exitCodes: [0, 2, 3, 4, 70],
  },
  {
    name: 'explain',
    group: 'Look closer',
    summary: 'what a metric, criterion, preset or error code means',
    description:
      'Prints formula, range, source, likely cause and remedy of a metric, criterion, preset, kind of collapse or error code; without an id lists them all.',
    args: [{ syntax: '[id...]', summary: 'such as pred_var_per_dim, rfc-0005 or E203' }],
    examples: ['collapse explain pred_effective_rank_ratio', 'collapse explain E203'],
    exitCodes: [0, 2, 70],
  },
  {
    name: 'measure',
    group: 'In parts',
    summary: 'measure only: one ndjson record a step on stdout',
    description:
      'Writes one record a step, so that shards can be measured anywhere and judged once with `gate`.',
    args: [
      {
        syntax: '[path...]',
        summary:
          "run directories, files or quoted globs; '-' reads paths, or an .npy or .npz file, from stdin",
      },
    ],
    examples: ['collapse measure runs/exp1 > exp1.ndjson', 'collapse measure runs/exp1 --steps 0..5000'],
    exitCodes: [0, 2, 3, 4, 70],
  },
  {
    name: 'gate',
    group: 'In parts',
    summary: 'judge records that `measure` wrote, or a CSV or JSONL file of values from elsewhere',
    description:
      'Merges records by run and step and judges them; the verdict is that of one `check` over all of them. Values that other software logged are judged too, by what their columns allow.',
    args: [
      { syntax: '[records...]', summary: "ndjson, CSV or JSONL files, or logs; '-' for standard input" },
    ],
    examples: [
      'collapse gate shard-*.ndjson',
      'collapse measure runs/exp1 | collapse gate - --json',
      'collapse gate metrics.csv --map val/pred_var=pred_var_per_dim',
    ],
    exitCodes: [0, 1, 2, 3, 4, 70],
  },
  {
    name: 'serve',
    group: 'In parts',
    summary: 'check one request after another: JSON lines in, one report a line out',
    description:
      'A request names a run, a step and its arrays; the answer is the report of `check` over all its steps. See docs/serve.md.',
    args: [],
    examples: [`echo '{"run": "r", "step": 500, "paths": ["r/step_500"]}' | collapse serve`],
    exitCodes: [0, 2, 3, 70],
  },
  {
    name: 'completion',
    group: 'Set up',
    summary: 'a script that completes commands and options in a shell',
    description: 'Prints the script; where it goes depends on the shell.',
    args: [{ syntax: '<shell>', summary: 'bash, zsh or fish' }],
    examples: [
      'collapse completion bash > ~/.local/share/bash-completion/completions/collapse',
      'collapse completion zsh > ~/.zfunc/_collapse',
      'collapse completion fish > ~/.config/fish/completions/collapse.fish',
    ],
    exitCodes: [0, 2, 70],
  },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof COMMANDS)[number]['name'];
