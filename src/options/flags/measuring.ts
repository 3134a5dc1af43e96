import { METRIC_LIST_WORDS, metricList } from '../parse/metric-list.js';
import { klRegOption, oneOf, pairwiseOption, positiveInteger, wholeNumber } from '../parse/value-parsers.js';
import { type Flag, flagOf, isOn, READS } from './flag.js';

const flag = flagOf('Measuring');

export const MEASURING = {
  metrics: {
    ...flag(
      READS,
      '--metrics <list>',
      "what to measure: 'core' (the seven), 'default', 'all', or ids separated by commas",
      metricList,
      'default',
    ),
    completes: METRIC_LIST_WORDS,
  },
  klReg: flag(
    READS,
    '--kl-reg <source>',
    'auto (a sidecar is judged, else the closed form shown), computed, none, or a number',
    klRegOption,
    'auto',
  ),
  klFrom: flag(
    READS,
    '--kl-from <matrix>',
    "whose distribution the closed form takes: 'target' or 'prediction'",
    oneOf('target', 'prediction'),
    'target',
  ),
  pairwise: flag(
    READS,
    '--pairwise <method>',
    'auto (exact up to N(N−1)/2·D = 4e10, an estimate from random pairs above that), exact, or sample[:PAIRS] (1000000)',
    pairwiseOption,
    'auto',
  ),
  seed: flag(READS, '--seed <n>', 'seed of the random pairs', wholeNumber, '0'),
  spectrum: flag(
    ['check', 'measure', 'watch'],
    '--spectrum',
    'also record the spectra, for the page: the shares of the variance at up to 64 ranks per step',
    isOn,
  ),
  noSpectrum: flag(['report'], '--no-spectrum', 'leave the spectra out of the page', isOn),
  projection: flag(
    ['check', 'measure', 'watch'],
    '--projection',
    'also record, for the page, up to 200 rows a step as points in the plane of the first two principal components, and cosines of their pairs',
    isOn,
  ),
  noProjection: flag(['report'], '--no-projection', 'leave those points out of the page', isOn),
  threads: flag(
    READS,
    '--threads <n>',
    'threads to measure with; results do not depend on it (default: as many as the machine has)',
    positiveInteger,
  ),
} as const satisfies Record<string, Flag<unknown>>;
