import type { Embedding } from '../matrix/embedding.js';
import type { RowFold } from '../matrix/row-fold.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';

/**
 * A copy of the rows whose numbers are in `wanted`, ascending, gathered as they pass by. `key` names the choice: the
 * same one is gathered once.
 */
export function gatherRows(embedding: WholeEmbedding, key: string, wanted: () => Float64Array): Embedding {
  const fold = gatheringOf(embedding, key, wanted);
  return embedding.keyed(`rows ${key}`, () => embedding.some(embedding.fold(fold).matrix));
}

/** Says that these rows will be gathered. */
export function expectRows(embedding: WholeEmbedding, key: string, wanted: () => Float64Array): void {
  embedding.expect(gatheringOf(embedding, key, wanted));
}

type Gathered = Pick<Embedding, 'matrix'>;

function gatheringOf(
  embedding: WholeEmbedding,
  key: string,
  wanted: () => Float64Array,
): RowFold<Embedding, Gathered> {
  return embedding.keyed(`gathering ${key}`, () => gathering(embedding, wanted()));
}

function gathering(embedding: WholeEmbedding, wanted: Float64Array): RowFold<Embedding, Gathered> {
  const { cols } = embedding;
  embedding.admit(wanted.length * cols);
  let data: Float32Array | Float64Array | undefined;
  let next = 0;
  return {
    part: ({ matrix, firstRow, rows }) => {
      const { length } = wanted;
      data ??= new (matrix.data instanceof Float32Array ? Float32Array : Float64Array)(length * cols);
      for (; next < length && wanted[next]! < firstRow + rows; next++) {
        const start = (wanted[next]! - firstRow) * cols;
        data.set(matrix.data.subarray(start, start + cols), next * cols);
      }
      return { matrix: { data, rows: length, cols } };
    },
    join: (_, gathered) => gathered,
  };
}
