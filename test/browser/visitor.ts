import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { StepRecord } from '#report/record.js';
import { html } from '#reporters/html/html.js';
import type { ReportDocument } from '#reporters/view/define-reporter.js';
import { documentOf, SAMPLES, stepRecord, withProjection, withSpectra } from '../reporters/sample-reports.js';
import { sharedFolder } from '../support/run-folder.js';

export const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const OPTIONS = { color: false, ascii: false, quiet: false, verbose: false, width: 100, now: 0 };
const alerting = SAMPLES.alerting.records as readonly StepRecord[];

/** Steps with six horizons, of which the last two collapse from step 2000 on. */
function withHorizons(record: StepRecord): StepRecord {
  const numbers = [1, 2, 3, 4, 5, 6];
  const isLate = (record.step ?? 0) >= 2000;
  const share = numbers.map((number) => (isLate && number > 4 ? 1e-4 : 0.9 - 0.01 * number));
  const horizons = {
    axis: 1,
    size: 6,
    numbers,
    rows: numbers.map(() => 64),
    metrics: { pred_target_var_ratio: share, pred_var_per_dim: share.map((x) => 0.4 * x) },
    unavailable: {},
    estimates: {},
  };
  return { ...record, horizons };
}

/** Twelve runs of twenty steps, a third of which collapse, with spectra and rows. */
function twelveRuns(): StepRecord[] {
  return Array.from({ length: 12 }, (_, r) =>
    Array.from({ length: 20 }, (_, i) => {
      const share = r % 3 === 0 && i > 10 ? 0.001 : 1 + 0.02 * r;
      const record = stepRecord(
        100 * (i + 1),
        { run: `runs/lr-${r}` },
        { pred_var_per_dim: 0.4 * share, target_var_per_dim: 0.4 + 0.01 * r },
      );
      return withProjection(withSpectra(record, 16), 50);
    }),
  ).flat();
}

/** What only pages show, beside the samples that all reporters have. */
const OWN: Record<string, () => ReportDocument> = {
  spectra: () => documentOf(alerting.map((record) => withSpectra(record, 64))),
  rows: () => {
    const labels = Array.from({ length: 90 }, (_, i) => 'abc'[i % 3]!);
    const text = Buffer.from(Int8Array.from({ length: 45 }, (_, i) => 127 - i)).toString('base64');
    const projected = alerting.map((record) => {
      const own = withProjection(record, 90, labels);
      const cosines = { rows: 10, target: text, prediction: text };
      return record.step === 500 ? own : { ...own, projection: { ...own.projection!, cosines } };
    });
    return documentOf(
      projected.map((record) =>
        record.step === 2500 ? { ...record, projection: { ...record.projection!, scale: 1 } } : record,
      ),
    );
  },
  horizons: () => documentOf(alerting.map(withHorizons)),
  'twelve-runs': () => documentOf(twelveRuns()),
  reference: () => {
    const { report, ...rest } = documentOf(alerting);
    const at = (reference: number) => ({ reference, bound: 0.9 * reference });
    const runs = report.runs.map((run) => ({
      ...run,
      steps: run.steps.map((step) => ({
        ...step,
        reference: { p: 0.5, metrics: { pred_var_per_dim: at(0.4), pred_cos_mean: at(0.9) } },
      })),
    }));
    return { ...rest, report: { ...report, runs } };
  },
};
export const NAMES = [
  'healthy',
  'alerting',
  'warning',
  'erroneous',
  'several-runs',
  'unnumbered-step',
  'no-data',
  'one-row',
  'thousand-steps',
  'many-metrics',
  'hostile',
  'collapsed',
  'several-kinds',
  'spectra',
  'rows',
  'horizons',
  'reference',
  'early',
  'embeddings-alone',
  'twelve-runs',
] as const;
export type Name = (typeof NAMES)[number];

/** Where pictures of the page go, for whoever wants to look at them. */
export const pictures = process.env.PAGE_PICTURES;

export interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly problems: readonly string[];
}

export interface Visitor {
  /** Opens a sample's page, with `hash` behind its address. */
  sample<T>(
    name: Name,
    options: BrowserContextOptions,
    use: (visit: Visit) => Promise<T>,
    hash?: string,
  ): Promise<T>;
  at<T>(address: string, options: BrowserContextOptions, use: (visit: Visit) => Promise<T>): Promise<T>;
}

/** A browser for the tests of a file, and the pages of `names` for it. */
export function visitor(names: readonly Name[] = NAMES): Visitor {
  let browser: Browser;
  const folder = sharedFolder();
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    for (const name of names) {
      const document = OWN[name]?.() ?? SAMPLES[name as keyof typeof SAMPLES];
      writeFileSync(join(folder, `${name}.html`), html(document, OPTIONS));
    }
    if (pictures) mkdirSync(pictures, { recursive: true });
  });
  afterAll(async () => {
    await browser.close();
  });
  const at: Visitor['at'] = async (address, options, use) => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
    const page = await context.newPage();
    // Limits are for what hangs: a busy machine takes many times as long as a quiet one.
    page.setDefaultTimeout(120_000);
    const requests: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => problems.push(`${message.text()} ${message.location().url}`));
    page.on('dialog', (dialog) => problems.push(dialog.message()));
    try {
      await page.goto(address);
      return await use({ page, requests, problems });
    } finally {
      await context.close();
    }
  };
  const sample: Visitor['sample'] = (name, options, use, hash = '') =>
    at(pathToFileURL(join(folder, `${name}.html`)).href + hash, options, use);
  return { sample, at };
}
