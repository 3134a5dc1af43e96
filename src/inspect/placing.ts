import type { FileClaims } from '#discovery/claims/claim.js';
import type { InputRef, Role } from '#discovery/names/step-ref.js';
import { rankOfFile, stepOfFile } from '#discovery/paths/found-file.js';
import { CollapseError } from '#errors.js';
import type { InspectedFile } from '#report/types.js';

/** What discovery makes of one file: the steps, and the role of each array. */
export interface Placing extends Pick<InspectedFile, 'steps' | 'rank' | 'notes' | 'warnings'> {
  /** True where the steps of the rows are in a column of step numbers, and in no name. */
  readonly usesStepColumn: boolean;
  readonly roleOf: (key: string | null, source: InputRef['source']) => Role | null;
}

export function placingOf({ file, claims, doubts, ignored, warnings }: FileClaims): Placing {
  const named = tolerant(() => stepOfFile(file));
  const numbers = new Set(claims.flatMap(({ step }) => step ?? []));
  if (numbers.size === 0 && named !== null) numbers.add(named);
  const sorted = [...numbers].sort((a, b) => a - b);
  const first = sorted[0];
  return {
    steps: first === undefined ? null : { count: sorted.length, first, last: sorted.at(-1) ?? first },
    rank: tolerant(() => rankOfFile(file))?.number ?? null,
    notes: [...(ignored === null ? [] : [ignored]), ...doubts.map(({ error }) => error.message)],
    usesStepColumn: named === null,
    // What is ignored is a note already.
    warnings: ignored === null ? warnings : [],
    roleOf: (key, source) =>
      claims.find(({ input }) => input.source === source && input.key === key)?.role ?? null,
  };
}

/** Returns null where a number in a name cannot be exact, which is among the `doubts`. */
function tolerant<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CollapseError) return null;
    throw error;
  }
}
