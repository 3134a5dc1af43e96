import { narrowDifferenceTile, narrowGramTile } from './narrow-tile';
import { TILE_COLS } from './vector';
import { wideDifferenceTile, wideGramTile } from './wide-tile';

/** Adds Σ_k a_ik b_jk of one slab, `length` entries deep, to the tile `c` of TILE_ROWS × TILE_COLS sums. */
export function gramTile(a: usize, b: usize, length: u32, c: usize): void {
  if (TILE_COLS === 8) wideGramTile(a, b, length, c);
  else narrowGramTile(a, b, length, c);
}

/** Adds Σ_k (a_ik − b_jk)² of one slab to the tile `c`. */
export function differenceTile(a: usize, b: usize, length: u32, c: usize): void {
  if (TILE_COLS === 8) wideDifferenceTile(a, b, length, c);
  else narrowDifferenceTile(a, b, length, c);
}
