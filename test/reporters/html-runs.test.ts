import { describe, expect, it } from 'vitest';
import type { StepRecord } from '#report/record.js';
import type { Report, ReportRun } from '#report/types.js';
import { html } from '#reporters/html/html.js';
import { documentOf, HOSTILE, SAMPLES, stepRecord, withProjection } from './sample-reports.js';

const OPTIONS = { color: false, ascii: false, quiet: false, verbose: false, width: 100, now: 0 };

interface Line {
  readonly name: string;
  readonly kind: string;
  readonly run?: number;
  readonly at?: string;
  readonly y: string;
}

function linesOf(page: string, figure: string): Line[] {
  const [, json = ''] = new RegExp(`<figure class="${figure}" data-chart='([^']*)'`).exec(page) ?? [];
  return JSON.parse(json).lines;
}

/** The diagnosis of the first run of a document whose first run is changed. */
function blockOf(change: (run: ReportRun) => ReportRun, report: Report = SAMPLES.collapsed.report): string {
  const runs = report.runs.map((run, i) => (i === 0 ? change(run) : run));
  const page = html({ ...SAMPLES.collapsed, report: { ...report, runs } }, OPTIONS);
  return /<div class="diagnosis".*?<\/div>(?=\n|<p)/s.exec(page)?.[0] ?? '';
}

