/**
 * Where the rows of a matrix lie in an array of three axes or more, [samples, positions…, dims]: each row is one sample
 * at one position.
 */
export interface RowPlaces {
  /** The rows of a sample follow each other, and samples ascend. */
  readonly samplesTogether: boolean;
  /** How many axes the positions have: one of [samples, time, dims]. */
  readonly positionAxes: number;
  /** No sample has a number as high as this; nor has a position one as high as `positionCount`. */
  readonly sampleCount: number;
  readonly positionCount: number;
  /** By row, of `count` rows from `firstRow` on. */
  samplesOf(firstRow: number, count: number): Uint32Array;
  positionsOf(firstRow: number, count: number): Uint32Array;
  /** Of some of the rows, ascending. */
  keep(rows: Uint32Array): RowPlaces;
}

/** Some of an array's rows, and how its axes lie about the one of the samples. */
export interface PlacedRows {
  /** The first of them, in the array with its leading axes flattened. */
  readonly from: number;
  readonly count: number;
  /** Product of the axes between the one of the samples and the dimensions. */
  readonly inner: number;
  /** Length of the axis of the samples. */
  readonly samples: number;
  /** Product of the axes before it. */
  readonly outer: number;
  /** Samples of the arrays before this one. */
  readonly firstSample: number;
}

/**
 * Makes the places of rows that come from one array or from several after each other.
 *
 * @example rowPlaces([{ from: 0, count: 6, inner: 3, samples: 2, outer: 1, firstSample: 0 }]).samplesOf(0, 6) // 0 0 0 1 1 1
 */
export function rowPlaces(pieces: readonly PlacedRows[], positionAxes = 1): RowPlaces {
  const walk = (firstRow: number, count: number, numberOf: (stored: number, piece: PlacedRows) => number) => {
    const numbers = new Uint32Array(count);
    let base = 0;
    for (const piece of pieces) {
      const last = Math.min(piece.count, firstRow + count - base);
      for (let i = Math.max(0, firstRow - base); i < last; i++) {
        numbers[base + i - firstRow] = numberOf(piece.from + i, piece);
      }
      base += piece.count;
    }
    return numbers;
  };
  const most = (of: (piece: PlacedRows) => number) =>
    pieces.reduce((largest, piece) => Math.max(largest, of(piece)), 0);
  return {
    positionAxes,
    samplesTogether: pieces.every(({ outer }) => outer === 1),
    sampleCount: most(({ firstSample, samples }) => firstSample + samples),
    positionCount: most(({ outer, inner }) => outer * inner),
    samplesOf: (firstRow, count) =>
      walk(
        firstRow,
        count,
        (row, { inner, samples, firstSample }) => firstSample + (Math.floor(row / inner) % samples),
      ),
    positionsOf: (firstRow, count) =>
      walk(
        firstRow,
        count,
        (row, { inner, samples }) => Math.floor(row / (inner * samples)) * inner + (row % inner),
      ),
    keep(rows) {
      return keptPlaces(this, rows);
    },
  };
}

function keptPlaces(all: RowPlaces, kept: Uint32Array): RowPlaces {
  const pick = (firstRow: number, count: number, numbersOf: RowPlaces['samplesOf']) => {
    const rows = kept.subarray(firstRow, firstRow + count);
    if (rows.length === 0) return new Uint32Array();
    const first = rows[0]!;
    const numbers = numbersOf(first, rows.at(-1)! + 1 - first);
    return rows.map((row) => numbers[row - first]!);
  };
  return {
    ...all,
    samplesOf: (firstRow, count) => pick(firstRow, count, (...range) => all.samplesOf(...range)),
    positionsOf: (firstRow, count) => pick(firstRow, count, (...range) => all.positionsOf(...range)),
    keep: (rows) =>
      keptPlaces(
        all,
        rows.map((row) => kept[row]!),
      ),
  };
}

/** The places of rows that lie as [samples, positions]; the last sample may have fewer. */
export function placesOfGrid(rows: number, positions: number): RowPlaces {
  const samples = Math.ceil(rows / positions);
  return rowPlaces([{ from: 0, count: rows, inner: positions, samples, outer: 1, firstSample: 0 }]);
}
