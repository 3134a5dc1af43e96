/** What a number counts by the word at it. */
export type WordKind =
  /** Steps of a run, whatever else is known. */
  | 'step'
  /** Runs; but a number padded to four digits or more is a step: `model_00000499`. */
  | 'run'
  /** Settings and parts: a sweep, a layer, a head. */
  | 'setting'
  /** As often one as the other: the tool asks. */
  | 'either';

export interface NumberWords {
  readonly kind: WordKind;
  /** Of steps: which of two in one name counts, the lower first (`epoch=3-step=500` is 500). */
  readonly strength?: number;
  /** True of units of training: `10000_steps`, `epoch_3_of_90`. What is saved or seen is not: `tokens_0_of_8`. */
  readonly isUnit?: true;
  /** What the words have in common. */
  readonly what: string;
  readonly words: readonly string[];
}

/** Every word that decides what a number beside it counts; docs/naming.md has this table. */
export const NUMBER_WORDS: readonly NumberWords[] = [
  {
    kind: 'step',
    strength: 0,
    isUnit: true,
    what: 'optimiser steps',
    words: ['step', 'steps', 'gs', 'globalstep', 'trainstep', 'nstep'],
  },
  {
    kind: 'step',
    strength: 1,
    isUnit: true,
    what: 'iterations',
    words: [
      ...['iter', 'iters', 'iteration', 'iterations', 'it', 'its', 'itr'],
      ...['update', 'updates', 'upd', 'tick', 'ticks', 'batches'],
    ],
  },
  {
    kind: 'step',
    strength: 2,
    what: 'saved states',
    words: ['ckpt', 'ckpts', 'checkpoint', 'checkpoints', 'chkpt', 'chk', 'snapshot', 'snap', 'save', 'dump'],
  },
  {
    kind: 'step',
    strength: 3,
    what: 'data seen',
    words: [
      ...['samples', 'examples', 'images', 'imgs', 'kimg', 'nimg', 'frames'],
      ...['tokens', 'toks', 'tok', 'episode', 'episodes'],
    ],
  },
  { kind: 'step', strength: 4, isUnit: true, what: 'epochs', words: ['epoch', 'epochs', 'ep', 'e'] },
  {
    kind: 'step',
    strength: 5,
    isUnit: true,
    what: 'longer spans of training',
    words: ['round', 'rounds', 'phase', 'gen', 'gens', 'generation', 'generations', 'cycle'],
  },
  {
    kind: 'run',
    what: 'runs',
    words: [
      ...['run', 'runs', 'trial', 'exp', 'expt', 'experiment', 'version', 'ver', 'job', 'jobid', 'model'],
      ...[
        'batch',
        'variant',
        'try',
        'attempt',
        'restart',
        'sweep',
        'ablation',
        'abl',
        'case',
        'config',
        'cfg',
      ],
    ],
  },
  {
    kind: 'setting',
    what: 'seeds, folds and data',
    words: [
      'seed',
      'seeds',
      'fold',
      'folds',
      'split',
      'subset',
      'set',
      'dataset',
      'task',
      'env',
      'replica',
      'group',
    ],
  },
  {
    kind: 'setting',
    what: 'settings of training',
    words: [
      ...['lr', 'wd', 'bs', 'batchsize', 'tau', 'ema', 'momentum', 'mom', 'beta', 'gamma', 'alpha', 'lambda'],
      ...[
        'lam',
        'eps',
        'epsilon',
        'sigma',
        'mu',
        'rho',
        'theta',
        'temp',
        'temperature',
        'dropout',
        'drop',
        'ratio',
      ],
      ...[
        'rate',
        'decay',
        'clip',
        'coef',
        'coeff',
        'weight',
        'loss',
        'mask',
        'masking',
        'noise',
        'aug',
        'warmup',
      ],
      ...['crop', 'crops', 'views', 'view', 'pct', 'percent', 'bit', 'bits', 'bf', 'fp', 'gpus', 'nodes'],
    ],
  },
  {
    kind: 'setting',
    what: 'sizes of models',
    words: [
      ...[
        'dim',
        'dims',
        'ndim',
        'width',
        'depth',
        'size',
        'sz',
        'scale',
        'hidden',
        'hid',
        'embed',
        'channels',
      ],
      ...[
        'ch',
        'res',
        'px',
        'patch',
        'params',
        'vit',
        'vitb',
        'vitl',
        'vits',
        'vith',
        'vitg',
        'resnet',
        'vgg',
      ],
      ...['bert', 'gpt', 'llama', 'opt', 'mlp', 'swin', 'convnext', 'experts', 'slots', 'codes', 'clusters'],
    ],
  },
  {
    kind: 'setting',
    what: 'parts of a model or of a sample',
    words: [
      ...['layer', 'layers', 'lyr', 'block', 'blocks', 'blk', 'head', 'heads', 'level', 'stage', 'module'],
      ...[
        'horizon',
        'timestep',
        'position',
        'pos',
        'token',
        'camera',
        'cam',
        'channel',
        'stream',
        'modality',
      ],
    ],
  },
  {
    kind: 'either',
    what: 'letters and words that stand for many things',
    words: [
      ...['b', 'c', 'd', 'f', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 'v', 'w'],
      ...['id', 'idx', 'index', 'no', 'nr', 'num', 'sample', 'image', 'img', 'frame', 'time', 'day', 'hour'],
    ],
  },
];

const BY_WORD: ReadonlyMap<string, NumberWords> = new Map(
  NUMBER_WORDS.flatMap((row) => row.words.map((word) => [word, row] as const)),
);

/** Returns the row of a word in lower case; undefined for one that says nothing. */
export function numberWord(word: string): NumberWords | undefined {
  return BY_WORD.get(word);
}
