import fc from 'fast-check';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import type { JudgePlan } from '#plan.js';
import type { StepRecord } from '#report/record.js';
import { parseRule } from '#rules/language/parse-rule.js';
import { makeRecord } from './make-record.js';

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1, max: 20, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1, 10) },
  { weight: 1, arbitrary: fc.constant(null) },
);

const metrics = fc.record({
  target_var_per_dim: value,
  pred_var_per_dim: value,
  pairwise_pred_dist_mean: value,
  kl_reg: value,
  pred_target_var_ratio: value,
  pred_cos_centered_mean: value,
  target_std_l2_normalized: value,
  target_mean_pairwise_cos: fc.constantFrom(0, 0.5, 0.9999, null),
  target_effective_rank: value,
  target_effective_rank_ratio: value,
  pred_effective_rank_ratio: value,
  pred_mean_pairwise_cos: fc.constantFrom(0, 0.9999),
  pred_effective_rank: value,
});

/** None, or one to three horizons. */
const horizons = fc.option(
  fc.array(fc.record({ pred_var_per_dim: value, target_var_per_dim: value }), { minLength: 1, maxLength: 3 }),
  { nil: undefined },
);

function horizonsOf(
  list: readonly Readonly<Record<'pred_var_per_dim' | 'target_var_per_dim', number | null>>[],
) {
  return {
    axis: 1,
    size: list.length,
    numbers: list.map((_, i) => i + 1),
    rows: list.map(() => 8),
    metrics: {
      pred_var_per_dim: list.map((each) => each.pred_var_per_dim),
      target_var_per_dim: list.map((each) => each.target_var_per_dim),
    },
    unavailable: {},
    estimates: {},
  };
}

const INPUT = { path: 'run/step/embeddings.npy', dtype: 'float32', shape: [256, 32] };

/** Records of one run, steps ascending: missing values, single rows and computed kl_reg among them. */
export const anyRun = (run = 'run'): fc.Arbitrary<StepRecord[]> =>
  fc
    .tuple(
      fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 12 }),
      fc.array(
        fc.record({
          metrics,
          rows: fc.constantFrom(256, 256, 256, 1),
          source: fc.constantFrom('supplied', 'computed'),
          horizons,
        }),
        { minLength: 12, maxLength: 12 },
      ),
      fc.boolean(),
    )
    .map(([steps, parts, isAlone]) =>
      steps
        .sort((a, b) => a - b)
        .map((step, i) => {
          const { metrics: all, rows, source, horizons } = parts[i]!;
          const metrics = isAlone ? { ...all, target_var_per_dim: null } : all;
          return makeRecord({
            run,
            step,
            rows,
            metrics,
            klRegSource: source as 'supplied' | 'computed',
            ...(isAlone ? { inputs: { prediction: INPUT } } : {}),
            ...(horizons === undefined ? {} : { horizons: horizonsOf(horizons) }),
          });
        }),
    );

const RULES = [
  'pred_var_per_dim < 50% of peak for 2',
  'pairwise_pred_dist_mean < 90% of previous',
  'pairwise_pred_dist_mean < 80% of baseline for 3 after 10',
  'kl_reg > 2 for 2',
  'kl_reg > 150% of pred_var_per_dim',
  'pred_var_per_dim < 50% of peak at any horizon for 2',
  'pred_var_per_dim < 50% of target_var_per_dim at horizon 2',
] as const;

/** Ways to judge, with rules that remember. */
export const anyJudging: fc.Arbitrary<JudgePlan> = fc
  .record({
    failIf: fc.subarray([...RULES]),
    warnIf: fc.subarray([...RULES]),
    after: fc.option(fc.nat(20), { nil: undefined }),
    logEverySteps: fc.constantFrom(1, 1, 2, 5),
    judge: fc.constantFrom('all', 'latest'),
    onUnavailable: fc.constantFrom('skip', 'fail'),
    initialPairwisePredDistMean: fc.option(fc.constantFrom(0, 3, 16), { nil: undefined }),
  })
  .map(({ failIf, warnIf, ...rest }) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, setting]) => setting !== undefined));
    return judgePlanOf({
      ...given,
      failIf: failIf.map((text) => parseRule(text)),
      warnIf: warnIf.map((text) => parseRule(text, 'warn')),
    });
  });
