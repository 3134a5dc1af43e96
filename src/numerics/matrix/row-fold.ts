/**
 * A quantity of a matrix of any length, put together from blocks of its rows. A matrix in memory is one block, whose
 * part is the quantity itself; a longer one passes by in many.
 */
export interface RowFold<Block, Part> {
  /** Of one block. What it reads of the whole matrix (means, range) is known before the rows pass by. */
  part(block: Block): Part;
  /** Of two runs of rows, the earlier first. It may write to both. */
  join(earlier: Part, later: Part): Part;
}

/**
 * Thrown where a quantity is asked for whose rows have yet to pass by. The question is kept: asked again after the
 * next pass, it has its answer.
 */
export class RowsPending extends Error {
  constructor() {
    super('the rows have yet to pass by');
  }
}
