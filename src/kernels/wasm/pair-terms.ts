import { MOST_OPEN } from '../constants.js';
import type { PairTerms } from '../kernels.js';
import type { Job, WasmArena } from './arena.js';

/** Float64 of room behind an array of one a row. */
const ROOM = 8;

/** Where a job over pairs of rows has what they give beside distances. */
export interface PairPlaces {
  readonly rows: number;
  readonly tasks: number;
  readonly sums: number;
  readonly scratch: number;
  /** Bytes of a thread's scratch, and of what stands in it before the terms. */
  readonly own: number;
  readonly behind: number;
  readonly lengths: number;
}

/** Counts the bytes that each thread needs for terms. */
export function scratchTermBytes(rows: number, terms: PairTerms | undefined): number {
  return terms === undefined ? 0 : Math.ceil(((rows + ROOM + 1 + MOST_OPEN) * 8) / 64) * 64;
}

/** Counts the bytes of lengths, their inverses and what differences of squares are compared with. */
export function pairTermBytes(rows: number, terms: PairTerms | undefined): number {
  return terms?.repulsion == null ? 0 : 2 * (rows + ROOM) * 8 + 16;
}

/** Lays out what the terms need; returns the fields of the job that say where. */
export function writePairTerms(
  arena: WasmArena,
  { rows, scratch, own, behind, lengths }: PairPlaces,
  terms: PairTerms | undefined,
): Pick<Job, 'terms' | 'lengths' | 'trusted'> {
  if (terms === undefined) return {};
  arena.preparePhases();
  terms.nearest.fill(Number.POSITIVE_INFINITY);
  for (let thread = 0; thread < arena.threads; thread++) {
    const at = scratch + thread * own + behind;
    arena.floats(at, rows + ROOM).fill(Number.POSITIVE_INFINITY);
    arena.words(at + (rows + ROOM) * 8, 1).fill(0);
  }
  const { repulsion } = terms;
  if (repulsion === null) return { terms: behind };
  const trusted = lengths + 2 * (rows + ROOM) * 8;
  arena.floats(lengths, rows).set(repulsion.lengths);
  arena.floats(lengths + (rows + ROOM) * 8, rows).set(repulsion.lengths.map((x) => 1 / x));
  arena.floats(trusted, 2).set([repulsion.share, repulsion.size]);
  return { terms: behind, lengths, trusted };
}

/** Puts together what the threads found, but for the sum of the tasks. */
export function readPairTerms(
  arena: WasmArena,
  { rows, scratch, own, behind }: PairPlaces,
  { nearest, repulsion }: PairTerms,
): void {
  let count = 0;
  const open: Uint32Array[] = [];
  for (let thread = 0; thread < arena.threads; thread++) {
    const at = scratch + thread * own + behind;
    const least = arena.floats(at, rows);
    for (let i = 0; i < rows; i++) if (least[i]! < nearest[i]!) nearest[i] = least[i]!;
    const list = at + (rows + ROOM) * 8;
    const found = arena.words(list, 1)[0]!;
    count += found;
    if (count > MOST_OPEN) continue;
    for (let k = 0; k < found; k++) open.push(arena.words(list + 8 * (k + 1), 2).slice());
  }
  if (repulsion === null) return;
  open.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
  repulsion.open = count > MOST_OPEN ? null : Uint32Array.from(open.flatMap((pair) => [...pair]));
}
