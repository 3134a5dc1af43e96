import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { html } from '../../src/reporters/html.js';
import { documentOf, HOSTILE, SAMPLES, type SampleName, stepRecord } from './sample-reports.js';

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
    const page = html(SAMPLES.warning, OPTIONS);
    const body = page.slice(page.indexOf('<body>'));
    expect(body).toContain('⚠</b>');
    expect(body).toContain('class="mark warn"');
    expect(body).toContain('; warned at ');
    expect(body).not.toMatch(/✗|class="mark"|; failed at|class="alert">alert|<td>alert/);
    const mixed = html(SAMPLES.alerting, OPTIONS);
    expect(mixed).toContain('✗</b>');
    expect(mixed).not.toMatch(/⚠<|class="mark warn"/);
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
    expect(Math.min(...tops)).toBeCloseTo(18 + 114 / 9, 0);
  });
});
