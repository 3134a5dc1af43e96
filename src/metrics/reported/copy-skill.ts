import { MISS_SQUARES, MOVE_SQUARES, quotient } from '#numerics/matrix/scaled-squares.js';
import { defineMetric } from '../define-metric.js';
import { needsContext } from '../needs-context.js';

/** 1 − MSE(P, T)/MSE(C, T): a perfect prediction gives 1, a copy of the context 0. */
export const copySkill = defineMetric({
  id: 'copy_skill',
  title: 'Skill over copying the context',
  unit: 'unitless',
  collapse: 'low',
  range: '(-∞, 1]',
  definition: '1 − Σ‖p_i − t_i‖²/Σ‖c_i − t_i‖², c the context embeddings',
  edge: 'null without a context, and where the context equals the target',
  sees: ['copying'],
  detects: 'a predictor that copies its input, which passes everything else',
  blindTo: 'collapse of the encoder, where context and target agree by themselves',
  source: 'mean-squared-error skill score (Murphy 1988) against persistence',
  needsTarget: true,
  needsContext: true,
  needs: { step: [MISS_SQUARES, MOVE_SQUARES] },
  compute: (batch) =>
    needsContext(batch, () => {
      const moved = batch.get(MOVE_SQUARES);
      if (moved.value === 0) return { unavailable: 'the context equals the target' };
      return 1 - quotient(batch.get(MISS_SQUARES), moved);
    }),
});
