import { UsageError } from '#errors.js';
import { DEFAULT_METRIC_IDS } from '#metrics/ids.js';
import type { MeasurePlan } from '#plan.js';
import type { FlagName, FlagValues } from '../flags.js';

export const DEFAULT_MAX_MEMORY = 2 * 2 ** 30;

/** Flags that have no default and the same name in a plan. */
const AS_GIVEN = [
  'pred',
  'target',
  'predKey',
  'targetKey',
  'contextKey',
  'maskKey',
  'labelKey',
  'groupKey',
  'maskKeeps',
  'siblings',
  'steps',
  'last',
  'perStepAxis',
  'sampleAxis',
  'threads',
] as const satisfies readonly FlagName[];

/** Returns what the flags say of measuring, with every default filled in. */
export function measurePlanOf(flags: FlagValues, paths: readonly string[]): MeasurePlan {
  const given = Object.fromEntries(
    AS_GIVEN.map((name) => [name, flags[name]]).filter(([, value]) => value !== undefined),
  ) as Pick<FlagValues, (typeof AS_GIVEN)[number]>;
  return {
    ...given,
    ...(flags.dtype === undefined ? {} : { rawDtype: flags.dtype }),
    paths,
    noMask: flags.noMask ?? false,
    maxMemory: flags.maxMemory ?? DEFAULT_MAX_MEMORY,
    metrics: flags.metrics ?? DEFAULT_METRIC_IDS,
    klReg: flags.klReg ?? 'auto',
    klFrom: flags.klFrom ?? 'target',
    pairwise: flags.pairwise ?? 'auto',
    seed: flags.seed ?? 0,
    failFast: flags.failFast ?? false,
  };
}

/** Throws `UsageError` where the flags that find and read inputs contradict each other, or find nothing. */
export function refuseInputs(flags: FlagValues, paths: readonly string[]): void {
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
  if (flags.noMask && flags.maskKeeps !== undefined) {
    throw new UsageError('E104', '--no-mask and --mask-keeps exclude each other');
  }
  if (flags.noMask && flags.maskKey !== undefined) {
    throw new UsageError('E104', '--no-mask and --mask-key exclude each other');
  }
}
