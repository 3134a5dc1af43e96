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
    of: 'peak',
    forSteps: 2,
    ofScale: true,
    why: 'a tenth of the variance is less than a third of the distances once had; of the peak and not of the first step, because a late collapse starts from a trained scale; twice, so that one odd batch is none. Losses that do not see scale (Barlow Twins) may settle at a third of the peak and lose nothing',
  },
  {
    id: 'jepa.target_scale_drawdown',
    kind: 'complete collapse',
    metric: 'target_var_per_dim',
    operator: '<',
    factor: 0.3,
    of: 'peak',
    forSteps: 2,
    ofScale: true,
    where: { metric: 'target_std_l2_normalized', operator: '<', factor: 0.65, of: 'peak' },
    why: "less than 0.55 of the distances, near the reference's own half; only where rows also turn into one direction, which a mere change of scale leaves alone: healthy runs that shrank this far kept 0.73 of it and more, collapsing ones have less than 0.6 within 400 steps",
  },
  {
    id: 'jepa.target_spread_decline',
    kind: 'complete collapse',
    metric: 'target_std_l2_normalized',
    operator: '<',
    factor: 0.85,
    of: 'previous',
    forSteps: 4,
    why: 'free of scale: four steps in a row halve it (0.85^4 = 0.52), where the transient of an EMA target at the start loses less than 40 % in all',
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
    why: 'an offset of 30 standard deviations: anisotropic but healthy encoders lie below 0.99; sees a run that had collapsed before its first step',
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
    why: 'two directions and a rest, in a space that has room for six or more: what is left of a variance term without covariance term at any width, 8 to 128; healthy targets of width 8 keep 3.6. A run that is on its way out of there, as image patches are at the start, is waited for',
  },
  {
    id: 'jepa.target_rank_low',
    kind: 'dimensional collapse',
    metric: 'target_effective_rank_ratio',
    operator: '<',
    factor: 0.25,
    of: null,
    forSteps: 2,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'target_effective_rank', operator: '<', factor: 6, of: null },
    why: 'corrected for the batch, so that 1 is isotropic; only where hardly any direction is left, because a wide embedding of data with few degrees of freedom is right to be of low rank: natural image patches keep 10.8 of 128 in healthy runs, collapsing ones fewer than 5.1. In 24 or 40 dimensions they start near 3 and gain, and a rank that rises is waited for; a third of them alert nevertheless',
  },
  {
    id: 'jepa.target_rank_drawdown',
    kind: 'dimensional collapse',
    metric: 'target_effective_rank_ratio',
    operator: '<',
    factor: 0.4,
    of: 'peak',
    forSteps: 3,
    why: 'more than half of the rank once had is lost; the fall from an untrained network to a trained one keeps more than 0.48',
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
    why: 'of all variance less than a twentieth lies between samples: trained token models that had lost what stands at a position kept at most 0.015, healthy ones at least 0.085 (8 of 8 seen, no false alarm). Twice, and unless it grows: an untrained network with position embeddings may begin there',
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
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.5, of: null },
    why: 'a least-squares predictor has var(P)/var(T) = R², and a centred cosine near its root: below a tenth and a third it explains nearly nothing; an untrained one is there too, but rises. One that points the right way has only lost its scale, which a cosine loss leaves free',
  },
  {
    id: 'jepa.pred_variance_lost',
    kind: 'predictor collapse',
    metric: 'pred_target_var_ratio',
    operator: '<',
    factor: 0.01,
    of: null,
    forSteps: 3,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.5, of: null },
    why: 'a tenth of the distances: the mean of the targets. Only where it also points elsewhere: a cosine loss leaves the scale free, however small',
  },
  {
    id: 'jepa.pred_variance_drawdown',
    kind: 'predictor collapse',
    metric: 'pred_target_var_ratio',
    operator: '<',
    factor: 0.25,
    of: 'peak',
    forSteps: 3,
    unlessRecovering: true,
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.5, of: null },
    why: 'three quarters of what was once predicted is lost; healthy predictors only gain, but for noise of a few per cent, and where the peak was the noise of an untrained one, or a cosine loss leaves the scale free, the fall leaves the direction right',
  },
  {
    id: 'jepa.pred_rank_low',
    kind: 'predictor collapse',
    metric: 'pred_effective_rank_ratio',
    operator: '<',
    factor: 0.3,
    of: 'target_effective_rank_ratio',
    forSteps: 3,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.5, of: null },
    why: 'predictions need less rank than targets, as the mean over what cannot be known, and far less where few directions hold the variance: only a prediction that also explains little has lost what it needs. The centred cosine says so under a cosine loss too, where R² says little; a least-squares predictor at 0.5 explains a quarter',
  },
  {
    id: 'jepa.pred_positional',
    kind: 'predictor collapse',
    metric: 'pred_target_sample_var_ratio',
    operator: '<',
    factor: 0.05,
    of: null,
    forSteps: 3,
    ofOneBatch: true,
    unlessRecovering: true,
    where: { metric: 'pred_cos_position_centered_mean', operator: '<', factor: 0.15, of: null },
    why: 'position by position: over all rows a predictor that gives the mean of each position looks alive. Below a twentieth 8 of 9 predictor collapses of trained token and video models, none of 40 healthy ones; one that learns slowly is there too, but rises, and under a cosine loss healthy ones come to 0.04, with a cosine of 0.7 and more; collapsed ones have 0.1 and less',
  },
];

/**
 * Makes the preset `jepa`: relative to the peak, to the previous step or to another metric, corrected for batch size,
 * with patience, and with a warm-up that the predictor's rules find themselves. `why` beside each rule is its
 * justification; figures are of the runs of bench/detection and of the ten digits runs, four of which are in fixtures.
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
