/** One measurement in a process of its own: `case`, then the file. Prints milliseconds and peak memory as JSON. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { parse } from 'npyjs';
import { decodeLz4Frames } from '#formats/codecs/lz4-frame.js';
import { openArrayFile } from '#formats/index.js';
import { memorySource } from '#io/memory-source.js';
import { openNodeFile } from '#io/node-file.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';

const [what = '', path = '', extra = '{}'] = process.argv.slice(2);
const {
  start = 0,
  end = 0,
  plain = 0,
  warm,
} = JSON.parse(extra) as {
  start?: number;
  end?: number;
  plain?: number;
  warm?: string;
};

const read = async () => {
  const file = await openArrayFile(openNodeFile(path));
  const { matrix } = await file.readMatrix(file.arrays.length > 1 ? (file.arrays[0]?.key ?? null) : null);
  file.close();
  return matrix;
};
const raw = (): Uint8Array => {
  const fd = openSync(path, 'r');
  const target = new Uint8Array(statSync(path).size);
  for (let at = 0; at < target.length; )
    at += readSync(fd, target, at, Math.min(2 ** 28, target.length - at), at);
  closeSync(fd);
  return target;
};

/** What must be in memory before the clock starts. */
const packed =
  what === 'lz4' || what === 'inflate' ? new Uint8Array(readFileSync(path)).slice(start, end) : null;
const CASES: Record<string, () => unknown> = {
  raw,
  read,
  checked: async () => new MatrixInMemory('prediction', await read()),
  npyjs: () => parse(raw().buffer as ArrayBuffer),
  lz4: () => decodeLz4Frames(memorySource('', packed as Uint8Array), 0, end - start, new Uint8Array(plain)),
  inflate: () => inflateRawSync(packed as Uint8Array),
};
// Loading code is not reading: every format's chunk is loaded by a small file first.
if (warm !== undefined) {
  const file = await openArrayFile(openNodeFile(warm));
  await file.readMatrix(file.arrays.length > 1 ? (file.arrays[0]?.key ?? null) : null);
}
const before = process.memoryUsage.rss();
const began = performance.now();
const result = await CASES[what]?.();
const ms = performance.now() - began;
if (result === undefined && what !== 'lz4') throw new Error(`${what} gave nothing`);
const peak = process.resourceUsage().maxRSS * 1024 - before;
process.stdout.write(JSON.stringify({ ms, peak }));
