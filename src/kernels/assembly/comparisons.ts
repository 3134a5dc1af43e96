import { JobField } from '../constants';
import { addTiles, BEHIND, rightPanels, sumsBehind, Tiles, tileAt } from './blocks';
import { field } from './job';
import { TILE_COLS, TILE_ROW, TILE_ROWS } from './tiles';

/** Counts the float32 that each of the three bounds of so many rows or columns takes. */
export function boundsRoom(count: u32): u32 {
  return (count + 31) & ~31;
}

/**
 * Compares the products of two blocks in float32 with their bounds. Task t is (block of rows, block of columns), which is
 * twice as wide. How many are above goes to `sums`, u32 [column blocks, rows]; a bit for each that is left open to
 * `output`, [rows, boundsRoom(columns) / 8 bytes].
 */
export function compareBlock(task: u32, thread: u32): void {
  const rows = field(JobField.rows);
  const size = field(JobField.block);
  const rowBlocks = (rows + size - 1) / size;
  const column = task / rowBlocks;
  const i0 = (task % rowBlocks) * size;
  const i1 = min(rows, i0 + size);
  const first = rowBlocks * size;
  const begin = column * 2 * size;
  const cols = field(JobField.vectors) - first;
  const end = min(cols, begin + 2 * size);
  const right = rightPanels(column, first + begin, first + end, thread);
  const sums = sumsBehind(right);
  const slots = (end - begin + 1) / 2;
  addTiles(right, sums, i0, i1, BEHIND, BEHIND + slots, field(JobField.length), Tiles.SINGLES);
  const width = (slots + TILE_COLS - 1) / TILE_COLS;
  const above = field(JobField.sums) + (((column * rows) as usize) << 2);
  const ofRows = field(JobField.bounds) as usize;
  const row = (boundsRoom(rows) as usize) << 2;
  const stride = (boundsRoom(cols) as usize) >> 3;
  for (let i = i0; i < i1; i++) {
    const at = ofRows + ((i as usize) << 2);
    const tile = tileAt(sums, (i - i0) / TILE_ROWS, 0, width) + (((i - i0) % TILE_ROWS) as usize) * TILE_ROW;
    const open = field(JobField.output) + (i as usize) * stride + (begin as usize) / 8;
    const ofColumns = ofRows + 3 * row + ((begin as usize) << 2);
    const count = compareRow(tile, width, at, row, ofColumns, stride << 5, open);
    store<u32>(above + ((i as usize) << 2), count);
  }
}

/** Compares a row of products with the bounds at `ofRow` and `ofColumns`, three each; returns how many are above. */
function compareRow(
  tile: usize,
  width: u32,
  ofRow: usize,
  row: usize,
  ofColumns: usize,
  column: usize,
  open: usize,
): u32 {
  const least = v128.load32_splat(ofRow);
  const most = v128.load32_splat(ofRow + row);
  const room = v128.load32_splat(ofRow + 2 * row);
  let above = i32x4.splat(0);
  for (let q: u32 = 0; q < width; q++, tile += (TILE_ROWS as usize) * TILE_ROW) {
    let bits: u32 = 0;
    for (let o: usize = 0; o < TILE_ROW; o += 16, ofColumns += 16) {
      const g = v128.load(tile + o);
      const apart = f32x4.mul(room, v128.load(ofColumns + 2 * column));
      const high = f32x4.gt(f32x4.sub(f32x4.sub(g, v128.load(ofColumns + column)), apart), most);
      const low = f32x4.lt(f32x4.add(f32x4.sub(g, v128.load(ofColumns)), apart), least);
      above = i32x4.sub(above, high);
      bits |= ((i32x4.bitmask(v128.or(high, low)) ^ 15) as u32) << ((o >> 2) as u32);
    }
    if (TILE_COLS === 8) store<u16>(open + ((q as usize) << 1), bits);
    else store<u8>(open + (q as usize), bits);
  }
  const halves = i32x4.add(above, v128.shuffle<i32>(above, above, 2, 3, 2, 3));
  return i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
}
