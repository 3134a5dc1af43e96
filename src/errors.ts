/** What an error is about; it decides the exit code. */
export type ErrorKind = 'usage' | 'input' | 'no data' | 'output' | 'bug';

function ofKind<
  const Kind extends ErrorKind,
  const Codes extends Record<string, { title: string; help: string }>,
>(kind: Kind, codes: Codes): { readonly [Code in keyof Codes]: Codes[Code] & { readonly kind: Kind } } {
  const entries = Object.entries(codes).map(([code, texts]) => [code, { ...texts, kind }]);
  return Object.fromEntries(entries) as { [Code in keyof Codes]: Codes[Code] & { kind: Kind } };
}

/**
 * Every failure the tool reports has a code from this table, and each code a kind, which decides the exit code:
 * 1xx usage (2), 2xx input (3), 3xx nothing to judge (4), 4xx output or state (3), 9xx a bug (70).
 */
export const ERROR_CODES = {
  ...ofKind('usage', {
    E101: { title: 'unknown command or option', help: 'run `collapse --help` for the list' },
    E102: { title: 'invalid option value', help: 'run `collapse check --help` for what it takes' },
    E103: { title: 'missing argument', help: 'name a run directory, a file or a pattern' },
    E104: { title: 'options that exclude each other', help: 'keep one of them' },
    E105: {
      title: 'a request that cannot be read',
      help: 'docs/serve.md describes what `collapse serve` takes',
    },
    E106: {
      title: 'too few runs',
      help: 'calibrate on more runs of the recipe, or ask for less: `collapse explain calibrate`',
    },
    E110: {
      title: 'a rule that cannot be read',
      help: 'write METRIC OP NUMBER [% of baseline|previous|peak|reference|METRIC] [at any horizon] [for N] [after STEP]',
    },
    E120: {
      title: 'a configuration that cannot be used',
      help: 'schema/config.schema.json lists every key',
    },
  }),
  ...ofKind('input', {
    E201: { title: 'no such file or directory', help: 'check the path' },
    E202: { title: 'cannot read', help: 'check permissions and the disk, then run again' },
    E203: {
      title: 'the payload disagrees with the header',
      help: 'write the file again; the copy is cut or padded',
    },
    E204: { title: 'damaged or malformed file', help: 'write the file again' },
    E205: { title: 'unsupported file format', help: 'save the arrays as .npy or Arrow' },
    E206: { title: 'unsupported element type', help: 'convert to float32 before saving' },
    E207: { title: 'non-finite value', help: 'the training step produced NaN or Inf; look at that row' },
    E208: { title: 'empty array', help: 'an embedding needs at least one row and one dimension' },
    E209: { title: 'not a matrix', help: 'save embeddings as [N, D]: samples by dimensions' },
    E210: { title: 'rows of different lengths', help: 'every row of an embedding needs the same width' },
    E211: { title: 'null value', help: 'drop or fill the null before saving' },
    E212: { title: 'several arrays could be meant', help: 'choose with --pred-key and --target-key' },
    E213: {
      title: 'no array or column of that name',
      help: 'check --pred-key, --target-key, --context-key, --mask-key, --label-key or --group-key',
    },
    E214: {
      title: 'shapes disagree',
      help: 'prediction, target and context need the same rows and dimensions',
    },
    E215: {
      title: 'two files for the same role of one step',
      help: 'remove one, or choose with --pred and --target',
    },
    E216: { title: 'a step is incomplete', help: 'save prediction and target, or pass `--target none`' },
    E217: { title: 'the width changes within a run', help: 'give each run its own directory' },
    E218: { title: 'values too large', help: 'a result does not fit in float64; scale the embeddings down' },
    E219: { title: 'not the data itself', help: 'fetch the real file' },
    E220: { title: 'over the memory budget', help: 'raise --max-memory or save fewer rows' },
    E221: { title: 'kl_reg cannot be used', help: 'save one finite number a step' },
    E222: { title: 'integers beyond 2^53', help: 'convert to float64 before saving' },
    E223: {
      title: 'the file changed while it was read',
      help: 'wait until the writer is done, then run again',
    },
    E224: { title: 'invalid argument', help: 'see the docstring for what is accepted' },
    E225: { title: 'not numeric', help: 'pass numbers, not booleans, strings or objects' },
    E226: {
      title: 'ranks are missing or disagree',
      help: 'save every rank of a step, numbered without gaps from 0 or 1',
    },
    E227: {
      title: 'the mask cannot be used',
      help: 'save one bool or 0/1 a row: 1 keeps it; or pass --no-mask',
    },
    E228: {
      title: 'no such axis',
      help: 'with [B, T, D] the horizons are `--per-step-axis 1` and the samples `--sample-axis 0`; the last axis is the dimensions',
    },
    E229: {
      title: 'two numbers that may each be the step',
      help: "choose one with --pred '…{step}…' and --target",
    },
    E231: { title: 'not a measure record', help: 'pass files that `collapse measure` wrote' },
    E232: { title: 'a step was measured twice', help: 'pass each record once' },
    E233: {
      title: 'records measured with different settings',
      help: 'measure every shard with the same flags',
    },
    E234: {
      title: 'records of errors are missing',
      help: 'pass every line that `collapse measure` wrote',
    },
    E235: {
      title: 'not a reference',
      help: 'pass what `collapse calibrate` wrote, unchanged, or the records of one run',
    },
    E236: {
      title: 'runs of different things',
      help: 'calibrate on runs of this recipe, measured with the same flags',
    },
  }),
  ...ofKind('no data', {
    E301: { title: 'no steps found', help: 'names need a role and a step, such as step_500/prediction.npy' },
    E302: { title: 'nothing to judge', help: 'a verdict needs a step with at least two rows' },
    E303: {
      title: 'a step was not reached in time',
      help: 'look whether the training still writes, or give it longer with --timeout',
    },
    E304: {
      title: 'steps of one run, or runs',
      help: 'say which: `--siblings steps` or `--siblings runs`',
    },
    E305: {
      title: 'no rule had a value',
      help: 'save what the rules need, or measure it: see --metrics, --kl-reg and `collapse explain`',
    },
    E306: {
      title: 'the reference judges nothing',
      help: 'calibrate on runs that reach these steps and have these metrics',
    },
  }),
  ...ofKind('output', {
    E401: { title: 'cannot write the output', help: 'check the path and the disk' },
    E402: {
      title: 'the state file is in use',
      help: 'run again when the other process is done; give each job its own state file',
    },
    E403: {
      title: 'damaged state file',
      help: 'it was left as it is: restore it, or name another file to start anew',
    },
    E404: {
      title: 'the state does not fit',
      help: 'pass --resume-from STEP where the job went on from an earlier step, --rejudge to judge everything again, or name another file to start anew',
    },
  }),
  ...ofKind('bug', {
    E901: { title: 'a bug in the tool', help: 'report it with the trace that is on stderr' },
  }),
};

