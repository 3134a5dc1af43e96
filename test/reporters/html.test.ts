import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { DEFAULT_METRIC_IDS, METRIC_IDS } from '#metrics/ids.js';
import type { StepRecord } from '#report/record.js';
import { CHART } from '#reporters/html/draw/chart.js';
import { html } from '#reporters/html/html.js';
import {
  documentOf,
  HOSTILE,
  SAMPLES,
  type SampleName,
  stepRecord,
  withProjection,
  withSpectra,
} from './sample-reports.js';

const OPTIONS = { color: false, ascii: false, quiet: false, verbose: false, width: 100, now: 0 };
const names = Object.keys(SAMPLES) as SampleName[];

/** The points of a line, which a path writes as the first and the distances from there on. */
function pointsOf(path: string): (readonly [number, number])[] {
  const numbers = (path.match(/-?(?:\d+\.\d+|\.\d+|\d+)/g) ?? []).map(Number);
  let [x, y] = [0, 0];
  return Array.from({ length: numbers.length >> 1 }, (_, i) => {
    [x, y] = [x + numbers[2 * i]!, y + numbers[2 * i + 1]!];
    return [x, y] as const;
  });
}

/** What the page holds of the chart of a metric. */
function chartIn(
  page: string,
  id: string,
): { lines: { name: string; kind: string; y: string }[]; failing: unknown[] } {
  const [, json = ''] =
    new RegExp(`data-metric="[^"]*\\b${id}\\b[^"]*" data-chart='([^']*)'`).exec(page) ?? [];
  return JSON.parse(json);
}

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
  ])('of %s stays below 400 KB', (_, steps, runs) => {
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
    expect(Buffer.byteLength(html(documentOf(records), OPTIONS))).toBeLessThan(400_000);
  });

  it('of every metric, spectra of 64 ranks and 200 rows at a thousand steps stays below 400 KB', () => {
    const noise = (i: number, j: number) => Math.abs(Math.sin(i * 12.9898 + j * 78.233) * 43758.5453) % 1;
    const records = Array.from({ length: 1000 }, (_, i) => {
      const values = Object.fromEntries(METRIC_IDS.map((id, j) => [id, noise(i, j) * 0.01]));
      return withProjection(withSpectra(stepRecord((i + 1) * 500, {}, values), 64), 200);
    });
    const page = html(documentOf(records), OPTIONS);
    expect(page).toContain('data-clouds=');
    expect(Buffer.byteLength(page)).toBeLessThan(400_000);
  });

  it('of twelve runs with spectra and rows stays below 400 KB', () => {
    const wave = (i: number, r: number, j: number) =>
      0.4 + 0.1 * Math.abs(Math.sin(i * 1.7 + r * 0.9 + j * 78.233));
    const labels = Array.from({ length: 200 }, (_, i) => 'abcde'[(i * i) % 5]!);
    const records = Array.from({ length: 12 }, (_, r) =>
      Array.from({ length: 40 }, (_, i) => {
        const values = Object.fromEntries(DEFAULT_METRIC_IDS.map((id, j) => [id, wave(i, r, j)]));
        const dead = r % 2 === 0 && i > 20 ? { pred_var_per_dim: 1e-4, target_var_per_dim: 1e-5 } : {};
        const record = stepRecord((i + 1) * 50, { run: `runs/learning-rate-${r}` }, { ...values, ...dead });
        return withProjection(withSpectra(record, 64), 200, labels);
      }),
    ).flat();
    const page = html(documentOf(records), OPTIONS);
    expect(page.match(/data-clouds=/g)).toHaveLength(12);
    expect(
      page.match(/class="legend"><span class="key"><svg[^>]*><path class="line prediction/g),
    ).toHaveLength(1);
    expect(Buffer.byteLength(page)).toBeLessThan(400_000);
  });

  it('tells the diagnosis before anything else of the run, and of each step', () => {
    const page = html(SAMPLES.alerting, OPTIONS);
    const { diagnosis, steps } = SAMPLES.alerting.report.runs[0]!;
    expect(diagnosis?.evidence.length).toBeGreaterThan(0);
    const block = page.split('class="diagnosis"')[1]?.split('</div>')[0] ?? '';
    expect(block).toContain(`>${diagnosis?.label}</b> since step ${diagnosis?.began ?? diagnosis?.since}`);
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
      page
        .slice(page.indexOf('<body>'), page.indexOf('<script>'))
        .replaceAll(/<p class="legend">.*?<\/p>/gs, '');
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
    expect(chartIn(page, 'kl_reg').lines.at(-1)).toMatchObject({ name: 'kl_reg', y: '1.5 - 3.5' });
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
    const said = (page: string) => page.match(/<ul class="said">.*?<\/ul>/s)?.[0] ?? '';
    const plot = (page: string, role: string) =>
      new RegExp(`<figure class="spectrum" data-role="${role}">.*?</figure>`, 's').exec(page)?.[0] ?? '';

    it('says what those of the first judged step, the first failure and the newest show', () => {
      const page = pageOf(steps(11).map((record) => withSpectra(record, 32)));
      expect([...said(page).matchAll(/<b>(.*?)<\/span>/g)].map(([, title]) => title)).toEqual([
        'Step 500</b> <span class="dim">(the first judged)',
        'Step 1000</b> <span class="dim">(where pred_var_per_dim first failed)',
        'Step 5000</b> <span class="dim">(the newest)',
      ]);
      expect(said(page)).toContain('prediction: one direction of 32 holds 50 %, 7 of them 99 %');
    });

    it('draws all of them in one plot a role, from light to dark, and as a picture of ranks by steps', () => {
      const page = pageOf(steps(11).map((record) => withSpectra(record, 32)));
      for (const role of ['prediction', 'target']) {
        const curves = [...plot(page, role).matchAll(/class="curve shade-(\d)" data-step="(\d+)"/g)];
        expect(curves.map(([, , step]) => Number(step))).toEqual(steps(11).map(({ step }) => step));
        const shades = curves.map(([, shade]) => Number(shade));
        expect(shades).toEqual([...shades].sort());
        expect([shades[0], shades.at(-1)]).toEqual([0, 9]);
      }
      expect(page.match(/data-row-name="rank"/g)).toHaveLength(2);
    });

    it('says of one step what holds nearly all of the variance', () => {
      // Shares 0.5333, 0.2667, 0.1333, 0.0667: the first three hold 0.933.
      const page = pageOf([withSpectra(steps(2)[1]!, 4)]);
      expect(said(page)).toContain('prediction: one direction of 4 holds 53 %, 4 of them 99 %');
      expect(page).not.toContain('data-row-name="rank"');
    });

    it('draws no share that is 0, and says where all rows are the same', () => {
      const record = withSpectra(steps(2)[1]!, 4);
      const { prediction: _, ...rest } = record.spectra!;
      const page = pageOf([{ ...record, spectra: { ...rest, target: [0.995, 0.005, 0, 0] } }]);
      expect(said(page)).toContain('prediction: all rows are the same, no spectrum');
      expect(said(page)).toContain('target: one direction of 4 holds 99.5 %, 1 of them 99 %');
      expect(plot(page, 'prediction')).toBe('');
      expect(plot(page, 'target')).not.toMatch(/NaN|Infinity/);
      const [, path = ''] = /class="curve[^>]* d="([^"]*)"/.exec(plot(page, 'target')) ?? [];
      expect(pointsOf(path)).toHaveLength(2);
    });

    it('calls embeddings alone what they are', () => {
      const alone = (record: StepRecord) => {
        const { prediction, ...inputs } = record.inputs;
        const { target: _, ...spectra } = withSpectra(record, 4).spectra!;
        return { ...record, inputs: prediction === undefined ? inputs : { prediction }, spectra };
      };
      const page = pageOf(steps(2).map(alone));
      expect(said(page)).toContain('embeddings: one direction of 4 holds 53 %');
      expect(page).toContain('<figcaption><b>embeddings</b>');
      expect(page).not.toContain('<b>prediction</b>');
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
    const [, line = ''] = /class="line prediction"[^>]* d="([^"]*)"/.exec(figure) ?? [];
    const tops = pointsOf(line).map(([, y]) => y);
    // 9 of 0 to 10, the bound, and a little room above it.
    const { top, height, bottom } = CHART;
    expect(Math.min(...tops)).toBeCloseTo(height - bottom - (9 / 10.54) * (height - top - bottom), 0);
    expect(chartIn(page, 'kl_reg').lines.at(-1)?.y).toMatch(/ 9 /);
  });
});
