import { InputError } from '#errors.js';
import { checkStep } from '#rules/series/step-number.js';
import { COLLAPSE_METRIC_IDS, type CollapseMetrics, checkCollapseMetrics } from './collapse-metrics.js';
import type { CollapseAlert } from './detect-collapse.js';
import { optionsObject } from './options-object.js';
import { collapseInstruments, type MetricRegistry } from './prometheus.js';

/** What is used of a pino logger, or of any logger that takes an object of fields. */
export interface CollapseLogger {
  info(fields: Record<string, unknown>): void;
  warn(fields: Record<string, unknown>): void;
}

/** Where records go. */
export interface RecordTarget {
  readonly logger?: CollapseLogger | undefined;
  /** A prom-client registry; its default registry without one. */
  readonly registry?: MetricRegistry | undefined;
  /** Begins every Prometheus name, as it stands; `geno_lewm_training_collapse_` without one. Logs are not touched. */
  readonly prefix?: string | undefined;
}

/** What is recorded beside the metrics, and where. */
export interface RecordOptions extends RecordTarget {
  readonly alerts?: readonly CollapseAlert[] | undefined;
  /** Left out of the log where there is none. */
  readonly step?: number | undefined;
}

/** The reference's dotted namespace: what a logged metric is called. */
const NAMESPACE = 'geno_lewm.training.collapse';

/**
 * Writes one batch's metrics and alerts to Prometheus and to a log.
 *
 * Prometheus, always but in a browser: a gauge `geno_lewm_training_collapse_<id>` per metric is set, and the counter
 * `geno_lewm_training_collapse_alert_total`, which exists from the first call on, goes up by the number of alerts.
 * Log, with a logger: `training.metric` (info: step, name, value, unit, kind) per metric, then
 * `training.collapse.alert` (warn: step, criterion, value, threshold) per alert.
 *
 * Source: RFC-0005 section 3.6, `record_collapse_metrics` of `geno_lewm.training.collapse`.
 *
 * @throws InputError E224 for metrics that are not finite numbers, a step that is not an integer >= 0, alerts that are
 * no array, or a logger, registry or prefix that cannot be used; nothing is written then.
 *
 * @example
 * recordCollapseMetrics(metrics, { alerts: detectCollapse(metrics), logger: pino(), step: 500 });
 * // {"level":30,…,"event":"training.metric","step":500,"name":"geno_lewm.training.collapse.pred_cos_mean",
 * //  "value":0.91,"unit":"unitless","kind":"gauge"}
 */
export function recordCollapseMetrics(metrics: CollapseMetrics, options?: RecordOptions): void {
  const { alerts = [], logger, step, registry, prefix } = optionsObject(options);
  checkCollapseMetrics(metrics, COLLAPSE_METRIC_IDS);
  if (!Array.isArray(alerts)) {
    throw new InputError('E224', `alerts must be an array, not ${String(alerts)}`, {
      fields: { argument: 'alerts' },
      hint: 'pass what detectCollapse gave',
    });
  }
  if (step !== undefined) checkStep(step);
  checkLogger(logger);

  const instruments = collapseInstruments(registry, prefix);
  for (const id of COLLAPSE_METRIC_IDS) instruments?.gauges[id].set(metrics[id]);
  instruments?.alertTotal.inc(alerts.length);

  if (logger === undefined) return;
  const at = step === undefined ? {} : { step };
  for (const id of COLLAPSE_METRIC_IDS) {
    const name = `${NAMESPACE}.${id}`;
    logger.info({
      event: 'training.metric',
      ...at,
      name,
      value: metrics[id],
      unit: 'unitless',
      kind: 'gauge',
    });
  }
  for (const { criterion, value, threshold } of alerts) {
    logger.warn({ event: 'training.collapse.alert', ...at, criterion, value, threshold });
  }
}

/** @throws InputError E224 for a logger without `info` and `warn`. */
export function checkLogger(logger: CollapseLogger | undefined): void {
  if (logger === undefined) return;
  if (typeof logger?.info === 'function' && typeof logger.warn === 'function') return;
  throw new InputError('E224', 'logger must have the methods info and warn', {
    fields: { argument: 'logger' },
    hint: 'pass a pino logger',
  });
}
