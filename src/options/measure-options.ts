import { UsageError } from '#errors.js';
import { DEFAULT_METRIC_IDS, type MetricId } from '#metrics/ids.js';
import type { FlagValues } from './flags.js';

export const DEFAULT_MAX_MEMORY = 2 * 2 ** 30;

/** The flags that shape a measurement, checked against each other, with their defaults filled in. */
export function measureOptions(paths: readonly string[], flags: FlagValues) {
  if (flags.failFast && flags.keepGoing) {
    throw new UsageError('E104', '--fail-fast and --keep-going exclude each other');
  }
  if (paths.length === 0 && flags.pred === undefined) {
    throw new UsageError('E103', 'no path given', {
      hint: 'name a run directory or files, such as `collapse check runs/exp1`, or use --pred and --target',
    });
  }
  if (flags.pred === undefined && flags.target !== undefined && flags.target !== 'none') {
    throw new UsageError('E104', '--target is a pattern and --pred is missing', {
      hint: 'give both patterns, or only paths',
    });
  }
  if (flags.pred !== undefined && flags.target === undefined) {
    throw new UsageError('E104', '--pred is given and --target is missing', {
      hint: 'add --target PATTERN, or `--target none` to measure the embeddings alone',
    });
  }
  if (flags.noMask && flags.maskKey !== undefined) {
    throw new UsageError('E104', '--no-mask and --mask-key exclude each other');
  }
  const { pred, target, predKey, targetKey, contextKey, maskKey, steps, last, dtype, threads, perStepAxis } =
    flags;
  return {
    paths,
    ...(pred === undefined ? {} : { pred }),
    ...(target === undefined ? {} : { target }),
    ...(predKey === undefined ? {} : { predKey }),
    ...(targetKey === undefined ? {} : { targetKey }),
    ...(contextKey === undefined ? {} : { contextKey }),
    ...(maskKey === undefined ? {} : { maskKey }),
    noMask: flags.noMask ?? false,
    ...(steps === undefined ? {} : { steps }),
    ...(last === undefined ? {} : { last }),
    ...(dtype === undefined ? {} : { rawDtype: dtype }),
    ...(perStepAxis === undefined ? {} : { perStepAxis }),
    ...(threads === undefined ? {} : { threads }),
    maxMemory: flags.maxMemory ?? DEFAULT_MAX_MEMORY,
    metrics: flags.metrics ?? (DEFAULT_METRIC_IDS as readonly MetricId[]),
    klReg: flags.klReg ?? ('auto' as const),
    klFrom: flags.klFrom ?? ('target' as const),
    pairwise: flags.pairwise ?? ('auto' as const),
    seed: flags.seed ?? 0,
    spectrum: flags.spectrum ?? false,
    failFast: flags.failFast ?? false,
  };
}
