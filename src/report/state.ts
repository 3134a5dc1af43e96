import { createHash } from 'node:crypto';
import { StateError } from '#errors.js';
import { areKnownRuns, isKnownHead } from './known-state.js';
import type { StepRecord } from './record.js';
import type * as schema from './record-schema.js';
import type { Shape } from './types.js';

export type Judging = Shape<typeof schema.judging>;

/**
 * All that survives between invocations: the records of the judged runs, in the order of their steps. Baseline, peak,
 * previous step and `for` counts follow from them, always by the rules of one invocation over all of them.
 */
export type State = Shape<typeof schema.state>;
export type StateRuns = State['runs'];

/** A state as it is in a file, and what another record needs to be added to it. */
export interface WrittenState {
  readonly state: State;
  /** Of all that was read, which the next addition continues; null where the file has to be written anew. */
  readonly checksum: string | null;
  /** Bytes of the head, and of head and whole additions together. */
  readonly headBytes: number;
  readonly wholeBytes: number;
}

const TYPE = 'embedding-collapse state';
const VERSION = 2;

/*
 * A file is a head of two lines, which is written as a whole, and additions of a line each. The checksum of an addition
 * goes over that of the line before it too: none can be missing, moved or of another file. Each says its length first, so
 * that one which a killed process left unfinished, the last, is told from one that came to harm.
 */

/** Writes a state as text, with the checksum that tells a damaged file. */
export function printState({ judging, runs }: State): string {
  const body = JSON.stringify({ judging, runs: runs.map(folded) });
  return `${headOf(checksumOf('', body))}\n${body}}\n`;
}

/** Writes runs with records that come after those of a state, for the end of its file. */
export function printAddition(before: string, runs: StateRuns): string {
  const body = JSON.stringify(runs.map(folded));
  const rest = `,"checksum":"${checksumOf(before, body)}","runs":${body}}\n`;
  const others = ADDITION.length + Buffer.byteLength(rest);
  // The digits of the length count themselves.
  let length = others;
  while (others + String(length).length !== length) length = others + String(length).length;
  return `${ADDITION}${length}${rest}`;
}