describe('several runs', () => {
  const page = html(SAMPLES['several-kinds'], OPTIONS);

  it('are one chart a metric, a line a run in the colour of its verdict, the worst on top', () => {
    const lines = linesOf(page, 'chart runs" data-metric="target_var_per_dim');
    expect(lines.map(({ name, kind, run }) => [name, kind, run])).toEqual([
      ['runs/spike', 'warning', 4],
      ['runs/young', 'early', 3],
      ['runs/dead', 'alert', 2],
      ['runs/well', 'error', 1],
    ]);
    expect(lines[2]?.y).toBe('.4 .4 .4 .02 .02');
    const [figure = ''] = /<figure class="chart runs".*?<\/figure>/s.exec(page) ?? [];
    expect([...figure.matchAll(/<path class="line (\S+)" data-run="(\d)"/g)].map(([, kind]) => kind)).toEqual(
      ['warning', 'early', 'alert', 'error'],
    );
  });

  it('are a table of what became of each, worst first, each with a link to its folded details', () => {
    const [table = ''] = /<table class="runs">.*?<\/table>/s.exec(page) ?? [];
    const rows = [...table.matchAll(/<tr data-run.*/g)].map(([row]) =>
      row.replaceAll(/<td[^>]*>/g, '|').replaceAll(/<[^>]*>/g, ''),
    );
    expect(rows).toEqual([
      'runs/well|error|–|–|–|400',
      'runs/dead|alert|complete collapse|400|300|500',
      'runs/young|too early to tell|–|–|–|200',
      'runs/spike|warning|pairwise_pred_dist_mean warned|200|–|400',
    ]);
    expect([...page.matchAll(/<details class="run"><summary><bdi>([^<]*)/g)].map(([, name]) => name)).toEqual(
      ['runs/well', 'runs/dead', 'runs/young', 'runs/spike'],
    );
  });

  it('have details for the worst of very many, and lines and rows for all', () => {
    const many = Array.from({ length: 310 }, (_, r) => stepRecord(100, { run: `runs/${r}` }));
    const crowd = html(documentOf(many), OPTIONS);
    expect(crowd.match(/<details class="run">/g)).toHaveLength(16);
    expect(crowd).toContain('The details of the 16 worst are below.');
    expect(crowd.match(/<tr data-run/g)).toHaveLength(300);
    expect(crowd).toContain('and 10 more runs');
    expect(linesOf(crowd, 'chart runs" data-metric="kl_reg')).toHaveLength(310);
    expect(page).not.toContain('worst are below');
  });

  it('have names that are shown as text wherever they stand', () => {
    const named = ['a', 'b'].flatMap((end) =>
      [1, 2].map((step) =>
        withProjection(stepRecord(step, { run: `${HOSTILE}${end}` }), 3, [HOSTILE, "'x'", '</script>']),
      ),
    );
    const hostile = html(documentOf(named), OPTIONS);
    expect(hostile.match(/<script/g)).toHaveLength(1);
    expect(hostile.match(/<\/script/g)).toHaveLength(1);
    for (const sign of ['\u202e', '\u001b', '\n::error']) expect(hostile).not.toContain(sign);
    expect(linesOf(hostile, 'chart runs" data-metric="kl_reg').map(({ name }) => name)).toEqual([
      expect.stringContaining('<script>alert(1)</script>'),
      expect.stringContaining('<script>alert(1)</script>'),
    ]);
  });

  it('with three branches or more have a picture of branches by steps', () => {
    const branch = (name: string, share: number) =>
      [100, 200, 300].map((step) =>
        stepRecord(step, { run: `runs/a [${name}]`, branch: name }, { pred_var_per_dim: share * step }),
      );
    const records = [...branch('layer10', 1e-3), ...branch('layer2', 2e-3), ...branch('layer1', 3e-3)];
    const pageOf = (some: readonly StepRecord[]) => html(documentOf(some), OPTIONS);
    const [picture = ''] = /<figure class="heat".*?<\/figure>/s.exec(pageOf(records)) ?? [];
    expect(picture).toContain(`data-rows='["layer10","layer2","layer1"]'`);
    expect(picture).toContain('data-scale="0.1 0.9 linear"');
    expect(picture).toMatch(/<image [^>]*href="data:image\/bmp;base64,/);
    expect(pageOf(records.slice(0, 6))).not.toContain('class="heat"');
  });
});

describe('one run', () => {
  it('has a line a bound, and none that goes from rule to rule', () => {
    const lines = linesOf(
      html(SAMPLES.collapsed, OPTIONS),
      'chart" data-metric="target_var_per_dim pred_var_per_dim',
    );
    const bounds = lines.filter(({ kind }) => kind.endsWith('bound'));
    expect(new Set(bounds.map(({ name }) => name)).size).toBe(bounds.length);
    expect(bounds.map(({ name }) => name)).toContain('target_scale_lost');
    // Shares of a peak that stands: each bound keeps its value.
    for (const { name, y } of bounds.filter(({ name }) => /scale/.test(name))) {
      expect({ name, values: new Set(y.split(' ').slice(1)).size }).toEqual({ name, values: 1 });
    }
  });

  it('says what to do, when a collapse began and the last good step where its diagnosis is', () => {
    const block = blockOf((run) => run);
    expect(block).toMatch(/^<div class="diagnosis" data-tone="alert">/);
    expect(block).toContain('<dt>began</dt><dd>step 400</dd>');
    expect(block).toContain('<dt>confirmed</dt><dd>step 600</dd>');
    expect(block).toContain('<dt>last good step</dt><dd>300</dd>');
    expect(block).toContain('<b>What to do:</b> stop the gradient');
  });

  it('names a horizon that collapsed, and the branch, in the same place', () => {
    const block = blockOf((run) => ({
      ...run,
      branch: 'video',
      diagnosis: { ...run.diagnosis!, label: 'predictor collapse', horizon: 6 },
      steps: run.steps.map((step) => ({
        ...step,
        horizons: {
          axis: 1,
          size: 3,
          numbers: [5, 6, 7],
          rows: [9, 9, 9],
          metrics: {},
          unavailable: {},
          estimates: {},
        },
        horizonDiagnoses: ['healthy', 'predictor collapse', 'predictor collapse'] as const,
      })),
    }));
    expect(block).toContain('Diagnosis of video: horizon 6: <b class="alert">predictor collapse</b>');
    expect(block).toContain('<li>horizons 6 to 7: predictor collapse</li>');
  });

  it('is never called healthy in green where a rule failed', () => {
    const healthy = { label: 'healthy', since: 100, evidence: [] } as const;
    const block = blockOf((run) => ({ ...run, diagnosis: healthy }));
    expect(block).toContain('<b class="alert">no collapse that has a name</b>, but jepa.target_scale_');
    expect(block).not.toMatch(/healthy|"ok"/);
    const early = blockOf((run) => ({ ...run, status: 'early', diagnosis: healthy }));
    expect(early).toContain('<b class="dim">healthy</b>');
    const well = blockOf((run) => ({ ...run, status: 'ok', diagnosis: healthy }));
    expect(well).toContain('<b class="ok">healthy</b>');
  });

  it('draws the worst horizon that a rule found beside the step as a whole', () => {
    const finding = {
      criterion: 'jepa.pred_variance_low.horizon',
      metric: 'pred_var_per_dim',
      operator: '<',
      value: 0.001,
      threshold: 0.1,
      level: 'error',
      horizon: 6,
      message: 'horizon 6: low',
    } as const;
    const { report } = SAMPLES.collapsed;
    const runs = report.runs.map((run) => ({
      ...run,
      steps: run.steps.map((step, i) => (i === 3 ? { ...step, alerts: [finding, ...step.alerts] } : step)),
    }));
    const page = html({ ...SAMPLES.collapsed, report: { ...report, runs } }, OPTIONS);
    const worst = linesOf(page, 'chart" data-metric="target_var_per_dim pred_var_per_dim').find(
      ({ kind }) => kind === 'horizon',
    );
    expect(worst).toEqual({
      name: 'pred_var_per_dim, worst horizon',
      kind: 'horizon',
      y: '- - - .001 - - - -',
    });
  });
});
