import { JobField } from '../constants';
import { addTiles, BEHIND, Tiles } from './blocks';
import { field, scratchOf } from './job';
import { addPhases } from './phases';
import { TILE_COLS, TILE_ROWS } from './tiles';

/** Rows that are projected at a time: a multiple of both sides of a tile, and of two. */
const ROWS: u32 = 120;
/** Bytes of what `addPhases` sums for two directions. */
const SUMS_BYTES: usize = 512;

/** Counts the bytes that a thread needs for itself. */
export function projectionScratchBytes(block: u32): usize {
  return (ROWS as usize) * (block as usize) * 8 + ((ROWS as usize) + 2) * 32;
}

/** Projects all rows on one block of directions, whose panels were packed before, and adds their phases to its sums. */
export function projectBlock(task: u32, thread: u32): void {
  const rows = field(JobField.vectors);
  const block = field(JobField.block);
  const length = field(JobField.length);
  const first = task * block;
  const count = min(block, field(JobField.directions) - first);
  const right = field(JobField.right) + (first as usize) * (length as usize) * 8;
  const sums = scratchOf(thread);
  const work = sums + (ROWS as usize) * (block as usize) * 8;
  const output = field(JobField.output) + ((first / 2) as usize) * SUMS_BYTES;
  const width = (count + TILE_COLS - 1) / TILE_COLS;
  for (let i: u32 = 0; i < rows; i += ROWS) {
    const end = min(rows, i + ROWS);
    addTiles(right, sums, i, end, BEHIND, BEHIND + count, length, Tiles.PRODUCTS);
    addPhases(sums, end - i, TILE_ROWS, TILE_COLS, width, field(JobField.scale), work, output);
  }
}
