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
    | 'unlessRises'
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

/** Distances are a fourteenth of those between targets: what two rules ask for, each with a second condition of its own. */
const PRACTICALLY_A_MEAN = {
  kind: 'predictor collapse',
  metric: 'pred_target_var_ratio',
  operator: '<',
  factor: 0.005,
  of: null,
  forSteps: 3,
  ofOneBatch: true,
  unlessRecovering: true,
} as const satisfies Partial<JepaRule>;
/** Nearer to the targets' mean than a loss that leaves the scale free brings a prediction. */
const NOT_BESIDE_THE_TARGETS = { metric: 'pred_r2', operator: '>', factor: -1, of: null } as const;

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
    id: 'jepa.target_exploded',
    kind: 'explosion',
    metric: 'target_var_per_dim',
    operator: '>',
    factor: 10,
    of: 'trained peak',
    forSteps: 2,
    where: [{ metric: 'target_std_l2_normalized', operator: '<', factor: 0.3, of: 'peak' }],
    why: 'ten times the variance that the run had reached, two steps in a row, while the rows turn to one direction: training that goes well spreads them as it grows. Without it 1 of 436 collapses is missed, and no healthy run alerts because of it. One step is a spike, and no alert',
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
    why: 'a tenth of the variance means that distances are less than a third of what they were. The peak counts from the first rise on: a late collapse starts from a trained scale, while healthy runs (EMA targets, DINO) may leave the scale of an untrained network behind. What is more than twice the level before counts only once three steps in a row have it, so that nothing is compared with a spike. Two steps, so that one odd batch does not alert. It sees shrinking in all directions alike. Losses that ignore scale (Barlow Twins) may settle at a third of the peak without harm',
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
    where: [{ metric: 'target_std_l2_normalized', operator: '<', factor: 0.65, of: 'peak' }],
    why: "distances below 0.55 of what they were, near the reference's own half, and only where rows also turn towards one direction, which a mere change of scale does not cause. Without it 2 of 436 collapses are missed, and no healthy run alerts because of it alone",
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
    where: [{ metric: 'target_std_l2_normalized', operator: '<', factor: 0.5, of: 'highest' }],
    why: 'a run that collapses from the start never rises to a peak, so it is compared with step 0. Healthy EMA targets fall from there to 0.11 of the variance and 0.2 of the spread (one to 0.08): hence a tenth, and half of the spread. Without it 7 of 436 collapses are missed; 1 of 475 healthy runs alerts because of it',
  },
  {
    id: 'jepa.target_scale_turned',
    kind: 'complete collapse',
    metric: 'target_var_per_dim',
    operator: '<',
    factor: 0.3,
    of: 'highest',
    forSteps: 3,
    ofScale: true,
    unlessRecovering: true,
    where: [
      { metric: 'target_std_l2_normalized', operator: '<', factor: 0.17, of: 'highest' },
      { metric: 'target_mean_pairwise_cos', operator: '>', factor: 0.98, of: null },
    ],
    why: 'where rows are normalised or a layer norm restores part of the scale, collapse leaves distances half of what they were, and rows that all point one way: their directions keep a sixth of the spread that an untrained network had. Of tuned runs two that nothing else sees keep 0.13 and 0.14, healthy ones whose distances fall as far 0.22 at the least. Without it 3 of 436 collapses are missed, and no healthy run alerts because of it alone',
  },
  {
    id: 'jepa.target_scale_vanished',
    kind: 'complete collapse',
    metric: 'target_var_per_dim',
    operator: '<',
    factor: 1e-4,
    of: 'highest',
    forSteps: 2,
    ofScale: true,
    unlessRecovering: true,
    why: 'distances are a hundredth of what they were, at step 0 or later: it sees a run shrink in all directions alike that had never risen above its start. Losses that ignore scale left 0.0006 of the variance at the least',
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
    why: 'a cosine of 0.999 is an offset of 30 standard deviations; anisotropic but healthy encoders stay below 0.996. It sees runs that had collapsed before their first saved step, and collapses under a cosine loss, where the variance remains. Without it 1 of 436 collapses is missed, and 7 are misnamed',
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
    unlessRises: 'target_var_per_dim',
    where: [{ metric: 'target_effective_rank_ratio', operator: '<', factor: 0.5, of: null }],
    why: 'fewer than three directions in a space with room for six or more: what a variance term without a covariance term leaves at any width from 8 to 128; healthy targets of width 8 keep 3.2. It needs no earlier step; where step 0 was saved the next rule sees the same. A run whose rank or scale is rising, as with image patches at the start, does not alert',
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
    unlessRises: 'target_var_per_dim',
    where: [{ metric: 'target_effective_rank', operator: '<', factor: 6, of: null }],
    why: 'an untrained network shows how many directions the data have: collapsing runs keep less than 0.3 of its rank, and fewer than six directions. Healthy image patches (24 to 128 dimensions) also have three to six directions, but their untrained rank is as low. While the scale still grows by a fifth a step, a run is at its start. Without it 15 of 436 collapses are missed; of 475 healthy runs 2 alert because of it alone, whose data have few factors',
  },
  {
    id: 'jepa.target_rank_lost',
    kind: 'dimensional collapse',
    metric: 'target_effective_rank_ratio',
    operator: '<',
    factor: 0.2,
    of: 'peak',
    forSteps: 2,
    unlessRecovering: true,
    why: 'four fifths of the highest rank are lost: no healthy run of the benchmark that keeps six directions or more loses so many, whatever few factors it learns',
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
    where: [{ metric: 'target_effective_rank', operator: '<', factor: 6, of: null }],
    why: 'like jepa.target_rank_below_start, for runs where step 0 was not saved or had collapsed: more than half of the highest rank is lost, and fewer than six directions are left. Without the second condition 6 more healthy runs alert, which learn a few factors well',
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
    where: [{ metric: 'target_effective_rank_ratio', operator: '<', factor: 0.4, of: 'peak' }],
    why: 'for wide embeddings, whose rank is low long before only six directions are left: a tenth of isotropic, corrected for the size of the batch, where it was more than twice that before. Networks of the benchmark have at most 128 dimensions, and none alerts because of this rule alone, healthy or not; it was tested on N(0, I) batches that lose rank',
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
    why: 'less than a twentieth of the variance lies between samples: trained token models that had lost the content of a position kept at most 0.02, healthy ones at least 0.085. In the benchmark 9 of 9 positional collapses alert, and no healthy run does because of this rule. Two steps, and not while it rises: an untrained network with position embeddings may begin there',
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
    where: [{ metric: 'target_token_variance_share', operator: '<', factor: 0.05, of: null }],
    onlyWarns: true,
    why: 'nine tenths of the difference between the tokens of a sample are lost, and little is left. Only a warning: healthy models have 0.003 to 0.4, collapsed ones 0.0004 to 0.115, and a scene may simply not move',
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
    why: 'below every healthy model that was measured (0.003, on video that hardly moves). Only a warning, as a scene may simply not move',
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
    why: 'exactly 0 is a constant prediction: a warning at once, and an alert at the second step in a row',
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
    unlessRises: 'pred_cos_centered_mean',
    where: [{ metric: 'pred_cos_centered_mean', operator: '<', factor: 0.2, of: null }],
    why: 'a least-squares predictor has var(P)/var(T) = R², and a centred cosine near its root: below a tenth and 0.2 it explains almost nothing. An untrained one is there too, but its variance rises, or its cosine is higher than ever by a fifth. Under a cosine loss, which leaves the scale free, healthy predictors have 0.25 to 0.6. Without it 9 of 436 collapses are missed; 1 of 475 healthy runs alerts because of it, at one horizon',
  },
  {
    id: 'jepa.pred_variance_lost',
    ...PRACTICALLY_A_MEAN,
    where: [
      { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.45, of: null },
      NOT_BESIDE_THE_TARGETS,
    ],
    why: 'distances are a fourteenth of those between targets: the prediction is practically their mean. Targets of few directions give even a shuffled predictor a cosine of 0.2 to 0.45, so the second condition is wider; above it the prediction may point the right way and have lost its scale alone, which a cosine loss leaves free. Such a loss also leaves the prediction beside the targets, with R² below -1, where a dead one lies at their mean (0). In the benchmark the next rule sees all that this one does; this one also sees small noise about 0, whose rows point everywhere',
  },
  {
    id: 'jepa.pred_rows_alike',
    ...PRACTICALLY_A_MEAN,
    where: [
      { metric: 'pred_std_l2_normalized', operator: '<', factor: 0.5, of: 'target_std_l2_normalized' },
      { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.85, of: null },
      NOT_BESIDE_THE_TARGETS,
    ],
    why: 'as jepa.pred_variance_lost, where the centred cosine is high because all rows share one direction: shuffled targets of few directions leave 0.5 to 0.8, with R² about 0. A small prediction under a cosine loss has rows as short as their differences, so that its directions are spread as the targets are (0.4 to 0.6 of them); a dead one gives the same row to all samples. Above a cosine of 0.85 the prediction lacks a factor alone, with which it would explain most. Without it 3 of 436 collapses are missed, and no healthy run alerts because of it',
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
    unlessRises: 'pred_cos_centered_mean',
    where: [{ metric: 'pred_cos_centered_mean', operator: '<', factor: 0.5, of: null }],
    why: 'predictions need less rank than targets, as they average over what cannot be known: healthy ones go down to 0.12 of it. Below a tenth, and where the prediction also points elsewhere, one direction is left that explains little: a bottleneck. The centred cosine shows this under a cosine loss too, where R² says little. Without it 2 of 436 collapses are missed',
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
    unlessRises: 'pred_cos_position_centered_mean',
    where: [{ metric: 'pred_cos_position_centered_mean', operator: '<', factor: 0.15, of: null }],
    why: 'measured position by position, because over all rows a predictor that gives the mean of each position looks alive. Without it 16 of 436 collapses are missed, and no healthy run alerts because of it. Under a cosine loss healthy ones also go down to 0.04, with a cosine of 0.3 or more; collapsed ones have 0.15 or less',
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
