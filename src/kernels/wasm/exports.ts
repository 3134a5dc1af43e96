/**
 * What a build's module of tiles exports. A tile is tileRows × tileCols sums at `c`, a row after the other; `a` and
 * `b` hold `length` times the entries of as many vectors side by side.
 */
export interface TileExports {
  /** Vectors of a left panel: more where products are fused. */
  tileRows(): number;
  /** Vectors of a right panel: more where the tiles are wide. */
  tileCols(): number;
  /** c += a bᵀ */
  gramTile(a: number, b: number, length: number, c: number): void;
  /** c_ij += Σ (a_i − b_j)² */
  differenceTile(a: number, b: number, length: number, c: number): void;
}

/** What the module of passes exports: each takes `count` rows of `cols` entries. */
export interface PassExports {
  surveyColumns(
    x: number,
    bytes: number,
    count: number,
    cols: number,
    origin: number,
    sums: number,
    low: number,
    high: number,
  ): void;
  columnMoments(
    x: number,
    bytes: number,
    count: number,
    cols: number,
    mean: number,
    sums: number,
    squares: number,
  ): void;
  columnProducts(
    x: number,
    y: number,
    bytes: number,
    count: number,
    cols: number,
    xMean: number,
    yMean: number,
    sums: number,
  ): void;
  rowPairSums(
    x: number,
    y: number,
    bytes: number,
    count: number,
    cols: number,
    xCentre: number,
    yCentre: number,
    sums: number,
  ): void;
  rowSums(x: number, bytes: number, count: number, cols: number, centre: number, sums: number): void;
  affineMoments(
    x: number,
    bytes: number,
    count: number,
    cols: number,
    factors: number,
    centre: number,
    mean: number,
    sums: number,
    squares: number,
  ): void;
}

/** What a build's module of algebra exports. */
export interface AlgebraExports {
  eigenvalueBytes(n: number): number;
  placeRows(at: number, n: number, i: number, count: number, rows: number, factor: number): void;
  qrPanel(
    a: number,
    count: number,
    length: number,
    height: number,
    diagonal: number,
    scales: number,
    first: number,
  ): void;
}

/** What the module of jobs exports; every pointer is a byte position in the shared memory. */
export interface WasmExports {
  packRows(
    x: number,
    bytes: number,
    first: number,
    count: number,
    vectors: number,
    cols: number,
    mean: number,
    residual: number,
    left: number,
    norms: number,
  ): void;
  packColumns(
    x: number,
    bytes: number,
    from: number,
    depth: number,
    cols: number,
    mean: number,
    residual: number,
    left: number,
  ): void;
  describeJob(
    kind: number,
    tasks: number,
    left: number,
    norms: number,
    vectors: number,
    length: number,
    block: number,
    output: number,
    byDifferences: number,
    scratch: number,
    scratchBytes: number,
    rows: number,
    sums: number,
  ): void;
  choleskyTileBytes(): number;
  choleskyBytes(n: number): number;
  placeTriangle(
    a: number,
    n: number,
    i: number,
    count: number,
    rows: number,
    divisor: number,
    shift: number,
  ): void;
  takeDiagonal(a: number, n: number, out: number): void;
  takeTriangle(a: number, n: number, i: number, from: number, row: number): void;
  choleskyBlock(a: number, n: number, first: number, tiles: number): number;
  untrustedShare(samples: number): number;
  runJob(): void;
}
