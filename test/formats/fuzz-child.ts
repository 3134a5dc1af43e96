/**
 * Run by damage.test.ts in a process of its own, so that a hang can be ended. Damages each file given in many ways
 * and prints what came of it as JSON: every attempt must load or throw a `CollapseError`.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CollapseError } from '#errors.js';
import { openArrayFile } from '#formats/index.js';
import { memorySource } from '#io/memory-source.js';

const [flips = '0', ...paths] = process.argv.slice(2);
const outcome = { loaded: 0, refused: 0, slowestMs: 0, wrong: [] as string[] };
let state = 12_345;
/** A small generator (mulberry32), for the same damage on every run. */
const random = (below: number): number => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
};

async function attempt(what: string, bytes: Uint8Array): Promise<void> {
  // Of the processor, so that a busy machine changes nothing.
  const began = process.cpuUsage();
  try {
    const file = await openArrayFile(memorySource('x', bytes), { maxMemory: 2 ** 28 });
    for (const { key, kind } of file.arrays) {
      const { matrix } = kind === 'vector' ? { matrix: null } : await file.readMatrix(key);
      if (matrix === null) await file.readVector(key);
      else if (matrix.data.length !== matrix.rows * matrix.cols)
        outcome.wrong.push(`${what}: shape and data disagree`);
    }
    outcome.loaded++;
  } catch (error) {
    if (error instanceof CollapseError) outcome.refused++;
    else outcome.wrong.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const { user, system } = process.cpuUsage(began);
  outcome.slowestMs = Math.max(outcome.slowestMs, (user + system) / 1000);
}

for (const path of paths) {
  const whole = new Uint8Array(readFileSync(path));
  const name = basename(path);
  const step = Math.max(1, Math.floor(whole.length / 100));
  for (let length = 0; length < whole.length; length += step) {
    await attempt(`${name} cut at ${length}`, whole.slice(0, length));
  }
  for (let i = 0; i < Number(flips); i++) {
    const bytes = whole.slice();
    const count = 1 + random(3);
    // Headers are small and lie at either end: half of the damage goes there.
    const near = random(2) === 0 ? Math.min(700, whole.length) : whole.length;
    for (let n = 0; n < count; n++) {
      const offset = random(near);
      const at = random(2) === 0 ? offset : whole.length - 1 - offset;
      bytes[at] = random(2) === 0 ? (bytes[at] as number) ^ (1 << random(8)) : random(256);
    }
    await attempt(`${name} damage ${i}`, bytes);
  }
}
process.stdout.write(JSON.stringify(outcome));
