import type { CollapseKindId } from '#metrics/ids.js';
import { printRule } from '../language/print-rule.js';
import type { Level, Rule } from '../language/rule.js';

interface JepaRule
  extends Pick<
    Rule,
    | 'id'
    | 'metric'
    | 'operator'
    | 'factor'
    | 'of'
    | 'forSteps'
    | 'unlessRecovering'
    | 'where'
    | 'ofOneBatch'
    | 'warnsAtOnce'
    | 'ofScale'
  > {
  readonly kind: CollapseKindId;
  /** It never decides: no bound tells what it sees from health. */
  readonly onlyWarns?: true;
  /** Why this bound and this patience. */
  readonly why: string;
}

const TABLE: readonly JepaRule[] = [
  {
    id: 'jepa.target_constant',
    kind: 'complete collapse',
    metric: 'target_var_per_dim',
    operator: '<=',
    factor: 0,
    of: null,
    forSteps: 2,
    ofOneBatch: true,
    warnsAtOnce: true,
    why: 'exactly 0 is a constant target, whatever the rounding: a warning at once, and an alert where it is no single bad step',
  },
  {
    id: 'jepa.target_scale_lost',
    kind: 'complete collapse',
    metric: 'target_var_per_dim',
    operator: '<',
    factor: 0.1,
    of: 'trained peak',
    forSteps: 2,
    ofScale: true,
    why: 'a tenth of the variance is less than a third of the distances once had; of a peak that the run has risen to, because a late collapse starts from a trained scale and an untrained one is left behind by healthy runs (EMA targets, a flat DINO); twice, so that one odd batch is none. It sees what shrinks in all directions alike. Losses that do not see scale (Barlow Twins) may settle at a third of the peak and lose nothing',
  },
  {
    id: 'jepa.target_scale_drawdown',
    kind: 'complete collapse',
    metric: 'target_var_per_dim',
    operator: '<',
    factor: 0.3,
    of: 'trained peak',
    forSteps: 2,
    ofScale: true,
    unlessRecovering: true,
    where: { metric: 'target_std_l2_normalized', operator: '<', factor: 0.65, of: 'peak' },
    why: "less than 0.55 of the distances, near the reference's own half; only where rows also turn into one direction, which a mere change of scale leaves alone. Without it 4 of 436 collapses are missed, and 1 of 475 healthy runs alerts less",
  },
  {
    id: 'jepa.target_scale_below_start',
    kind: 'complete collapse',
    metric: 'target_var_per_dim',
    operator: '<',
    factor: 0.1,
    of: 'highest',
    forSteps: 2,
    ofScale: true,
    unlessRecovering: true,
    where: { metric: 'target_std_l2_normalized', operator: '<', factor: 0.5, of: 'highest' },
    why: 'a collapse from the start has no peak of its own: step 0 is its measure. Healthy EMA targets fall from there to 0.11 of the variance and 0.2 of the spread (one to 0.08), so a tenth, and half of the spread. Without it 33 of 436 collapses are missed; 1 of 475 healthy runs alerts for it',
  },
  {
    id: 'jepa.target_one_direction',
    kind: 'complete collapse',
    metric: 'target_mean_pairwise_cos',
    operator: '>',
    factor: 0.999,
    of: null,
    forSteps: 3,
    ofOneBatch: true,
    why: 'an offset of 30 standard deviations: anisotropic but healthy encoders lie below 0.996; sees what had collapsed before its first step, and under a cosine loss, where the variance stays. Without it 2 of 436 collapses are missed, and 6 misnamed',
  },
  {
    id: 'jepa.target_rank_few',
    kind: 'dimensional collapse',
    metric: 'target_effective_rank',
    operator: '<',
    factor: 3,
    of: null,
    forSteps: 2,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'target_effective_rank_ratio', operator: '<', factor: 0.5, of: null },
    why: 'two directions and a rest, in a space that has room for six or more: what is left of a variance term without covariance term at any width, 8 to 128; healthy targets of width 8 keep 3.2. It needs no earlier step; with step 0 there the next rule sees the same. A run that is on its way out of there, as image patches are at the start, is waited for',
  },
  {
    id: 'jepa.target_rank_below_start',
    kind: 'dimensional collapse',
    metric: 'target_effective_rank_ratio',
    operator: '<',
    factor: 0.3,
    of: 'highest',
    forSteps: 2,
    unlessRecovering: true,
    where: { metric: 'target_effective_rank', operator: '<', factor: 6, of: null },
    why: 'an untrained network shows how many directions the data have: collapsing runs keep less than 0.3 of its rank, and fewer than six directions. Healthy image patches (24 to 128 dimensions) come to the same three to six directions from an untrained rank as low. Without it 14 of 436 collapses are missed; of 475 healthy runs 3 alert for it alone, whose data hold three or four factors',
  },
  {
    id: 'jepa.target_rank_drawdown',
    kind: 'dimensional collapse',
    metric: 'target_effective_rank_ratio',
    operator: '<',
    factor: 0.4,
    of: 'peak',
    forSteps: 2,
    unlessRecovering: true,
    where: { metric: 'target_effective_rank', operator: '<', factor: 6, of: null },
    why: 'as the rule before, where step 0 was not saved or had collapsed: more than half of the rank once had is lost, and fewer than six directions are left. Without the second condition 6 healthy runs more alert, that learn few factors well',
  },
  {
    id: 'jepa.target_rank_low',
    kind: 'dimensional collapse',
    metric: 'target_effective_rank_ratio',
    operator: '<',
    factor: 0.1,
    of: null,
    forSteps: 2,
    unlessRecovering: true,
    where: { metric: 'target_effective_rank_ratio', operator: '<', factor: 0.4, of: 'peak' },
    why: 'for wide embeddings, that are of low rank long before six directions are left: a tenth of isotropic, corrected for the batch, where more than twice as much was there before. Networks of the benchmark have at most 128 dimensions, and none alerts for this rule alone, healthy or not; it is measured on N(0, I) batches that lose rank',
  },
  {
    id: 'jepa.target_positional',
    kind: 'positional collapse',
    metric: 'target_sample_variance_share',
    operator: '<',
    factor: 0.05,
    of: null,
    forSteps: 2,
    ofOneBatch: true,
    unlessRecovering: true,
    why: 'of all variance less than a twentieth lies between samples: trained token models that had lost what stands at a position kept at most 0.02, healthy ones at least 0.085; of the benchmark 9 of 9 positional collapses alert, and no healthy run for this rule. Twice, and unless it grows: an untrained network with position embeddings may begin there',
  },
  {
    id: 'jepa.target_tokens_alike',
    kind: 'over-smoothing',
    metric: 'target_token_variance_share',
    operator: '<',
    factor: 0.1,
    of: 'peak',
    forSteps: 2,
    unlessRecovering: true,
    where: { metric: 'target_token_variance_share', operator: '<', factor: 0.05, of: null },
    onlyWarns: true,
    why: 'nine tenths of what told the tokens of a sample apart are lost, and little is left. A warning: healthy models have 0.003 to 0.4, collapsed ones 0.0004 to 0.115, and a scene may stand still',
  },
  {
    id: 'jepa.target_tokens_same',
    kind: 'over-smoothing',
    metric: 'target_token_variance_share',
    operator: '<',
    factor: 0.002,
    of: null,
    forSteps: 2,
    ofOneBatch: true,
    unlessRecovering: true,
    onlyWarns: true,
    why: 'below every healthy model that was measured (0.003, of video that hardly moves). A warning, for the same reason',
  },
  {
    id: 'jepa.pred_constant',
    kind: 'predictor collapse',
    metric: 'pred_var_per_dim',
    operator: '<=',
    factor: 0,
    of: null,
    forSteps: 2,
    ofOneBatch: true,
    warnsAtOnce: true,
    why: 'exactly 0 is a constant prediction: a warning at once, and an alert where it is no single bad step',
  },
  {
    id: 'jepa.pred_variance_low',
    kind: 'predictor collapse',
    metric: 'pred_target_var_ratio',
    operator: '<',
    factor: 0.1,
    of: null,
    forSteps: 3,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.2, of: null },
    why: 'a least-squares predictor has var(P)/var(T) = R², and a centred cosine near its root: below a tenth and 0.2 it explains nearly nothing; an untrained one is there too, but its variance or its cosine rises. Healthy predictors under a cosine loss, which leaves the scale free, have 0.25 to 0.6. Without it 7 of 436 collapses are missed; 2 of 475 healthy runs alert for it alone',
  },
  {
    id: 'jepa.pred_variance_lost',
    kind: 'predictor collapse',
    metric: 'pred_target_var_ratio',
    operator: '<',
    factor: 0.005,
    of: null,
    forSteps: 3,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.45, of: null },
    why: 'a fourteenth of the distances: the mean of the targets. Targets of few directions give even a shuffled predictor a cosine of 0.2 to 0.45, so the second condition is wider; beyond it the prediction points the right way and has only lost its scale, which a cosine loss leaves free. Without it 13 of 436 collapses are missed, and no healthy run alerts for it alone',
  },
  {
    id: 'jepa.pred_rank_low',
    kind: 'predictor collapse',
    metric: 'pred_effective_rank_ratio',
    operator: '<',
    factor: 0.1,
    of: 'target_effective_rank_ratio',
    forSteps: 3,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.5, of: null },
    why: 'predictions need less rank than targets, as the mean over what cannot be known: healthy ones come to 0.12 of it. Below a tenth, and where the prediction also points elsewhere, it is one direction that explains little: a bottleneck. The centred cosine says so under a cosine loss too, where R² says little. Without it 2 of 436 collapses are missed',
  },
  {
    id: 'jepa.pred_positional',
    kind: 'predictor collapse',
    metric: 'pred_target_sample_var_ratio',
    operator: '<',
    factor: 0.04,
    of: null,
    forSteps: 3,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'pred_cos_position_centered_mean', operator: '<', factor: 0.15, of: null },
    why: 'position by position: over all rows a predictor that gives the mean of each position looks alive. Without it 14 of 436 collapses are missed; of 475 healthy runs 2 alert, token models at the end of their warm-up. Under a cosine loss healthy ones come to 0.04 as well, with a cosine of 0.3 and more; collapsed ones have 0.15 and less',
  },
];

/**
 * Makes the preset `jepa`: relative to the peak, to the previous step or to another metric, corrected for batch size,
 * with patience, and with a warm-up that the predictor's rules find themselves. `why` beside each rule is its
 * justification; figures are of the clear runs of bench/detection/families, tuned and held out together.
 */
export function jepaRules(level: Level = 'error'): Rule[] {
  return TABLE.map(({ why: _, onlyWarns, ...parts }) => {
    const rule = { ...parts, after: null, level: onlyWarns ? ('warn' as const) : level };
    return { ...rule, expression: printRule(rule) };
  });
}

/** Says why the bound of a rule of the preset is what it is; null for another rule. */
export function whyOfJepa(id: string): string | null {
  return TABLE.find((rule) => rule.id === id)?.why ?? null;
}
