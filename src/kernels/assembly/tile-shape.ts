/** Rows of a register tile: twelve sums of a vector with fused multiply-add, ten where a product needs a register. */
export const TILE_ROWS: u32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
/** Columns of a register tile: two vectors of two float64, or of four where the engine is to join pairs of them. */
export const TILE_COLS: u32 = WIDE_TILE ? 8 : 4;
