import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { METRIC_IDS } from '#metrics/ids.js';
import type { StepRecord } from '#report/record.js';
import { html } from '#reporters/html/html.js';
import { documentOf, HOSTILE, SAMPLES, type SampleName, stepRecord, withSpectra } from './sample-reports.js';

const OPTIONS = { color: false, ascii: false, quiet: false, verbose: false, width: 100, now: 0 };
const names = Object.keys(SAMPLES) as SampleName[];

describe('the page', () => {
  it.each(names)('of %s asks for nothing from elsewhere', (name) => {
    const page = html(SAMPLES[name], OPTIONS);
    expect(page).not.toMatch(/<(?:link|img|iframe|object)|url\(|@import|\bsrc=|fetch\(|XMLHttpRequest/);
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  it.each(names)('of %s holds well-formed SVG', async (name) => {
    const svg = html(SAMPLES[name], OPTIONS).match(/<svg.*?<\/svg>/gs) ?? [];
    const contents = `<all>${svg.join('')}</all>`;
    const result = await validateXML({
      xml: contents,
      schema: [
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="all" type="xs:anyType"/></xs:schema>',
      ],
    });
    expect(result.errors).toEqual([]);
    expect(contents).not.toContain('NaN');
  });

  it.each([
    ['a thousand steps', 1000, 1],
    ['five thousand steps', 5000, 1],
    ['a thousand steps in ten runs', 100, 10],
    ['two hundred runs', 5, 200],
  ])('of %s stays below 300 KB', (_, steps, runs) => {
    const records = Array.from({ length: runs }, (_, r) =>
      Array.from({ length: steps }, (_, i) =>
        stepRecord(
          i + 1,
          { run: `runs/${r}` },
          {
            pred_var_per_dim: Math.abs(Math.sin(i * 12.9898 + r) * 0.4371234),
            kl_reg: 3 + Math.cos(i) * 1.23456,
            pred_cos_mean: Math.sin(i / 7.1),
            pred_l2_mean: Math.exp(-i / 100),
          },
        ),
      ),
    ).flat();
    expect(Buffer.byteLength(html(documentOf(records), OPTIONS))).toBeLessThan(300_000);
  });

  it('of every metric and spectra of 64 ranks at a thousand steps stays below 300 KB', () => {
    const noise = (i: number, j: number) => Math.abs(Math.sin(i * 12.9898 + j * 78.233) * 43758.5453) % 1;
    const records = Array.from({ length: 1000 }, (_, i) => {
      const values = Object.fromEntries(METRIC_IDS.map((id, j) => [id, noise(i, j) * 0.01]));
      return withSpectra(stepRecord((i + 1) * 500, {}, values), 64);
    });
    expect(Buffer.byteLength(html(documentOf(records), OPTIONS))).toBeLessThan(300_000);
  });

  it('tells the diagnosis before anything else of the run, and of each step', () => {
    const page = html(SAMPLES.alerting, OPTIONS);
    const { diagnosis, steps } = SAMPLES.alerting.report.runs[0]!;
    expect(diagnosis?.evidence.length).toBeGreaterThan(0);
    const block = page.split('class="diagnosis"')[1]?.split('</div>')[0] ?? '';
    expect(block).toContain(`>${diagnosis?.label}</b> since step ${diagnosis?.since}`);
    expect(block.match(/<li>/g)).toHaveLength(diagnosis?.evidence.length ?? 0);
    expect(page.indexOf('class="diagnosis"')).toBeLessThan(page.indexOf('What failed'));
    expect(page.match(/Diagnosis:/g)).toHaveLength(1);
    const cells = page.split('<table class="steps">')[1]?.match(/<tr><th scope="row">\d+<td>[^<]*<td>[^<]*/g);
    expect(cells?.map((cell) => cell.split('<td>')[2])).toEqual(steps.map((step) => step.diagnosis ?? '–'));
  });

  it('escapes what a diagnosis rests on, and does without one', () => {
    const document = SAMPLES.alerting;
    const [run] = document.report.runs;
    const diagnosed = { label: 'copying' as const, since: null, evidence: [HOSTILE] };
    const of = (changed: typeof run) =>
      html(
        { ...document, report: { ...document.report, runs: changed === undefined ? [] : [changed] } },
        OPTIONS,
      );
    const page = of({ ...run!, diagnosis: diagnosed });
    expect(page).toContain('>copying</b></p><ul><li>');
    expect(page.match(/<script/g)).toHaveLength(1);
    const { diagnosis: _, ...plain } = run!;
    const bare = of({ ...plain, steps: plain.steps.map(({ diagnosis: _, ...step }) => step) });
    expect(bare).not.toContain('class="diagnosis"');
    expect(bare).not.toContain('<th scope="col">diagnosis');
  });

  it('shows a warning as a warning', () => {
    const withoutLegend = (page: string) =>
      page.slice(page.indexOf('<body>')).replaceAll(/<p class="legend">.*?<\/p>/gs, '');
    const body = withoutLegend(html(SAMPLES.warning, OPTIONS));
    expect(body).toContain('⚠</b>');
    expect(body).toContain('class="mark warn"');
    expect(body).toContain('; warned at ');
    expect(body).not.toMatch(/✗|class="mark"|; failed at|class="alert">alert|<td>alert/);
    const mixed = withoutLegend(html(SAMPLES.alerting, OPTIONS));
    expect(mixed).toContain('✗</b>');
    expect(mixed).not.toMatch(/⚠<|class="mark warn"/);
  });

  it('leaves out metrics that have no value at any step, and says why', () => {
    const bare = (step: number) =>
      stepRecord(step, { unavailable: { kl_reg: 'was not asked for' } }, { kl_reg: null });
    const page = html(documentOf([bare(1), bare(2)]), OPTIONS);
    expect(page).not.toContain('data-metric="kl_reg"');
    expect(page).toContain('was not asked for');
  });

  it('holds the value at every step that it draws, for whoever points at it', () => {
    const records = [0, 100, 350].map((step, i) =>
      stepRecord(step, {}, { kl_reg: i === 1 ? null : 1.5 + i }),
    );
    const page = html(documentOf(records), OPTIONS);
    expect(page).toContain('data-steps="0 100 250"');
    expect(page).toContain('data-metric="kl_reg" data-at="0 2" data-values="1.5 3.5"');
  });

  it('lists several runs with their verdicts first, each a link to its section', () => {
    const page = html(SAMPLES['several-runs'], OPTIONS);
    const [head = ''] = page.split('<section class="run"');
    expect([...head.matchAll(/<a href="#(run-\d)"><bdi>([^<]*)/g)].map(([, id, name]) => [id, name])).toEqual(
      [
        ['run-1', 'runs/b'],
        ['run-2', 'runs/c'],
        ['run-3', 'runs/a'],
      ],
    );
    expect(page.match(/<section class="run" id="run-\d"/g)).toHaveLength(3);
  });

  describe('with spectra', () => {
    const steps = (count: number) => [...SAMPLES.alerting.records.slice(0, count)] as StepRecord[];
    const pageOf = (records: readonly StepRecord[]) => html(documentOf(records), OPTIONS);
    const figures = (page: string) => page.match(/<figure class="spectrum">.*?<\/figure>/gs) ?? [];

    it('shows those of the first judged step, the first failure and the newest, and folds others', () => {
      const page = pageOf(steps(11).map((record) => withSpectra(record, 32)));
      const [open = '', folded = ''] = page.split('<details>');
      const titles = (text: string) => figures(text).map((one) => /<b>(.*?)<\/span>/.exec(one)?.[1]);
      expect(titles(open)).toEqual([
        'Step 500</b> <span class="dim">the first judged',
        'Step 1000</b> <span class="dim">where pred_var_per_dim first failed',
        'Step 5000</b> <span class="dim">the newest',
      ]);
      expect(figures(folded)).toHaveLength(8);
    });

    it('says of one step what holds nearly all of the variance', () => {
      const [only] = figures(pageOf([withSpectra(steps(2)[1]!, 4)]));
      // Shares 0.5333, 0.2667, 0.1333, 0.0667: the first three hold 0.933.
      expect(only).toContain('prediction: 99 % in 4 of 4 directions');
    });

    it('draws no share that is 0, and says where all rows are the same', () => {
      const record = withSpectra(steps(2)[1]!, 4);
      const { prediction: _, ...rest } = record.spectra!;
      const [only = ''] = figures(
        pageOf([{ ...record, spectra: { ...rest, target: [0.995, 0.005, 0, 0] } }]),
      );
      expect(only).toContain('prediction: all rows are the same, no spectrum');
      expect(only).toContain('target: 99 % in 1 of 4 directions');
      expect(only).not.toMatch(/NaN|Infinity/);
      expect(/class="target"[^>]*d="([^"]*)"/.exec(only)?.[1]?.match(/L/g)).toHaveLength(1);
    });

    it('has no such section without them', () => {
      expect(pageOf(steps(3))).not.toContain('Spectrum');
    });
  });

  it('draws every extreme of a long series', () => {
    const records = Array.from({ length: 3000 }, (_, i) =>
      stepRecord(i + 1, {}, { kl_reg: i === 1717 ? 9 : 1 }),
    );
    const page = html(documentOf(records), OPTIONS);
    const figure = page.slice(page.indexOf('data-metric="kl_reg"')).split('</figure>')[0] ?? '';
    const [, line = ''] = /class="line" d="([^"]*)"/.exec(figure) ?? [];
    const tops = [...line.matchAll(/L[\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
    // 9 of 1 to 10, the bound, which is at the top.
    expect(Math.min(...tops)).toBeCloseTo(10 + 120 / 9, 0);
  });
});
