/** What the modules of assembly/ export; every pointer is a byte position in the shared memory. */
export interface WasmExports {
  /** Vectors of a left panel: more where products are fused. */
  tileRows(): number;
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
  ): void;
  untrustedShare(samples: number): number;
  runJob(): void;
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
  choleskyBlock(a: number, n: number, stride: number, first: number): number;
  qrPanel(
    a: number,
    count: number,
    length: number,
    height: number,
    diagonal: number,
    scales: number,
    first: number,
  ): void;
  tridiagonalPanel(
    a: number,
    n: number,
    stride: number,
    diagonal: number,
    off: number,
    v: number,
    w: number,
    x: number,
    first: number,
  ): void;
}
