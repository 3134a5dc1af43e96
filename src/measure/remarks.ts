import type { Matrix } from '#numerics/matrix/matrix.js';
import {
  areDistinct,
  COMPARED_ROWS,
  countDuplicates,
  digestOf,
  ROW_HASHES,
  ROW_LOOKS,
} from '#numerics/matrix/row-hashes.js';
import type { Batch, Side, StepNeeds } from '#numerics/matrix/step-view.js';
import type { Remark, StepRecord } from '#report/record.js';

const NEEDS = [ROW_HASHES, ROW_LOOKS];
export const REMARKS_NEEDS: StepNeeds = { prediction: NEEDS, target: NEEDS };

/**
 * What of a step's arrays catches the eye and no metric sees; and what tells its prediction from that of other steps. The
 * rows of a target in memory are hashed only where those of the prediction leave something open.
 */
export function remarksOf(
  batch: Batch,
  inputs: StepRecord['inputs'],
): Pick<StepRecord, 'digest'> & { remarks: Omit<Remark, 'step'>[] } {
  const { prediction, target } = batch;
  const remarks: Omit<Remark, 'step'>[] = [];
  const hashes = prediction.get(ROW_HASHES);
  const digest = digestOf(hashes);
  if (target !== null && areEqual(batch) && digestOf(target.get(ROW_HASHES)) === digest) {
    remarks.push({
      id: 'prediction_is_target',
      message: 'prediction and target are identical to the last bit: one array may have been saved as both',
    });
  }
  const duplicates = areDistinct(hashes)
    ? 0
    : countDuplicates(target === null ? [hashes] : [hashes, target.get(ROW_HASHES)]);
  if (duplicates > 0) {
    const compared = batch.rows > COMPARED_ROWS ? `the first ${COMPARED_ROWS}` : batch.rows;
    remarks.push({
      id: 'duplicate_rows',
      message: `${duplicates} of ${compared} rows are duplicates of others, as where a sampler pads its last batch: they count more than once`,
    });
  }
  for (const side of ['prediction', 'target'] as const) {
    const looks = batch[side]?.get(ROW_LOOKS);
    if (looks === undefined) continue;
    const name = nameOf(side, batch);
    const dtype = inputs[side]?.dtype ?? '';
    if (/^u?int16$/.test(dtype) && looks.areBfloat16Bits) {
      remarks.push({
        id: 'bfloat16_bits',
        message: `the integers of the ${name} (${dtype}) look like bits of bfloat16: if they are, pass \`--dtype bfloat16\``,
      });
    }
    if (looks.zeroRows > 0) {
      remarks.push({
        id: 'zero_rows',
        message: `${looks.zeroRows} of ${batch.rows} rows of the ${name} are zero, as in a buffer that was not filled; a mask can exclude them`,
      });
    }
    if (looks.areUnit) {
      remarks.push({
        id: 'unit_rows',
        message: `rows of the ${name} have length 1: their scale cannot vanish, and kl_reg computed of them says little`,
      });
    }
  }
  const context = batch.context?.rowsInMemory?.matrix;
  if (context !== undefined && context.rows > 1 && areRowsAlike(context)) {
    remarks.push({
      id: 'constant_context',
      message:
        'all rows of the context are the same: metrics that compare with it say nothing of the predictor',
    });
  }
  return { digest, remarks };
}

function areRowsAlike({ data, cols }: Matrix): boolean {
  for (let k = cols; k < data.length; k++) if (data[k] !== data[k - cols]) return false;
  return true;
}

/** True where rows that are in memory are equal, and where nobody can look: digests are to be compared then. */
function areEqual({ prediction, target }: Batch): boolean {
  const [p, t] = [prediction.rowsInMemory?.matrix.data, target?.rowsInMemory?.matrix.data];
  if (p === undefined || t === undefined) return true;
  for (let k = 0; k < p.length; k++) if (p[k] !== t[k]) return false;
  return true;
}

function nameOf(side: Side, { target }: Batch): string {
  return target === null ? 'embeddings' : side;
}
