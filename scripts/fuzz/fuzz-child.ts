/**
 * The process that loads what `fuzz.mjs` makes: a line of JSON in names a file, a line of JSON out says what came of
 * it. Every array is read, whole and by rows, and must fit its shape.
 */
import { createInterface } from 'node:readline';
import { CollapseError } from '#errors.js';
import { openArrayFile } from '#formats/index.js';
import type { OpenedFile } from '#formats/shared/define-format.js';
import { openNodeFile } from '#io/node-file.js';

const maxMemory = Number(process.argv[2]);

async function load(path: string, name: string): Promise<{ kind: string; detail?: string }> {
  const source = { ...openNodeFile(path), path: name };
  let refused: { kind: string; detail: string } | null = null;
  try {
    const file = await openArrayFile(source, { maxMemory, rawDtype: 'bfloat16' });
    for (const { key, kind } of file.arrays) {
      try {
        if (kind === 'vector') await file.readVector(key);
        else await loadMatrix(file, key);
      } catch (error) {
        refused ??= refusal(error);
      }
    }
    return refused ?? { kind: 'loaded' };
  } catch (error) {
    return error instanceof ShapeError ? { kind: 'shape', detail: error.message } : trace(error);
  } finally {
    source.close();
  }
}

class ShapeError extends Error {}

async function loadMatrix(file: OpenedFile, key: string | null): Promise<void> {
  const { matrix } = await file.readMatrix(key);
  const some = await file.readMatrix(key, [[0, 1]]);
  const { rows, cols, data } = matrix;
  const first = data.subarray(0, cols);
  const same = some.matrix.data.every((value, i) => Object.is(value, first[i]));
  if (data.length !== rows * cols || some.matrix.data.length !== cols || !same) {
    throw new ShapeError(`${rows} × ${cols} in ${data.length} values`);
  }
}

/** Every array of a file is tried, whatever the one before it came to; only an error without a code ends it. */
function refusal(error: unknown): { kind: string; detail: string } {
  if (isExpected(error)) return { kind: 'refused', detail: error.code };
  throw error;
}

function trace(error: unknown): { kind: string; detail: string } {
  if (isExpected(error)) return { kind: 'refused', detail: error.code };
  const cause = error instanceof CollapseError ? error.cause : error;
  return { kind: 'trace', detail: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
}

/** An error that a reader did not throw itself has a code too, so that it ends one step and not the check. */
function isExpected(error: unknown): error is CollapseError {
  return error instanceof CollapseError && !('unexpected' in error.fields);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { path, name } = JSON.parse(line) as { path: string; name: string };
  // Of the processor: a busy machine is no slow reader.
  const began = process.cpuUsage();
  const outcome = await load(path, name);
  const { user, system } = process.cpuUsage(began);
  const ms = (user + system) / 1000;
  // In KiB everywhere; the most that the process ever had.
  const peak = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ ...outcome, ms, rss: process.memoryUsage.rss(), peak })}\n`);
}
