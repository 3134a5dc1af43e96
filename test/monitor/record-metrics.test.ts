import { Writable } from 'node:stream';
import pino from 'pino';
import { Counter, Gauge, type OpenMetricsContentType, Registry, register } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { type CollapseMetrics, computeCollapseMetrics } from '#monitor/collapse-metrics.js';
import { detectCollapse } from '#monitor/detect-collapse.js';
import { CollapseMonitor } from '#monitor/monitor.js';
import { recordCollapseMetrics } from '#monitor/record-metrics.js';
import { inputErrorOf } from '../support/thrown.js';
import { CONSTANT_PREDICTOR } from './known-batches.js';

const METRICS: CollapseMetrics = {
  pred_cos_mean: 0.5,
  pred_l2_mean: 3,
  target_var_per_dim: 5,
  pred_var_per_dim: 0,
  pred_target_corr: -0.25,
  pairwise_pred_dist_mean: 1.5,
  kl_reg: 12,
};
const ALERTS = detectCollapse(METRICS);

/** A real pino logger and the lines it has written, without what pino adds of its own. */
function memoryLogger() {
  const text: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text.push(String(chunk));
      done();
    },
  });
  const lines = () =>
    text
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { time: _time, pid: _pid, hostname: _hostname, ...fields } = JSON.parse(line);
        return fields as Record<string, unknown>;
      });
  return { logger: pino(stream), lines };
}

afterEach(() => register.clear());

