import { createHash } from 'node:crypto';
import { StateError } from '#errors.js';
import type * as schema from './schema.js';
import type { Shape } from './types.js';

export type Judging = Shape<typeof schema.judging>;

/**
 * All that survives between invocations: the records of the judged runs, in the order of their steps. Baseline, peak,
 * previous step and `for` counts follow from them, always by the rules of one invocation over all of them.
 */
export type State = Shape<typeof schema.state>;

const TYPE = 'embedding-collapse state';
const VERSION = 1;

/** Writes a state as text, with the checksum that tells a damaged file. */
export function printState(state: State): string {
  const body = JSON.stringify(state);
  return `{"type":"${TYPE}","version":${VERSION},"checksum":"${checksumOf(body)}","state":\n${body}}\n`;
}

/** Reads the state in a file's text. Throws `StateError` E403 for anything but what `printState` gave. */
export async function parseState(text: string, path: string): Promise<State> {
  const damaged = (why: string, hint?: string): never => {
    throw new StateError('E403', `not a whole state file: ${why}`, {
      path,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (isDeeperThan(text, MOST_NESTED)) return damaged('it is nested deeper than any state');
  let document: Readonly<Record<string, unknown>>;
  try {
    document = JSON.parse(text);
  } catch {
    return damaged(text === '' ? 'it is empty' : 'it is not JSON');
  }
  if (typeof document !== 'object' || document?.type !== TYPE) return damaged('it is something else');
  if (document.version !== VERSION) {
    return damaged(
      `it has version ${JSON.stringify(document.version)}, this tool reads ${VERSION}`,
      'use the version of the tool that wrote it, or name another file to start anew',
    );
  }
  if (document.checksum !== checksumOf(JSON.stringify(document.state) ?? '')) {
    return damaged('its checksum is wrong');
  }
  const schema = await import('./schema.js');
  const result = schema.state.safeParse(document.state);
  // As it was written: what a later version added to a record is kept.
  if (result.success) return document.state as State;
  const issue = result.error.issues[0];
  return damaged(`${issue?.path.join('.')}: ${issue?.message}`);
}

/** Records come to a dozen; what is deeper overflows the stack of whatever walks it. */
const MOST_NESTED = 100;

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

function checksumOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
