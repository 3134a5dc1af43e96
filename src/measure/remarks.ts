import { countDuplicates, digestOf, ROW_HASHES } from '#numerics/matrix/row-hashes.js';
import type { Batch, Side, StepNeeds } from '#numerics/matrix/step-view.js';
import type { Remark, StepRecord } from '#report/record.js';

export const REMARKS_NEEDS: StepNeeds = { prediction: [ROW_HASHES], target: [ROW_HASHES] };

/** What of a step's arrays catches the eye and no metric sees; and what tells its prediction from that of other steps. */
export function remarksOf(
  batch: Batch,
  inputs: StepRecord['inputs'],
): Pick<StepRecord, 'digest'> & { remarks: Omit<Remark, 'step'>[] } {
  const sides = (['prediction', 'target'] as const).flatMap((side) => {
    const view = batch[side];
    return view === null ? [] : [{ side, name: nameOf(side, batch), hashes: view.get(ROW_HASHES) }];
  });
  const remarks: Omit<Remark, 'step'>[] = [];
  const digests = sides.map(({ hashes }) => digestOf(hashes));
  if (digests.length === 2 && digests[0] === digests[1] && areEqual(batch)) {
    remarks.push({
      id: 'prediction_is_target',
      message: 'prediction and target are identical to the last bit: one array may have been saved as both',
    });
  }
  const duplicates = countDuplicates(sides.map(({ hashes }) => hashes));
  if (duplicates > 0) {
    remarks.push({
      id: 'duplicate_rows',
      message: `${duplicates} of ${batch.rows} rows are duplicates of others, as where a sampler pads its last batch: they count more than once`,
    });
  }
  for (const { side, name, hashes } of sides) {
    const dtype = inputs[side]?.dtype ?? '';
    if (/^u?int16$/.test(dtype) && hashes.areBfloat16Bits) {
      remarks.push({
        id: 'bfloat16_bits',
        message: `the integers of the ${name} (${dtype}) look like bits of bfloat16: if they are, pass \`--dtype bfloat16\``,
      });
    }
    if (hashes.zeroRows > 0) {
      remarks.push({
        id: 'zero_rows',
        message: `${hashes.zeroRows} of ${batch.rows} rows of the ${name} are zero, as in a buffer that was not filled; a mask can exclude them`,
      });
    }
    if (hashes.areUnit) {
      remarks.push({
        id: 'unit_rows',
        message: `rows of the ${name} have length 1: their scale cannot vanish, and kl_reg computed of them says little`,
      });
    }
  }
  return { digest: digests[0]!, remarks };
}

/** What the digests promise, of rows that are still in memory. */
function areEqual({ prediction, target }: Batch): boolean {
  const [p, t] = [prediction.rowsInMemory?.matrix.data, target?.rowsInMemory?.matrix.data];
  if (p === undefined || t === undefined) return true;
  for (let k = 0; k < p.length; k++) if (p[k] !== t[k]) return false;
  return true;
}

function nameOf(side: Side, { target }: Batch): string {
  return target === null ? 'embeddings' : side;
}