describe('Prometheus', () => {
  it('has a gauge per metric and the number of alerts, as a scrape shows them', async () => {
    const registry = new Registry();
    recordCollapseMetrics(METRICS, { alerts: ALERTS, registry });
    expect(ALERTS).toHaveLength(2);
    const samples = (await registry.metrics()).split('\n').filter((line) => !/^(#|$)/.test(line));
    expect(samples).toEqual([
      'geno_lewm_training_collapse_pred_cos_mean 0.5',
      'geno_lewm_training_collapse_pred_l2_mean 3',
      'geno_lewm_training_collapse_target_var_per_dim 5',
      'geno_lewm_training_collapse_pred_var_per_dim 0',
      'geno_lewm_training_collapse_pred_target_corr -0.25',
      'geno_lewm_training_collapse_pairwise_pred_dist_mean 1.5',
      'geno_lewm_training_collapse_kl_reg 12',
      'geno_lewm_training_collapse_alert_total 2',
    ]);
    expect(await registry.metrics()).toContain('# TYPE geno_lewm_training_collapse_kl_reg gauge');
    expect(await registry.metrics()).toContain('# TYPE geno_lewm_training_collapse_alert_total counter');
  });

  it('has the counter at 0 before the first alert', async () => {
    const registry = new Registry();
    recordCollapseMetrics(METRICS, { registry });
    expect(await registry.metrics()).toContain('\ngeno_lewm_training_collapse_alert_total 0\n');
  });

  it('shows the last batch and counts every alert', async () => {
    const registry = new Registry();
    recordCollapseMetrics(METRICS, { alerts: ALERTS, registry });
    recordCollapseMetrics({ ...METRICS, kl_reg: -1 }, { alerts: ALERTS.slice(0, 1), registry });
    const text = await registry.metrics();
    expect(text).toContain('\ngeno_lewm_training_collapse_kl_reg -1\n');
    expect(text).toContain('\ngeno_lewm_training_collapse_alert_total 3\n');
  });

  it('writes to the default registry, with a logger and without', async () => {
    recordCollapseMetrics(METRICS, { logger: memoryLogger().logger });
    expect(await register.metrics()).toContain('\ngeno_lewm_training_collapse_kl_reg 12\n');
    recordCollapseMetrics({ ...METRICS, kl_reg: 13 });
    expect(await register.metrics()).toContain('\ngeno_lewm_training_collapse_kl_reg 13\n');
  });

  it('leaves the default registry alone where one is given', async () => {
    recordCollapseMetrics(METRICS, { registry: new Registry() });
    expect(await register.metrics()).toBe('\n');
  });

  it('uses what is already registered', async () => {
    const registry = new Registry();
    const name = 'geno_lewm_training_collapse_kl_reg';
    const gauge = new Gauge({ name, help: 'mine', registers: [registry] });
    const alerts = new Counter({
      name: 'geno_lewm_training_collapse_alert_total',
      help: 'mine',
      registers: [registry],
    });
    alerts.inc(5);
    recordCollapseMetrics(METRICS, { alerts: ALERTS, registry });
    expect((await gauge.get()).values[0]?.value).toBe(12);
    expect((await alerts.get()).values[0]?.value).toBe(7);
  });

  it('works with an OpenMetrics registry, scraped in between', async () => {
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    for (const total of [2, 4]) {
      recordCollapseMetrics(METRICS, { alerts: ALERTS, registry });
      expect(await registry.metrics()).toContain(`\ngeno_lewm_training_collapse_alert_total ${total}\n`);
    }
  });

  it.each([
    ['my_run_', 'my_run_'],
    ['geno_lewm.training.collapse.', 'geno_lewm_training_collapse_'],
    ['team-a/run 3:', 'team_a_run_3:'],
    ['', ''],
  ])('begins names with the prefix %j as %j', async (prefix, start) => {
    const registry = new Registry();
    recordCollapseMetrics(METRICS, { registry, prefix });
    expect(await registry.metrics()).toContain(`\n${start}kl_reg 12\n`);
    expect(await registry.metrics()).toContain(`\n${start}alert_total 0\n`);
  });
});

describe('the log', () => {
  const names = Object.keys(METRICS).map((id) => `geno_lewm.training.collapse.${id}`);

  it('has an info line per metric and a warn line per alert', () => {
    const { logger, lines } = memoryLogger();
    recordCollapseMetrics(METRICS, { alerts: ALERTS, logger, step: 500, registry: new Registry() });
    const values = Object.values(METRICS);
    expect(lines()).toEqual([
      ...names.map((name, i) => ({
        level: 30,
        event: 'training.metric',
        step: 500,
        name,
        value: values[i],
        unit: 'unitless',
        kind: 'gauge',
      })),
      {
        level: 40,
        event: 'training.collapse.alert',
        step: 500,
        criterion: 'pred_var_per_dim',
        value: 0,
        threshold: 2.5,
      },
      {
        level: 40,
        event: 'training.collapse.alert',
        step: 500,
        criterion: 'kl_reg',
        value: 12,
        threshold: 10,
      },
    ]);
  });

  it('has step 0, and no field without a step', () => {
    const { logger, lines } = memoryLogger();
    recordCollapseMetrics(METRICS, { logger, step: 0, registry: new Registry() });
    recordCollapseMetrics(METRICS, { alerts: ALERTS, logger, registry: new Registry() });
    expect(lines().filter(({ step }) => step === 0)).toHaveLength(7);
    expect(lines().filter((line) => !('step' in line))).toHaveLength(7 + 2);
  });

  it('keeps the dotted names under another prefix', () => {
    const { logger, lines } = memoryLogger();
    recordCollapseMetrics(METRICS, { logger, prefix: 'other_', registry: new Registry() });
    expect(lines().map(({ name }) => name)).toEqual(names);
  });
});

describe('the monitor', () => {
  it('records what it observes, and nothing else', async () => {
    const { logger, lines } = memoryLogger();
    const registry = new Registry();
    const monitor = new CollapseMonitor({ logEverySteps: 10 });
    const { prediction, target } = CONSTANT_PREDICTOR;
    for (const step of [0, 9, 10, 11, 20]) {
      monitor.observe(prediction, target, { klReg: 0, step, logger, registry, prefix: 'run_' });
    }
    expect(lines().filter(({ event }) => event === 'training.metric')).toHaveLength(14);
    expect(lines().filter(({ event }) => event === 'training.collapse.alert')).toMatchObject([
      { step: 10, criterion: 'pred_var_per_dim', value: 0, threshold: 2.5 },
      { step: 20, criterion: 'pred_var_per_dim', value: 0, threshold: 2.5 },
    ]);
    expect(await registry.metrics()).toContain('\nrun_alert_total 2\n');
    expect(await registry.metrics()).toContain('\nrun_target_var_per_dim 5\n');
  });
});

describe('what cannot be recorded', () => {
  const taken = new Registry();
  new Counter({ name: 'geno_lewm_training_collapse_kl_reg', help: 'taken', registers: [taken] });
  const takenCounter = new Registry();
  new Gauge({ name: 'geno_lewm_training_collapse_alert_total', help: 'taken', registers: [takenCounter] });

  it.each<[string, string, object]>([
    ['a gauge name that is a counter', 'registered as a counter', { registry: taken }],
    ['a counter name that is a gauge', 'registered as a gauge', { registry: takenCounter }],
    ['a prefix that begins with a digit', 'prefix', { prefix: '3d_' }],
    ['a prefix with other letters', 'prefix', { prefix: 'größe_' }],
    ['a prefix that is no string', 'prefix', { prefix: 3 }],
    ['a registry that is none', 'registry', { registry: {} }],
    ['a logger without methods', 'logger', { logger: {} }],
    ['a logger without warn', 'logger', { logger: { info: () => {} } }],
    ['step -1', 'step', { step: -1 }],
    ['step 1.5', 'step', { step: 1.5 }],
  ])('is refused, before anything is written: %s', async (_what, words, bad) => {
    const registry = 'registry' in bad ? (bad.registry as Registry) : new Registry();
    const { logger, lines } = memoryLogger();
    const error = inputErrorOf(() => recordCollapseMetrics(METRICS, { logger, registry, ...bad }));
    expect(error.code).toBe('E224');
    expect(error.message).toContain(words);
    expect(lines()).toEqual([]);
    if (registry instanceof Registry) expect(await registry.metrics()).not.toContain('kl_reg 12');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, null, undefined, '1'])('a metric of %s', async (value) => {
    const registry = new Registry();
    for (const id of Object.keys(METRICS)) {
      const metrics = { ...METRICS, [id]: value } as CollapseMetrics;
      const error = inputErrorOf(() => recordCollapseMetrics(metrics, { registry }));
      expect(error).toMatchObject({ code: 'E224', fields: { metric: id } });
    }
    expect(await registry.metrics()).toBe('\n');
  });
});

it('records what computeCollapseMetrics gives, as it is', async () => {
  const registry = new Registry();
  const metrics = computeCollapseMetrics([[1 / 3]], [[1]], { klReg: 0.1 });
  recordCollapseMetrics(metrics, { registry });
  const gauge = registry.getSingleMetric('geno_lewm_training_collapse_pred_l2_mean') as Gauge;
  expect((await gauge.get()).values[0]?.value).toBe(metrics.pred_l2_mean);
});
