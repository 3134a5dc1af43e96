import { node, setEngineFlag } from './node.js';

export interface EngineFlag {
  readonly on: string;
  readonly off: string;
}

/** The majors of Node whose V8 was tried: it prints a complaint about each flag that it does not know. */
const TRIED = { from: 20, to: 26 };

/** Returns true where Node is at least `major`, and no newer than what its V8's flags were tried on. */
export function engineFlagsKnown(major: number): boolean {
  const versions = node?.versions;
  if (versions?.v8 === undefined) return false;
  const actual = Number.parseInt(versions.node, 10);
  return actual >= Math.max(major, TRIED.from) && actual <= TRIED.to;
}

/**
 * Runs `body` while V8 has these flags on. They are off again afterwards: they are those of the whole process, and the
 * code that Node keeps between runs is only good for the flags that it was made with.
 */
export function withEngineFlags<T>(flags: readonly EngineFlag[], body: () => T): T {
  for (const { on } of flags) setEngineFlag(on);
  try {
    return body();
  } finally {
    for (const { off } of flags) setEngineFlag(off);
  }
}
