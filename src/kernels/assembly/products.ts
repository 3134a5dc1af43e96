import { JobField } from '../constants';
import { addTiles, rightPanels, sumsBehind, Tiles, tileAt } from './blocks';
import { field } from './job';
import { TILE_COLS, TILE_ROW, TILE_ROWS } from './tiles';

/**
 * Multiplies two blocks. Task t is (block of rows, block of columns): all rows of one block of columns, then those of
 * the next.
 */
export function multiplyBlock(task: u32, thread: u32): void {
  const rows = field(JobField.rows);
  const size = field(JobField.block);
  const rowBlocks = (rows + size - 1) / size;
  const column = task / rowBlocks;
  const i0 = (task % rowBlocks) * size;
  const i1 = min(rows, i0 + size);
  const first = rowBlocks * size;
  const j0 = first + column * size;
  const j1 = min(field(JobField.vectors), j0 + size);
  const right = rightPanels(column, j0, j1, thread);
  const sums = sumsBehind(right);
  addTiles(right, sums, i0, i1, j0, j1, field(JobField.length), Tiles.PRODUCTS);
  const width = (j1 - j0 + TILE_COLS - 1) / TILE_COLS;
  for (let i = i0; i < i1; i++) {
    const lane = (i - i0) % TILE_ROWS;
    const entry = i * (field(JobField.vectors) - first) + (j0 - first);
    let to = field(JobField.output) + ((entry as usize) << 3);
    for (let q: u32 = 0; q < width; q++, to += TILE_ROW) {
      const c = tileAt(sums, (i - i0) / TILE_ROWS, q, width) + (lane as usize) * TILE_ROW;
      const bytes = (min(TILE_COLS, j1 - j0 - q * TILE_COLS) as usize) << 3;
      for (let o: usize = 0; o < bytes; o += 8) store<f64>(to + o, load<f64>(c + o));
    }
  }
}
