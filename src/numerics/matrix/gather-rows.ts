import type { Matrix } from './matrix.js';
import type { KeptBytes, MatrixDerived, MatrixFold, MatrixView, Rows } from './matrix-view.js';

/** Copies of some rows of a matrix, gathered as they pass by. */
export interface Gathered {
  /** Their numbers, ascending. */
  readonly places: MatrixDerived<Float64Array>;
  readonly rows: MatrixDerived<Rows>;
}

/** The rows that `choose` names, ascending; of rows that pass by they count as kept, with what `bytes` says of a value. */
export function gathered(
  name: string,
  choose: (view: MatrixView) => Float64Array,
  bytes: (view: MatrixView) => KeptBytes = () => ({}),
): Gathered {
  const places: MatrixDerived<Float64Array> = { name: `places of ${name}`, needs: [], from: choose };
  const room: MatrixDerived<{ data?: Matrix['data'] }> = {
    name: `room for ${name}`,
    needs: [places],
    from: (view) => {
      view.willKeep(view.get(places).length * view.cols, bytes(view));
      return {};
    },
  };
  const copies: MatrixFold<Matrix> = {
    name: `copies of ${name}`,
    needs: [places, room],
    part: (block) => {
      const { matrix, firstRow, rows, cols } = block;
      const wanted = block.get(places);
      if (block.isWhole && wanted.length === rows) return matrix;
      const into = block.get(room);
      into.data ??= new (matrix.data instanceof Float32Array ? Float32Array : Float64Array)(
        wanted.length * cols,
      );
      for (let k = placeOf(wanted, firstRow); k < wanted.length && wanted[k]! < firstRow + rows; k++) {
        const start = (wanted[k]! - firstRow) * cols;
        into.data.set(matrix.data.subarray(start, start + cols), k * cols);
      }
      return { data: into.data, rows: wanted.length, cols };
    },
    join: (_, later) => later,
  };
  return {
    places,
    rows: { name, needs: [copies], from: (view) => view.some(view.get(copies)) },
  };
}

/** Bytes of a value of all rows of a matrix beside it: panels of two sides, a copy at unit length and its panels. */
export const BESIDE_WHOLE = 32;

const ALL_ROWS = gathered(
  'all rows',
  ({ rows }) => Float64Array.from({ length: rows }, (_, i) => i),
  ({ cols }) => ({ more: 8 / cols, beside: BESIDE_WHOLE }),
).rows;

/** The whole matrix as rows in memory, for what cannot be had from blocks. */
export const WHOLE: MatrixDerived<Rows> = {
  name: 'the whole matrix',
  needs: [],
  alsoNeeds: ({ rowsInMemory }) => (rowsInMemory === null ? [ALL_ROWS] : []),
  from: (view) => view.rowsInMemory ?? view.get(ALL_ROWS),
};

/** Where `row` stands among the ascending `rows`, or would stand. */
export function placeOf(rows: Float64Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
