import type { FileCandidates } from '#discovery/candidates/candidate.js';
import type { InputRef, Role } from '#discovery/names/step-ref.js';
import { shardOfFile, stepOfFile } from '#discovery/paths/found-file.js';
import { CollapseError } from '#errors.js';
import type { InspectedFile } from '#report/types.js';

/** What discovery makes of one file: the steps, and the role of each array. */
export interface Placing extends Pick<InspectedFile, 'steps' | 'rank' | 'notes' | 'warnings'> {
  /** True where the steps of the rows are in a column of step numbers, and in no name. */
  readonly usesStepColumn: boolean;
  readonly roleOf: (key: string | null, source: InputRef['source']) => Role | null;
}

export function placingOf({ file, candidates, problems, ignored, warnings }: FileCandidates): Placing {
  const named = tolerant(() => stepOfFile(file));
  const numbers = new Set(candidates.flatMap(({ step }) => step ?? []));
  if (numbers.size === 0 && named !== null) numbers.add(named);
  const sorted = [...numbers].sort((a, b) => a - b);
  const first = sorted[0];
  return {
    steps: first === undefined ? null : { count: sorted.length, first, last: sorted.at(-1) ?? first },
    rank: tolerant(() => shardOfFile(file))?.number ?? null,
    notes: [...(ignored === null ? [] : [ignored]), ...problems.map(({ error }) => error.message)],
    usesStepColumn: named === null,
    // What is ignored is a note already.
    warnings: ignored === null ? warnings : [],
    roleOf: (key, source) =>
      candidates.find(({ input }) => input.source === source && input.key === key)?.role ?? null,
  };
}

/** Returns null where a number in a name cannot be exact, which is among the `problems`. */
function tolerant<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CollapseError) return null;
    throw error;
  }
}