/** The code of an error. */
export type ErrorCode = keyof typeof ERROR_CODES;
type CodesOf<Hundred extends string> = Extract<ErrorCode, `E${Hundred}${string}`>;

/** A line of the user's writing with the part that is wrong: characters `start` to `end` (exclusive). */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What an error says beside its message. */
export interface ErrorDetails {
  /** The file at fault, as the user named it. */
  readonly path?: string;
  readonly step?: number | null;
  /** The part of the file it is about, such as a member of an archive; it stands before the text. */
  readonly part?: string;
  /** What to do next, where the table's general help can be bettered. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** The text at fault, where it is the user's own writing. */
  readonly excerpt?: Excerpt;
  /** The numbers and names that disagree: `{ expected: 1024, actual: 1000 }`. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An error's text, or how it is made of its fields where those may be completed on the way up. */
export type ErrorText<Fields = never> = string | ((fields: Fields) => string);

/** What the text of a non-finite value is made of. */
export interface NonFinite {
  /** The role of the embedding. */
  readonly argument: string;
  readonly row: number;
  readonly column: number;
  /** 'NaN', 'Infinity' or '-Infinity'. */
  readonly value: string;
  /** The file that the row is counted in, where that is not the whole. */
  readonly file?: string;
}

/** Says where the first non-finite value is: of the whole, or of the file whose rows are counted. */
export function nonFiniteText({ argument, row, column, value, file }: NonFinite): string {
  const place = file === undefined ? `row ${row}` : `row ${row} of ${file}`;
  return `${argument} has ${value.replace('Infinity', 'Inf')} at ${place}, column ${column}`;
}

/** Names a step as every text does: 'step 500', or words for one without a number. */
export function stepName(step: number | null): string {
  return step === null ? 'the unnumbered step' : `step ${step}`;
}

/** The base of every error the tool raises on purpose; anything else is a bug. */
export class CollapseError extends Error {
  override readonly name: string = 'CollapseError';
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly step: number | null | undefined;
  readonly hint: string;
  readonly excerpt: Excerpt | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly #text: ErrorText;
  readonly #details: ErrorDetails;

