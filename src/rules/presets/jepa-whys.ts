/**
 * Why the bound and the patience of each rule of the preset `jepa` are what they are; only `explain` and the docs load it. Figures are
 * of the clear runs of bench/detection/families, tuned and held out together unless they say tuned.
 */
const WHY: Readonly<Record<string, string>> = {
  'jepa.target_constant':
    'exactly 0 is a constant target, whatever the rounding: a warning at once, and an alert where it is no single bad step',
  'jepa.target_exploded':
    'ten times the variance that the run had reached, two steps in a row, while the rows turn to one direction: training that goes well spreads them as it grows. Without it 1 of 436 collapses is missed, and no healthy run alerts because of it. One step is a spike, and no alert',
  'jepa.target_scale_lost':
    'a tenth of the variance means that distances are less than a third of what they were. The peak counts from the first rise on: a late collapse starts from a trained scale, while healthy runs (EMA targets, DINO) may leave the scale of an untrained network behind. What is more than twice the level before counts only once three steps in a row have it, so that nothing is compared with a spike. Two steps, so that one odd batch does not alert. It sees shrinking in all directions alike. Losses that ignore scale (Barlow Twins) may settle at a third of the peak without harm',
  'jepa.target_scale_drawdown':
    "distances below 0.55 of what they were, near the reference's own half, and only where rows also turn towards one direction, which a mere change of scale does not cause. Without it 2 of 436 collapses are missed, and no healthy run alerts because of it alone",
  'jepa.target_scale_below_start':
    'a run that collapses from the start never rises to a peak, so it is compared with step 0. Healthy EMA targets fall from there to 0.11 of the variance and 0.2 of the spread (one to 0.08): hence a tenth, and half of the spread. Without it 7 of 436 collapses are missed; 1 of 475 healthy runs alerts because of it',
  'jepa.target_scale_turned':
    'where rows are normalised or a layer norm restores part of the scale, collapse leaves distances half of what they were, and rows that all point one way: their directions keep a sixth of the spread that an untrained network had. Of tuned runs two that nothing else sees keep 0.13 and 0.14, healthy ones whose distances fall as far 0.22 at the least. Without it 3 of 436 collapses are missed, and no healthy run alerts because of it alone',
  'jepa.target_scale_vanished':
    'distances are a hundredth of what they were, at step 0 or later: it sees a run shrink in all directions alike that had never risen above its start. Losses that ignore scale left 0.0006 of the variance at the least',
  'jepa.target_one_direction':
    'a cosine of 0.999 is an offset of 30 standard deviations; anisotropic but healthy encoders stay below 0.996. It sees runs that had collapsed before their first saved step, and collapses under a cosine loss, where the variance remains. Without it 1 of 436 collapses is missed, and 6 are misnamed',
  'jepa.target_rank_few':
    'fewer than three directions in a space with room for six or more: what a variance term without a covariance term leaves at any width from 8 to 128; healthy targets of width 8 keep 3.2. It needs no earlier step; where step 0 was saved the next rule sees the same. A run whose rank, scale or spread is rising, as with image patches at the start, does not alert',
  'jepa.target_rank_below_start':
    'an untrained network shows how many directions the data have: collapsing runs keep less than 0.3 of its rank, and fewer than six directions. Healthy image patches (24 to 128 dimensions) also have three to six directions, but their untrained rank is as low. While the scale still grows by a fifth a step, or the directions spread further than ever, a run is at its start. Without it 4 of 222 tuned collapses are missed; of 239 healthy runs 1 alerts because of it alone, whose data have few factors',
  'jepa.target_rank_lost':
    'four fifths of the highest rank are lost: no healthy run of the benchmark that keeps six directions or more loses so many, whatever few factors it learns. Directions that grow out of a common mean leave the small ones of an untrained network behind: while the rows spread further than ever by a fortieth, nothing is lost. Of text, EMA targets settle so at two to five directions and tell more than before; collapses keep the spread they have, or lose it',
  'jepa.target_rank_drawdown':
    'like jepa.target_rank_below_start, for runs where step 0 was not saved or had collapsed: more than half of the highest rank is lost, and fewer than six directions are left. Without the second condition 6 more healthy runs alert, which learn a few factors well',
  'jepa.target_rank_low':
    'for wide embeddings, whose rank is low long before only six directions are left: a tenth of isotropic, corrected for the size of the batch, where it was more than four times that before. Networks that it was chosen on have at most 128 dimensions, and none alerts because of this rule alone, healthy or not; of others with 256, made later, a healthy one kept 8 directions of 22 and alerted while twice that was enough. It was tested on N(0, I) batches that lose rank',
  'jepa.target_positional':
    'less than a twentieth of the variance lies between samples: trained token models that had lost the content of a position kept at most 0.02, healthy ones at least 0.085. In the benchmark 9 of 9 positional collapses alert, and no healthy run does because of this rule. Two steps, and not while it rises: an untrained network with position embeddings may begin there',
  'jepa.target_tokens_alike':
    'nine tenths of the difference between the tokens of a sample are lost, and little is left. Only a warning: healthy models have 0.003 to 0.4, collapsed ones 0.0004 to 0.115, and a scene may simply not move',
  'jepa.target_tokens_same':
    'below every healthy model that was measured (0.003, on video that hardly moves). Only a warning, as a scene may simply not move',
  'jepa.pred_constant':
    'exactly 0 is a constant prediction: a warning at once, and an alert at the second step in a row',
  'jepa.pred_variance_low':
    'a least-squares predictor has var(P)/var(T) = R², and a centred cosine near its root: below a tenth and 0.2 it explains almost nothing. That is right where little can be known, as of text: healthy predictors then have 1.1 to 2 times the square of their cosine as variance (least squares gives 1), dead ones 0.3 of it or a cosine by chance. So one that is as large as its cosine says does not alert, unless that has been higher by a quarter; nor does one beside its targets, whose loss leaves the scale free. An untrained one waits while its variance rises, or a cosine is higher than ever by a fifth. Without it 2 of 222 tuned collapses are missed, and no healthy run of them alerts because of it',
  'jepa.pred_explains_little':
    'a small prediction that is as large as its cosine says is right while a target that learns becomes one that can be predicted: tuned healthy ones moved by 0.11 or more in scale or rank until the third judged step. A target that stands still to a hundredth, as a fixed network on the same batch does, will not come nearer, and the predictor is all that learns: where it explains less than 3 % after that, it cannot tell its inputs apart (no action, no context). Tuned predictors of that kind end at 0.01 to 0.025, others of fixed perceptrons at 0.3 or more; 0.03 is the bound nearest to the dead ones, as a fixed network of noise leaves 0.05. Of one horizon it says nothing: of a far one little may be known. Without it 1 of 222 tuned collapses is missed (4 of 436), and no healthy run alerts because of it alone',
  'jepa.pred_variance_lost':
    'distances are a fourteenth of those between targets: the prediction is practically their mean. Targets of few directions give even a shuffled predictor a cosine of 0.2 to 0.45, so the second condition is wider; above it the prediction may point the right way and have lost its scale alone, which a cosine loss leaves free. Such a loss also leaves the prediction beside the targets, with R² below -1, where a dead one lies at their mean (0). In the benchmark the next rule sees all that this one does; this one also sees small noise about 0, whose rows point everywhere',
  'jepa.pred_rows_alike':
    'as jepa.pred_variance_lost, where the centred cosine is high because all rows share one direction: shuffled targets of few directions leave 0.5 to 0.8, with R² about 0. A small prediction under a cosine loss has rows as short as their differences, so that its directions are spread as the targets are (0.4 to 0.6 of them); a dead one gives the same row to all samples. Above a cosine of 0.85 the prediction lacks a factor alone, with which it would explain most. Without it 3 of 436 collapses are missed, and no healthy run alerts because of it',
  'jepa.pred_rank_low':
    'predictions need less rank than targets, as they average over what cannot be known: of text only one or two directions, at a cosine of 0.12 to 0.5. Below a tenth of it and a cosine of 0.5 an alert needs a cosine that unrelated rows have by chance, or 0.99 of the variance on one line: a bottleneck. The centred cosine shows this under a cosine loss too, where R² says little. Without it 1 of 222 tuned collapses is missed',
  'jepa.pred_positional':
    'measured position by position, because over all rows a predictor that gives the mean of each position looks alive. What is as large as its cosine says is right here too. Under a cosine loss healthy ones go down to 0.04, with a cosine of 0.3 or more; collapsed ones have 0.15 or less. Without it 8 of 222 tuned collapses are missed, and no healthy run alerts because of it',
};

/** Says why the bound of a rule of the preset is what it is; null for another rule. */
export function whyOfJepa(id: string): string | null {
  return Object.hasOwn(WHY, id) ? WHY[id]! : null;
}
