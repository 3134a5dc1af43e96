import type { FlagValues } from './flags.js';

interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  readonly color: boolean;
  readonly width: number;
  /** False where the width is a guess: neither a flag, the environment nor a terminal gives it. */
  readonly hasWidth: boolean;
  /** Whether a person sees it at once: only there are messages folded. */
  readonly isTTY: boolean;
}

const DEFAULT_WIDTH = 80;
const MIN_WIDTH = 40;

/**
 * Decides how text for `stream` is drawn. Colour: --color, then FORCE_COLOR (0 and false switch it off), then NO_COLOR if it
 * is not empty, then whether the stream is a terminal that is not dumb. Width: --width, COLUMNS, the terminal's, 80.
 */
export function terminalFor(stream: Stream, env: Env, flags: Pick<FlagValues, 'color' | 'width'>): Terminal {
  const width = widthOf(stream, env, flags.width);
  return {
    color: wantsColor(stream, env, flags.color),
    width: Math.max(MIN_WIDTH, width ?? DEFAULT_WIDTH),
    hasWidth: width !== undefined,
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

function widthOf(stream: Stream, env: Env, asked: number | undefined): number | undefined {
  const columns = /^\d+$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : 0;
  return asked ?? (columns > 0 ? columns : stream.columns);
}
