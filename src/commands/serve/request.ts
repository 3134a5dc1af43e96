import { UsageError } from '#errors.js';
import { parseConfig } from '#options/config/parse-config.js';
import { FLAGS, type FlagName, type FlagValues } from '#options/flags.js';

/** One line of the protocol: arrays of one run to measure, and how to judge it. docs/serve.md describes it. */
export interface ServeRequest {
  readonly run: string;
  readonly step?: number;
  /** Files, directories or patterns; absent where an array file follows the line, or nothing is to be measured. */
  readonly paths?: readonly string[];
  /** The ndjson that remembers this run beyond the process. */
  readonly records?: string;
  readonly flags: FlagValues;
}

const KEYS = ['id', 'run', 'step', 'paths', 'bytes', 'records', 'flags'];

/** Returns the object on a line. Throws `UsageError` E105 for anything else: what follows it cannot be known. */
export function parseLine(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new UsageError('E105', 'the line is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError('E105', 'the line is not a JSON object');
  }
  const { bytes } = value as { bytes?: unknown };
  if (bytes === undefined || (Number.isSafeInteger(bytes) && Number(bytes) > 0)) {
    return value as Record<string, unknown>;
  }
  throw new UsageError('E105', `bytes must be a whole number greater than 0, not ${JSON.stringify(bytes)}`);
}

/** Checks what a line asks for. Throws `UsageError` E105, and E120 for its flags. */
export function parseRequest(value: Readonly<Record<string, unknown>>): ServeRequest {
  for (const key of Object.keys(value)) if (!KEYS.includes(key)) throw refused(`unknown key ${key}`);
  const { run, step, paths, bytes, records, flags = {} } = value;
  if (!isText(run)) throw refused('run must be a name');
  if (step !== undefined && !(Number.isSafeInteger(step) && Number(step) >= 0)) {
    throw refused(`step must be a whole number, not ${JSON.stringify(step)}`);
  }
  if (paths !== undefined && bytes !== undefined) throw refused('give paths or bytes, and not both');
  if (paths !== undefined && !(Array.isArray(paths) && paths.length > 0 && paths.every(isText))) {
    throw refused('paths must be an array of names');
  }
  if (records !== undefined && !isText(records)) throw refused('records must be the name of a file');
  const config = parseConfig(flags, 'flags');
  if (config.extends.length > 0) throw refused('flags cannot extend a file');
  const own = Object.keys(config.flags) as FlagName[];
  const foreign = own.find((name) => !FLAGS[name].commands.some((command) => command === 'serve'));
  if (foreign !== undefined) throw refused(`flags cannot have ${foreign}: serve does not take it`);
  return {
    run,
    ...(step === undefined ? {} : { step: Number(step) }),
    ...(paths === undefined ? {} : { paths: paths as string[] }),
    ...(records === undefined ? {} : { records: String(records) }),
    flags: config.flags,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}

function refused(message: string): UsageError {
  return new UsageError('E105', message);
}
