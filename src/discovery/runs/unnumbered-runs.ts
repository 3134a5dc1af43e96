import type { RunRef } from '../names/step-ref.js';
import { baseName, joinPath, parentPath, showPath } from '../names/tree-path.js';

/** A number alone, or after a word that counts: such names are more often steps than runs. */
const COUNTS = /^\d+$|(?<!\p{L})(step|iteration|iter|checkpoint|ckpt|epoch|update|batch)[^\p{L}\d]{0,2}\d+/iu;

/**
 * What to tell of the first of several neighbours that hold one step without a number each: named in another way than
 * steps are, each would be compared with itself alone.
 */
export function unnumberedWarnings(runs: readonly RunRef[]): (run: string) => string[] {
  const families = new Map<string, string[]>();
  for (const { run, steps } of runs) {
    const name = baseName(run);
    if (steps.length !== 1 || steps[0]!.step !== null || !COUNTS.test(name)) continue;
    const family = joinPath(parentPath(run), patternOf(name));
    families.set(family, [...(families.get(family) ?? []), run]);
  }
  return (run) =>
    [...families].flatMap(([family, members]) =>
      members.length > 1 && members[0] === run
        ? [
            `${members.length} runs such as ${showPath(run)} hold one step without a number each; if they are steps of one run, name them step_N, or use --pred '${family}/prediction.npy' and the like with --target`,
          ]
        : [],
    );
}

/** `update_100` is `update_{step}`. */
function patternOf(name: string): string {
  return name.replace(/\d+(?!.*\d)/u, '{step}');
}
