import type * as PromClient from 'prom-client';
import { InputError } from '#errors.js';
import { COLLAPSE_METRIC_IDS, type CollapseMetricId } from './collapse-metrics.js';

/** A registry of prom-client. */
export type MetricRegistry = PromClient.Registry<PromClient.RegistryContentType>;

/** The reference's dotted names, as Prometheus spells them. */
export const DEFAULT_PREFIX = 'geno_lewm_training_collapse_';

export interface CollapseInstruments {
  readonly gauges: Readonly<Record<CollapseMetricId, PromClient.Gauge>>;
  readonly alertTotal: PromClient.Counter;
}

let promClient: typeof PromClient | undefined;

/** prom-client at first need, synchronously: the very module instance its users import. null in a browser. */
function loadPromClient(): typeof PromClient | null {
  if (promClient !== undefined) return promClient;
  const { process: node } = globalThis as { readonly process?: NodeJS.Process };
  const modules = node?.getBuiltinModule?.('node:module');
  promClient = modules?.createRequire(import.meta.url)('prom-client') as typeof PromClient | undefined;
  return promClient ?? null;
}

/**
 * The gauges `<prefix><id>` and the counter `<prefix>alert_total` in `registry`, prom-client's default registry
 * unless given. Those already registered are used as they are. The counter has no labels: its value is the number of
 * alerts, as in the reference, and it is there, at 0, before the first one. null in a browser, where no registry was given.
 *
 * @throws InputError E224 for a prefix that makes no metric name, a registry that is none, or a name that is taken by
 * an instrument of another kind. Nothing is written then.
 */
export function collapseInstruments(
  registry: MetricRegistry | undefined,
  prefix: string | undefined,
): CollapseInstruments | null {
  const start = checkPrefix(prefix ?? DEFAULT_PREFIX);
  const prom = loadPromClient();
  if (prom === null) {
    if (registry === undefined) return null;
    throw new InputError('E224', 'registry cannot be used: prom-client runs in Node alone', {
      fields: { argument: 'registry' },
    });
  }
  const into = registry ?? (prom.register as MetricRegistry);
  if (typeof into?.getSingleMetric !== 'function' || typeof into.registerMetric !== 'function') {
    throw new InputError('E224', 'registry must be a prom-client Registry', {
      fields: { argument: 'registry' },
    });
  }
  const counterName = `${start}alert_total`;
  const gaugeNames = COLLAPSE_METRIC_IDS.map((id) => [id, start + id] as const);
  for (const [, name] of gaugeNames) checkKind(into, name, 'gauge');
  checkKind(into, counterName, 'counter');

  const gauges = gaugeNames.map(([id, name]) => {
    const help = `${id} of the last batch (RFC-0005 section 3.6)`;
    const existing = into.getSingleMetric(name) as PromClient.Gauge | undefined;
    return [id, existing ?? new prom.Gauge({ name, help, registers: [into] })] as const;
  });
  const help = 'Collapse criteria that tripped (RFC-0005 section 3.6)';
  const existing = into.getSingleMetric(counterName) as PromClient.Counter | undefined;
  return {
    gauges: Object.fromEntries(gauges) as Record<CollapseMetricId, PromClient.Gauge>,
    alertTotal: existing ?? new prom.Counter({ name: counterName, help, registers: [into] }),
  };
}

/** Dots, dashes, slashes and spaces become underscores; anything else a metric name cannot hold is refused. */
function checkPrefix(prefix: unknown): string {
  const name = typeof prefix === 'string' ? prefix.replace(/[.\-/ ]/g, '_') : '';
  if (typeof prefix !== 'string' || !/^([a-zA-Z_:][a-zA-Z0-9_:]*)?$/.test(name)) {
    throw new InputError('E224', `prefix ${JSON.stringify(prefix)} does not begin a Prometheus metric name`, {
      fields: { argument: 'prefix', actual: prefix },
      hint: 'use letters, digits and underscores, and a letter first',
    });
  }
  return name;
}

function checkKind(registry: MetricRegistry, name: string, kind: 'gauge' | 'counter'): void {
  const existing: unknown = registry.getSingleMetric(name);
  const type = (existing as { type?: unknown } | undefined)?.type;
  if (existing === undefined || type === kind) return;
  throw new InputError('E224', `${name} is registered as a ${String(type)}, not a ${kind}`, {
    fields: { name, expected: kind, actual: type },
    hint: 'choose another prefix or registry',
  });
}
