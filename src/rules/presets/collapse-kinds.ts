import type { CollapseKindId } from '#metrics/ids.js';

/** A way for a run to collapse, and what is known of it apart from any batch. */
export interface CollapseKind {
  readonly title: string;
  readonly meaning: string;
  readonly causes: string;
  readonly remedies: string;
  readonly source: string;
}

/** What is known of each kind of collapse: its meaning, causes, remedies and source. */
export const COLLAPSE_KINDS = {
  explosion: {
    title: 'Explosion',
    meaning:
      'the embeddings have grown tenfold or more in a step and all point one way: training has diverged, and nothing has shrunk to a point',
    causes:
      'a learning rate too high or without warm-up, gradients that are not clipped, an overflow of half precision, a batch with values out of all range',
    remedies:
      'go back to the last good step; lower the learning rate or warm it up; clip gradients; look at the loss and at the range of the input from there on',
    source: 'this project, on trained runs whose learning rate was raised half way',
  },
  'complete collapse': {
    title: 'Complete collapse',
    meaning: 'targets and predictions shrink to one point, or to one direction',
    causes:
      'nothing keeps the encoder from a constant: no stop-gradient or EMA target, a regulariser too weak or switched off, a cosine loss whose norm is free to vanish',
    remedies:
      'stop the gradient through the target or make it an EMA of the encoder; restore or raise the variance term (VICReg, SIGReg); lower the learning rate',
    source: 'SimSiam, arXiv 2011.10566; VICReg, arXiv 2105.04906',
  },
  'dimensional collapse': {
    title: 'Dimensional collapse',
    meaning: 'the embeddings keep their scale and lose their rank: few directions carry all of it',
    causes:
      'a variance term without a covariance term, strong augmentation, or a deep linear projector that aligns directions',
    remedies:
      'add or raise the covariance (decorrelation) term, whiten, or regularise the spectrum; look at the projector',
    source: 'arXiv 2110.09348; RankMe, arXiv 2210.02885',
  },
  'predictor collapse': {
    title: 'Predictor collapse',
    meaning: 'targets are alive, and the prediction is constant or of far lower rank than they are',
    causes:
      'the predictor cannot tell its inputs apart: no information of the target in the context, a dead predictor, actions that are not fed in, or targets that are shuffled against their inputs',
    remedies:
      'check that context, action and target belong together; look at the gradients of the predictor; raise its learning rate or capacity',
    source: 'RFC-0005 section 3.6',
  },
  'positional collapse': {
    title: 'Positional collapse',
    meaning:
      'at one position all samples are alike: the embedding says where a token stands, and nothing of what is there',
    causes:
      'a loss over masked or flattened tokens that the positions alone satisfy: nothing keeps samples apart (no stop-gradient or EMA target, a variance term over all tokens together, which positional embeddings feed), or a masking from which the position can be told and the content cannot',
    remedies:
      'take variance and covariance terms over samples, position by position, and not over all tokens at once; restore the stop-gradient or EMA target; mask less, or larger blocks; if the samples lie along another axis, name it with --sample-axis',
    source: 'law of total variance; this project, on trained token JEPAs',
  },
  'over-smoothing': {
    title: 'Over-smoothing (token collapse)',
    meaning: 'all tokens of a sample become alike: the sample is known, and what stands where in it is not',
    causes:
      'attention that averages over many layers, a loss that only a summary of the sample serves (a global token, strong pooling), or targets that are means of their neighbourhood; a scene that stands still looks the same and is healthy',
    remedies:
      'look at the tokens of earlier layers; give the loss targets that differ within a sample; use fewer layers between input and loss, or register tokens; compare with a probe of what each patch holds before you stop a run',
    source: 'arXiv 2203.05962 (over-smoothing of vision transformers); this project',
  },
  copying: {
    title: 'Copying',
    meaning: 'the prediction is the context given back, and passes everything that does not see the context',
    causes: 'consecutive steps are nearly equal, so that the identity is a good predictor',
    remedies: 'predict further ahead, or predict the change instead of the state',
    source: 'copy_skill and delta_cos_mean of this project',
  },
} as const satisfies Record<CollapseKindId, CollapseKind>;
