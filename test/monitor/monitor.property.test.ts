import fc from 'fast-check';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { computeCollapseMetrics } from '#monitor/collapse-metrics.js';
import type { CollapseAlert } from '#monitor/detect-collapse.js';
import { CollapseMonitor } from '#monitor/monitor.js';

const matrix = fc.array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 2 }), {
  minLength: 3,
  maxLength: 3,
});
const ratio = fc.constantFrom(0.25, 0.5, 0.9, 1, 1.5);
const settings = fc.record({
  logEverySteps: fc.integer({ min: 1, max: 4 }),
  thresholds: fc.record({
    predVarToTargetVar: ratio,
    pairwiseToInitial: ratio,
    klRegMax: fc.constantFrom(0.5, 10),
  }),
  initialPairwisePredDistMean: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
});
const observations = fc.array(
  fc.record({
    prediction: matrix,
    target: matrix,
    klReg: fc.oneof(fc.double({ min: -5, max: 20, noNaN: true }), fc.constant('computed' as const)),
    step: fc.nat(12),
    force: fc.boolean(),
    restart: fc.boolean(),
  }),
  { maxLength: 12 },
);

it('agrees with the reference written out, over any schedule and any restarts', () => {
  const property = fc.property(settings, observations, (options, steps) => {
    const registry = new Registry();
    let monitor = new CollapseMonitor(options);
    let initial = options.initialPairwisePredDistMean;

    for (const { prediction, target, klReg, step, force, restart } of steps) {
      if (restart) monitor = CollapseMonitor.fromJSON(JSON.parse(JSON.stringify(monitor)));
      const actual = monitor.observe(prediction, target, { klReg, step, force, registry });

      if (!force && !(step > 0 && step % options.logEverySteps === 0)) {
        expect(actual).toBeNull();
        expect(monitor.initialPairwisePredDistMean).toBe(initial);
        continue;
      }
      const metrics = computeCollapseMetrics(prediction, target, { klReg });
      initial ??= metrics.pairwise_pred_dist_mean;
      const { predVarToTargetVar, pairwiseToInitial, klRegMax } = options.thresholds;
      const alerts: CollapseAlert[] = [];
      const add = (criterion: CollapseAlert['criterion'], threshold: number) =>
        alerts.push({ criterion, value: metrics[criterion], threshold });
      const varianceBound = predVarToTargetVar * metrics.target_var_per_dim;
      if (metrics.pred_var_per_dim < varianceBound) add('pred_var_per_dim', varianceBound);
      const distanceBound = pairwiseToInitial * initial;
      if (metrics.pairwise_pred_dist_mean < distanceBound) add('pairwise_pred_dist_mean', distanceBound);
      if (metrics.kl_reg > klRegMax) add('kl_reg', klRegMax);

      expect(actual).toEqual({ metrics, alerts, tripped: alerts.length > 0 });
      expect(monitor.initialPairwisePredDistMean).toBe(initial);
    }
  });
  fc.assert(property, { numRuns: 300 });
});
