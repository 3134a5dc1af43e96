import { narrowDifferenceTile, narrowGramTile } from './narrow-tile';
import { TILE_COLS, TILE_ROWS } from './tile-shape';
import { wideDifferenceTile, wideGramTile } from './wide-tile';

export function tileRows(): u32 {
  return TILE_ROWS;
}
export function tileCols(): u32 {
  return TILE_COLS;
}

/** Adds Σ_k a_ik b_jk of one slab, `length` entries deep, to the tile `c` of TILE_ROWS × TILE_COLS sums. */
export function gramTile(a: usize, b: usize, length: u32, c: usize): void {
  if (TILE_COLS === 8) wideGramTile<f64>(a, b, length, c);
  else narrowGramTile<f64>(a, b, length, c);
}

/** Does the same in float32, with twice as many columns: two stand for one. */
export function singleTile(a: usize, b: usize, length: u32, c: usize): void {
  if (TILE_COLS === 8) wideGramTile<f32>(a, b, length, c);
  else narrowGramTile<f32>(a, b, length, c);
}

/** Adds Σ_k (a_ik − b_jk)² of one slab to the tile `c`. */
export function differenceTile(a: usize, b: usize, length: u32, c: usize): void {
  if (TILE_COLS === 8) wideDifferenceTile(a, b, length, c);
  else narrowDifferenceTile(a, b, length, c);
}