  constructor(code: ErrorCode, text: ErrorText, details: ErrorDetails = {}) {
    super(textOf(text, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.step = details.step;
    this.hint = shortened(details.hint ?? ERROR_CODES[code].help);
    this.excerpt = details.excerpt;
    this.fields = details.fields ?? {};
    this.#text = text;
    this.#details = details;
  }

  /** True where the hint is of this error, and not the general help of its code. */
  get hasOwnHint(): boolean {
    return this.#details.hint !== undefined;
  }

  /** Copies the error with further details in place of its own; the text is made anew of them. */
  with(details: ErrorDetails): this {
    const Own = this.constructor as new (code: ErrorCode, text: ErrorText, details: ErrorDetails) => this;
    const fields = { ...this.fields, ...details.fields };
    return new Own(this.code, this.#text, { ...this.#details, ...details, fields });
  }

  /** Copies the error with the file (and step) it came from, unless it has them. */
  at(path: string, step?: number | null): this {
    const isMissing = this.step == null && step !== undefined;
    return this.with({ path: this.path ?? path, ...(isMissing ? { step } : {}) });
  }
}

function textOf(text: ErrorText, { part, fields = {} }: ErrorDetails): string {
  const own = typeof text === 'string' ? text : text(fields as never);
  return shortened(part === undefined ? own : `${part}: ${own}`);
}

/** Far beyond any message; names and values that it quotes come from files. */
const MOST_TEXT = 2000;

/** Cuts the middle out of a text that is too long to be read. */
export function shortened(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  const half = MOST_TEXT / 2;
  return `${text.slice(0, half)}[… ${text.length - MOST_TEXT} characters …]${text.slice(-half)}`;
}

/** What is wrong with a command line, a configuration or a rule. */
export type UsageKind =
  | 'unknown-command'
  | 'unknown-flag'
  | 'invalid-value'
  | 'missing-argument'
  | 'conflict'
  | 'request'
  | 'rule'
  | 'configuration';

const KINDS: Readonly<Record<CodesOf<'1'>, UsageKind>> = {
  E101: 'unknown-flag',
  E102: 'invalid-value',
  E103: 'missing-argument',
  E104: 'conflict',
  E105: 'request',
  E106: 'missing-argument',
  E110: 'rule',
  E120: 'configuration',
};

/** Wrong command line, configuration or rule: nothing was read. */
export class UsageError extends CollapseError {
  override readonly name = 'UsageError';
  readonly kind: UsageKind;
  constructor(code: CodesOf<'1'>, message: string, details?: ErrorDetails & { readonly kind?: UsageKind }) {
    super(code, message, details);
    this.kind = details?.kind ?? KINDS[code];
  }
}

/** An input that is missing, unreadable, inconsistent or invalid. The library throws it for every bad argument. */
export class InputError extends CollapseError {
  override readonly name = 'InputError';
  constructor(code: CodesOf<'2'>, text: ErrorText, details?: ErrorDetails) {
    super(code, text, details);
  }

  /** Copies the error with the part of the file it is about before its text. */
  in(part: string): this {
    return this.with({ part });
  }
}

/** There was nothing that a verdict could be given on. */
export class NoDataError extends CollapseError {
  override readonly name = 'NoDataError';
  constructor(code: CodesOf<'3'>, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}

/** A file that cannot be written. */
export class OutputError extends CollapseError {
  override readonly name = 'OutputError';
  constructor(code: CodesOf<'4'>, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}

/** A state file that cannot be used, or not now. */
export class StateError extends CollapseError {
  override readonly name = 'StateError';
  constructor(code: CodesOf<'4'>, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}
