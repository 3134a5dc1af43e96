import { rfc0005Rules } from '#rules/presets/rfc-0005.js';
import { RuleSeries } from '#rules/series/series.js';
import { checkStep } from '#rules/series/step-number.js';
import { type CollapseMetrics, computeCollapseMetrics } from './collapse-metrics.js';
import {
  type CollapseAlert,
  type DetectOptions,
  toCollapseAlert,
  toThresholds,
  undecided,
} from './detect-collapse.js';
import type { EmbeddingInput } from './embedding-input.js';
import type { KlRegInput } from './kl-reg.js';
import { type CollapseMonitorState, checkLogEverySteps, parseMonitorState } from './monitor-state.js';
import { optionsObject } from './options-object.js';
import { type RecordTarget, recordCollapseMetrics } from './record-metrics.js';
import type { CollapseThresholds } from './thresholds.js';

/** When a monitor observes, and by what it judges. */
export interface CollapseMonitorOptions extends DetectOptions {
  /** An integer > 0; 500 unless given. */
  readonly logEverySteps?: number | undefined;
}

/** The step of a batch, its `klReg`, and where its records go. */
export interface ObserveOptions extends RecordTarget {
  /** In nats, or 'computed'. It is looked at only when the step is observed. */
  readonly klReg: KlRegInput;
  readonly step: number;
  /** Observe whatever the schedule says; step 0 included. */
  readonly force?: boolean | undefined;
}

/** What one observed batch gave. */
export interface CollapseCheck {
  readonly metrics: CollapseMetrics;
  readonly alerts: readonly CollapseAlert[];
  /** Whether there is an alert. */
  readonly tripped: boolean;
}

/**
 * Watches the batches of a training loop: every `logEverySteps` steps it computes the seven diagnostics, judges the
 * three criteria against the first observed batch, and records both. Its whole memory is the rule series.
 *
 * Source: RFC-0005 section 3.6, `CollapseMonitor` of `geno_lewm.training.collapse`.
 *
 * @example
 * const monitor = new CollapseMonitor({ logEverySteps: 100 });
 * monitor.observe([[1, 0], [0, 1]], [[1, 0], [1, 1]], { klReg: 0.25, step: 99 });        // null
 * monitor.observe([[1, 0], [0, 1]], [[1, 0], [1, 1]], { klReg: 0.25, step: 100 }).tripped; // false
 * monitor.initialPairwisePredDistMean; // 1.4142…
 */
export class CollapseMonitor {
  readonly logEverySteps: number;
  readonly thresholds: CollapseThresholds;
  #series: RuleSeries;

  /**
   * @throws InputError E224 for `logEverySteps` that is not an integer > 0, a threshold that is not finite and > 0,
   * or an initial distance that is not finite and >= 0.
   */
  constructor(options?: CollapseMonitorOptions) {
    const { logEverySteps = 500, thresholds, initialPairwisePredDistMean } = optionsObject(options);
    this.logEverySteps = checkLogEverySteps(logEverySteps);
    this.thresholds = toThresholds(thresholds);
    this.#series = new RuleSeries(rfc0005Rules(this.thresholds), { initialPairwisePredDistMean });
  }

  /**
   * What later batches' pairwise distance is compared with: the one supplied, else the first observed batch's; null
   * before it. In the embeddings' unit.
   */
  get initialPairwisePredDistMean(): number | null {
    return this.#series.baselineOf('pairwise_pred_dist_mean')?.value ?? null;
  }

  /**
   * Whether the schedule has this step: step > 0 and a multiple of `logEverySteps`.
   *
   * @throws InputError E224 unless the step is an integer >= 0.
   *
   * @example new CollapseMonitor().shouldLog(1000) // true
   */
  shouldLog(step: number): boolean {
    return checkStep(step) > 0 && step % this.logEverySteps === 0;
  }

  /**
   * Measures, judges and records one batch, N×D each (see `computeCollapseMetrics` and `recordCollapseMetrics`).
   * On an unscheduled step that is not forced it returns null having looked at nothing but the step: nothing is
   * computed, recorded or remembered. The first observed batch sets the initial distance unless one was supplied, and
   * is itself judged against it.
   *
   * @throws InputError E224 unless the step is an integer >= 0, scheduled or not; on an observed step what
   * `computeCollapseMetrics` (then the batch is not remembered) and `recordCollapseMetrics` throw.
   */
  observe(prediction: EmbeddingInput, target: EmbeddingInput, options: ObserveOptions): CollapseCheck | null {
    const { klReg, step, force = false, ...recordTarget } = options ?? ({} as ObserveOptions);
    if (!this.shouldLog(step) && !force) return null;

    const metrics = computeCollapseMetrics(prediction, target, { klReg });
    const judgement = this.#series.judge({ step, values: metrics });
    for (const { rule, reason } of judgement.skipped) throw undecided(rule.id, reason);
    const alerts = judgement.alerts.map(toCollapseAlert);
    recordCollapseMetrics(metrics, { ...recordTarget, alerts, step });
    return { metrics, alerts, tripped: alerts.length > 0 };
  }

  /** Settings and memory as plain JSON, for `fromJSON` after a restart of the training job. */
  toJSON(): CollapseMonitorState {
    return {
      version: 1,
      logEverySteps: this.logEverySteps,
      thresholds: { ...this.thresholds },
      series: this.#series.toJSON(),
    };
  }

  /**
   * A monitor that continues where the one that gave `state` stopped.
   *
   * @throws InputError E224 when the state is not what `toJSON` gave.
   */
  static fromJSON(state: unknown): CollapseMonitor {
    const { logEverySteps, thresholds, series } = parseMonitorState(state);
    const monitor = new CollapseMonitor({ logEverySteps, thresholds });
    monitor.#series = series;
    return monitor;
  }
}