/** Reads the state in a file's text. Throws `StateError` E403 for anything but what was written to it. */
export async function parseState(text: string, path: string): Promise<WrittenState> {
  const damaged = (why: string, hint?: string): never => {
    throw new StateError('E403', `not a whole state file: ${why}`, {
      path,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const refuse: Damaged = (why, hint) => {
    refuseDeep(text, damaged);
    return damaged(why, hint);
  };
  const isOfLines = HEAD.test(text);
  if (!isOfLines) refuseDeep(text, damaged);
  const { isKnown, ...found } = isOfLines ? readLines(text, refuse) : readOne(text, damaged);
  // What is known is not deep either.
  if (isKnown) return found;
  refuseDeep(text, damaged);
  const schema = await import('./record-schema.js');
  const result = schema.state.safeParse(found.state);
  // As it was written: what a later version added to a record is kept.
  if (result.success) return found;
  const issue = result.error.issues[0];
  return damaged(`${issue?.path.join('.')}: ${issue?.message}`);
}

type Damaged = (why: string, hint?: string) => never;

const ADDITION = '{"bytes":';
const HEAD = /^\{"type":"embedding-collapse state","version":2,"checksum":"([0-9a-f]{64})","state":\n/;
const LINE = /^\{"bytes":(\d{1,15}),"checksum":"([0-9a-f]{64})","runs":/;

function headOf(checksum: string): string {
  return `{"type":"${TYPE}","version":${VERSION},"checksum":"${checksum}","state":`;
}

/** What was read, and whether nothing is left for the schema to look at. */
type Read = WrittenState & { readonly isKnown: boolean };

function readLines(text: string, damaged: Damaged): Read {
  const [first = '', sum = ''] = HEAD.exec(text) ?? [];
  const end = text.indexOf('\n', first.length);
  const body = text.slice(first.length, end - 1);
  if (end < 0 || text[end - 1] !== '}') return damaged('its first lines are cut short');
  if (sum !== checksumOf('', body)) return damaged('its checksum is wrong');
  const head = parsed(body, damaged) as { judging: Judging; runs: FoldedRun[] } | null;
  if (!Array.isArray(head?.runs)) return damaged('it has no runs');
  let isKnown = isKnownHead(head);
  const { judging, runs } = head;
  const records = new Map<string, StepRecord[]>();
  unfold(runs, records, damaged);
  let checksum = sum;
  let at = end + 1;
  while (at < text.length) {
    const next = text.indexOf('\n', at);
    const line = text.slice(at, next < 0 ? text.length : next + 1);
    if (next < 0 && isUnfinished(line)) {
      // Nobody has looked at it.
      isKnown = false;
      break;
    }
    const [start = '', bytes, own = ''] = LINE.exec(line) ?? [];
    if (next < 0 || Number(bytes) !== Buffer.byteLength(line) || !line.endsWith('}\n')) {
      return damaged('a line that was added to it is not whole');
    }
    const added = line.slice(start.length, -2);
    if (own !== checksumOf(checksum, added)) return damaged('the checksum of a line is wrong');
    const runs = parsed(added, damaged) as FoldedRun[];
    isKnown &&= areKnownRuns(runs);
    unfold(runs, records, damaged);
    checksum = own;
    at = next + 1;
  }
  const state = { judging, runs: [...records].map(([run, own]) => ({ run, records: own })) };
  const headBytes = Buffer.byteLength(text.slice(0, end + 1));
  const wholeBytes = headBytes + Buffer.byteLength(text.slice(end + 1, at));
  return { state, checksum, headBytes, wholeBytes, isKnown };
}

/** Is true for the beginning of an addition that has fewer bytes than it says. */
function isUnfinished(line: string): boolean {
  if (line.length <= ADDITION.length) return ADDITION.startsWith(line);
  const [, digits, rest = ''] = /^\{"bytes":(\d{1,15})(.*)$/s.exec(line) ?? [];
  if (digits === undefined || !',"checksum":"'.startsWith(rest.slice(0, 13))) return false;
  return rest === '' || Buffer.byteLength(line) < Number(digits);
}

/** Reads a file of version 1, one document. */
function readOne(text: string, damaged: Damaged): Read {
  let document: Readonly<Record<string, unknown>>;
  try {
    document = JSON.parse(text);
  } catch {
    return damaged(text === '' ? 'it is empty' : 'it is not JSON');
  }
  if (typeof document !== 'object' || document?.type !== TYPE) return damaged('it is something else');
  if (document.version !== 1) {
    return damaged(
      `it has version ${JSON.stringify(document.version)}, this tool reads 1 and, as it writes it, ${VERSION}`,
      'use the version of the tool that wrote it, or name another file to start anew',
    );
  }
  if (document.checksum !== checksumOf('', JSON.stringify(document.state) ?? '')) {
    return damaged('its checksum is wrong');
  }
  const bytes = Buffer.byteLength(text);
  const state = document.state as State;
  return { state, checksum: null, headBytes: bytes, wholeBytes: bytes, isKnown: false };
}

/** A run in a file: the settings that all of its records share are written once. */
interface FoldedRun {
  readonly run: string;
  readonly fingerprint?: StepRecord['fingerprint'];
  readonly records: readonly Omit<StepRecord, 'fingerprint'>[];
}

function folded({ run, records }: StateRuns[number]): FoldedRun {
  const [first] = records;
  if (first === undefined) return { run, records: [] };
  return {
    run,
    fingerprint: first.fingerprint,
    records: records.map(({ fingerprint: _, ...record }) => record),
  };
}

/** Adds the records of `runs` to those that are known. */
function unfold(runs: readonly FoldedRun[], known: Map<string, StepRecord[]>, damaged: Damaged): void {
  if (!Array.isArray(runs)) damaged('it has no runs');
  for (const folded of runs) {
    if (typeof folded !== 'object' || !Array.isArray(folded?.records)) damaged('a run has no records');
    const own = known.get(folded.run) ?? [];
    known.set(folded.run, own);
    for (const record of folded.records) {
      if (typeof record !== 'object' || record === null) damaged('a record is something else');
      own.push(
        Object.assign(record, { fingerprint: own[0]?.fingerprint ?? folded.fingerprint! }) as StepRecord,
      );
    }
  }
}

function parsed(text: string, damaged: Damaged): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return damaged('it is not JSON');
  }
}

/** Records come to a dozen; what is deeper overflows the stack of whatever walks it. */
const MOST_NESTED = 100;

function refuseDeep(text: string, damaged: Damaged): void {
  if (isDeeperThan(text, MOST_NESTED)) damaged('it is nested deeper than any state');
}

/** Tests how deep the brackets of JSON are nested, without a stack of its own; of text that is no JSON it may say either. */
function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > most) return true;
  }
  return false;
}

/** Returns the index of the quote that ends the string which begins at `start`, or the text's length. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function checksumOf(before: string, body: string): string {
  return createHash('sha256').update(before).update(body).digest('hex');
}
