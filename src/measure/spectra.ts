import type { Batch, StepNeeds } from '#numerics/matrix/step-view.js';
import { isotropicShares } from '#numerics/spectra/isotropic-spectrum.js';
import { CENTRED_SPECTRUM } from '#numerics/spectra/spectrum.js';
import { keptRanks, spectrumShares } from '#numerics/spectra/spectrum-shares.js';
import type { StepRecord } from '#report/record.js';

/** A few of the digits: these are for drawing. */
const DIGITS = 6;

export const SPECTRA_NEEDS: StepNeeds = { prediction: [CENTRED_SPECTRUM], target: [CENTRED_SPECTRUM] };

/** A step's spectra, short enough for a record; nothing where no matrix has one. */
export function spectraOf({ rows, cols, prediction, target }: Batch): Pick<StepRecord, 'spectra'> {
  const ranks = keptRanks(rows, cols);
  const [ofPrediction, ofTarget] = [prediction, target].map((embedding) =>
    embedding === null || ranks.length === 0 ? null : spectrumShares(embedding, ranks),
  );
  if (!ofPrediction && !ofTarget) return {};
  return {
    spectra: {
      ranks,
      ...(ofPrediction ? { prediction: ofPrediction.map(short) } : {}),
      ...(ofTarget ? { target: ofTarget.map(short) } : {}),
      isotropic: isotropicShares(rows, cols, ranks).map(short),
    },
  };
}

function short(x: number): number {
  return Number(x.toPrecision(DIGITS));
}
