/** Imported from a module of their own, algebra-module.ts. */
export declare function eigenvalues(at: usize, n: u32): void;
