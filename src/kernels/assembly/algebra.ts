// Comes from the module `algebra`: the compiler names an imported module after the file that declares it.
export declare function tridiagonal(at: usize, n: u32): void;
export declare function tridiagonalEigenvalues(x: usize, y: usize): void;
