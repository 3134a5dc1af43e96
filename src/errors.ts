/**
 * Every failure the tool reports has a code from this table. The hundreds decide the exit code:
 * 1xx usage (2), 2xx input (3), 3xx nothing to judge (4), 4xx output or state (3), 9xx a bug (70).
 */
export const ERROR_CODES = {
  E101: { title: 'unknown command or option', help: 'run `collapse --help` for the list' },
  E102: { title: 'invalid option value', help: 'run `collapse check --help` for what it takes' },
  E103: { title: 'missing argument', help: 'name a run directory, a file or a pattern' },
  E104: { title: 'options that exclude each other', help: 'keep one of them' },
  E110: {
    title: 'a rule that cannot be read',
    help: 'write METRIC OP NUMBER [% of baseline|previous|peak|METRIC] [at any horizon] [for N] [after STEP]',
  },
  E120: {
    title: 'a configuration that cannot be used',
    help: 'schema/config.schema.json lists every key',
  },
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
    help: 'check --pred-key, --target-key, --context-key or --mask-key',
  },
  E214: {
    title: 'shapes disagree',
    help: 'prediction, target and context need the same rows and dimensions',
  },
  E215: {
    title: 'two files claim the same role of one step',
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
    title: 'no such axis of horizons',
    help: 'with [B, T, D] name T: `--per-step-axis 1`; the last axis is the dimensions',
  },
  E231: { title: 'not a measure record', help: 'pass files that `collapse measure` wrote' },
  E232: { title: 'a step was measured twice', help: 'pass each record once' },
  E233: {
    title: 'records measured with different settings',
    help: 'measure every shard with the same flags',
  },
  E301: { title: 'no steps found', help: 'names need a role and a step, such as step_500/prediction.npy' },
  E302: { title: 'nothing to judge', help: 'a verdict needs a step with at least two rows' },
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
    help: 'pass --rejudge to judge everything again, or name another file to start anew',
  },
  E901: { title: 'a bug in the tool', help: 'run again with --verbose and report the trace' },
} as const satisfies Record<string, { title: string; help: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
type CodesOf<Hundred extends string> = Extract<ErrorCode, `E${Hundred}${string}`>;

/** A line of the user's writing with the part that is wrong: characters `start` to `end` (exclusive). */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ErrorDetails {
  /** The file at fault, as the user named it. */
  readonly path?: string;
  readonly step?: number | null;
  /** What to do next, where the table's general help can be bettered. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** The text at fault, where it is the user's own writing. */
  readonly excerpt?: Excerpt;
  /** The numbers and names that disagree: `{ expected: 1024, actual: 1000 }`. */
  readonly fields?: Readonly<Record<string, unknown>>;
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

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.step = details.step;
    this.hint = details.hint ?? ERROR_CODES[code].help;
    this.excerpt = details.excerpt;
    this.fields = details.fields ?? {};
  }
}

/** Wrong command line, configuration or rule: nothing was read. */
export class UsageError extends CollapseError {
  override readonly name = 'UsageError';
  constructor(code: CodesOf<'1'>, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}

/** An input that is missing, unreadable, inconsistent or invalid. The library throws it for every bad argument. */
export class InputError extends CollapseError {
  override readonly name = 'InputError';
  constructor(code: CodesOf<'2'>, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }

  /** The same error, with the part of the file it is about before its message. */
  in(part: string): InputError {
    return new InputError(this.code as CodesOf<'2'>, `${part}: ${this.message}`, {
      ...(this.path === undefined ? {} : { path: this.path }),
      ...(this.step === undefined ? {} : { step: this.step }),
      hint: this.hint,
      cause: this.cause,
      fields: this.fields,
    });
  }

  /** The same error, told about the file (and step) it came from. */
  at(path: string, step?: number | null): InputError {
    return new InputError(this.code as CodesOf<'2'>, this.message, {
      path: this.path ?? path,
      ...(this.step === undefined && step === undefined ? {} : { step: this.step ?? step ?? null }),
      hint: this.hint,
      cause: this.cause,
      fields: this.fields,
    });
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

  /** The same error, told of the file as the user named it. */
  at(path: string): StateError {
    const { message, step, hint, cause, fields } = this;
    return new StateError(this.code as CodesOf<'4'>, message, {
      path,
      ...(step === undefined ? {} : { step }),
      hint,
      cause,
      fields,
    });
  }
}
