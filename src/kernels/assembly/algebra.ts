/** Comes from the module `algebra`: the compiler names an imported module after the file that declares it. */
export declare function eigenvalues(at: usize, n: u32): void;
