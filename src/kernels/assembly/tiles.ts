/**
 * These come from a module of their own, tile-module.ts, which the engine compiles at once and with all it has.
 */
export declare function tileRows(): u32;
export declare function tileCols(): u32;
export declare function gramTile(a: usize, b: usize, length: u32, c: usize): void;
export declare function singleTile(a: usize, b: usize, length: u32, c: usize): void;
export declare function differenceTile(a: usize, b: usize, length: u32, c: usize): void;

/** Vectors of a left panel, and of a right one: what the module of tiles says that this one is used with. */
export const TILE_ROWS: u32 = tileRows();
export const TILE_COLS: u32 = tileCols();
export const TILE_BYTES: usize = (TILE_ROWS as usize) * (TILE_COLS as usize) * 8;
/** Bytes of one row of a tile, which are those from one entry of a right panel to the next. */
export const TILE_ROW: usize = (TILE_COLS as usize) * 8;
/** Bytes from one entry of a left panel to the next. */
export const LEFT_STEP: usize = (TILE_ROWS as usize) * 8;
