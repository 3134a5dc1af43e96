/** These come from the module `phases`: the compiler names an imported module after the file that declares it. */
export declare function addPhases(
  tiles: usize,
  rows: u32,
  tileRows: u32,
  tileCols: u32,
  width: u32,
  scale: usize,
  work: usize,
  sums: usize,
): void;
export declare function addPairTerms(
  tile: usize,
  isProducts: bool,
  i: u32,
  j: u32,
  tileRows: u32,
  tileCols: u32,
  terms: usize,
): f64;
export declare function addNormalProjections(task: u32, thread: u32): void;
