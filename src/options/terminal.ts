import type { FlagValues } from './flags.js';

interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  readonly color: boolean;
  readonly width: number;
  /** Whether a person sees it at once: only there are messages folded. */
  readonly isTTY: boolean;
}

const DEFAULT_WIDTH = 80;
const MIN_WIDTH = 40;

/**
 * How text for `stream` is drawn. Colour: --color, then FORCE_COLOR (0 and false switch it off), then NO_COLOR if it
 * is not empty, then whether the stream is a terminal that is not dumb. Width: --width, COLUMNS, the terminal's, 80.
 */
export function terminalFor(stream: Stream, env: Env, flags: Pick<FlagValues, 'color' | 'width'>): Terminal {
  return {
    color: wantsColor(stream, env, flags.color),
    width: widthOf(stream, env, flags.width),
    isTTY: stream.isTTY === true,
  };
}

function wantsColor(stream: Stream, env: Env, asked: FlagValues['color']): boolean {
  if (asked === 'always') return true;
  if (asked === 'never') return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

function widthOf(stream: Stream, env: Env, asked: number | undefined): number {
  const columns = /^\d+$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : 0;
  const width = asked ?? (columns > 0 ? columns : (stream.columns ?? DEFAULT_WIDTH));
  return Math.max(MIN_WIDTH, width);
}
