/** Imported from a module of their own, tile-module.ts, which the engine compiles at once and with all it has. */
export declare function tileRows(): u32;
export declare function tileCols(): u32;
export declare function gramTile(a: usize, b: usize, length: u32, c: usize): void;
export declare function differenceTile(a: usize, b: usize, length: u32, c: usize): void;
