import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepRecord } from '#report/record.js';
import { html } from '#reporters/html/html.js';
import { documentOf, SAMPLES, type SampleName, withSpectra } from '../reporters/sample-reports.js';
import { sharedFolder } from '../support/run-folder.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const OPTIONS = { color: false, ascii: false, quiet: false, verbose: false, width: 100, now: 0 };
const NAMES = [
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
  'spectra',
] as const;

/** A sample, or one whose steps have spectra. */
function documentFor(name: (typeof NAMES)[number]) {
  if (name !== 'spectra') return SAMPLES[name];
  const records = SAMPLES.alerting.records as readonly StepRecord[];
  return documentOf(records.map((record) => withSpectra(record, 64)));
}

/** Where pictures of the page go, for whoever wants to look at them. */
const pictures = process.env.PAGE_PICTURES;

let browser: Browser;
const folder = sharedFolder();
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  for (const name of NAMES) writeFileSync(join(folder, `${name}.html`), html(documentFor(name), OPTIONS));
  if (pictures) mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await browser.close();
});

interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly problems: readonly string[];
}

async function visit<T>(
  name: SampleName | 'spectra',
  options: BrowserContextOptions,
  use: (visit: Visit) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => problems.push(message.text()));
  page.on('dialog', (dialog) => problems.push(dialog.message()));
  try {
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    return await use({ page, requests, problems });
  } finally {
    await context.close();
  }
}

describe.each(NAMES)('the page of %s', (name) => {
  it.each(['light', 'dark'] as const)('has no WCAG A or AA violation in %s', async (colorScheme) => {
    await visit(name, { colorScheme, bypassCSP: true }, async ({ page }) => {
      await page.addScriptTag({ path: axe });
      const violations = await page.evaluate(async () => {
        const runner = (
          globalThis as unknown as {
            axe: {
              run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
            };
          }
        ).axe;
        const { violations } = await runner.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(violations).toEqual([]);
      if (pictures)
        await page.screenshot({ path: join(pictures, `${name}.${colorScheme}.png`), fullPage: true });
    });
  });

  it('asks for nothing but itself, and no script fails', async () => {
    await visit(name, {}, async ({ requests, problems }) => {
      expect(requests).toHaveLength(1);
      expect(problems).toEqual([]);
    });
  });

  it('prints to PDF', async () => {
    await visit(name, {}, async ({ page }) => {
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      if (pictures) writeFileSync(join(pictures, `${name}.pdf`), pdf);
    });
  });
});

describe('the page', () => {
  it('is whole without scripts', async () => {
    await visit('alerting', { javaScriptEnabled: false }, async ({ page }) => {
      expect(
        await page
          .locator('figure[data-metric] svg .linear path.line[stroke-linecap][stroke-width="1.5"]')
          .count(),
      ).toBe(7);
      expect(await page.locator('table.steps tbody tr').count()).toBe(11);
      expect(await page.locator('.controls').count()).toBe(0);
      expect(await page.locator('.diagnosis').first().textContent()).toMatch(/^Diagnosis: \S+/);
      expect(await page.locator('table.steps thead th').nth(2).textContent()).toBe('diagnosis');
    });
  });

  it('filters, sorts, changes the scale and reads values out', async () => {
    await visit('alerting', {}, async ({ page }) => {
      await page.getByRole('searchbox').fill('kl_');
      expect(await page.locator('figure:visible').count()).toBe(1);
      expect(await page.locator('.controls [role=status]').textContent()).toBe('1 of 7 charts');
      await page.getByRole('searchbox').fill('');
      await page.getByRole('checkbox').check();
      expect(await page.locator('figure[data-metric=pred_var_per_dim] .log').getAttribute('display')).toBe(
        'inline',
      );
      const svg = page.locator('figure[data-metric=pred_var_per_dim] svg');
      await svg.hover({ position: { x: 64, y: 40 } });
      expect(await page.locator('figure[data-metric=pred_var_per_dim] output').textContent()).toBe(
        'step 0: 0.39',
      );
      await svg.focus();
      await page.keyboard.press('End');
      expect(await page.locator('figure[data-metric=pred_var_per_dim] output').textContent()).toContain(
        'step 5000: 0.00763',
      );
      const sort = page.locator('table.steps thead button', { hasText: 'pred_var_per_dim' });
      await sort.click();
      expect(await page.locator('table.steps tbody tr th').first().textContent()).toBe('5000');
      await sort.click();
      expect(await page.locator('table.steps tbody tr th').first().textContent()).toBe('0');
    });
  });

  it('keeps what has no value last, whichever way a column is sorted', async () => {
    await visit('alerting', {}, async ({ page }) => {
      const sort = page.locator('table.steps thead button', { hasText: 'diagnosis' });
      const first = () => page.locator('table.steps tbody tr').first().locator('td').nth(1).textContent();
      const last = () => page.locator('table.steps tbody tr').last().locator('td').nth(1).textContent();
      for (const direction of ['ascending', 'descending']) {
        await sort.click();
        expect(await page.locator(`th[aria-sort=${direction}]`).count()).toBe(1);
        expect(await first()).not.toBe('–');
        expect(await last()).toBe('–');
      }
    });
  });

  it('unfolds the spectra of other steps, without scripts and by the keyboard', async () => {
    await visit('spectra', { javaScriptEnabled: false }, async ({ page }) => {
      expect(await page.locator('figure.spectrum:visible').count()).toBe(3);
      await page.locator('summary').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('figure.spectrum:visible').count()).toBe(11);
      expect(await page.locator('figure.spectrum path.line').first().getAttribute('d')).toMatch(/^M48 /);
    });
  });

  it('links each of several runs to its section', async () => {
    await visit('several-runs', {}, async ({ page, requests }) => {
      await page.getByRole('link', { name: 'runs/a' }).click();
      expect(await page.locator('section.run:target h2 bdi').textContent()).toBe('runs/a');
      expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    });
  });

  it('shows a hostile name as text', async () => {
    await visit('hostile', {}, async ({ page, problems }) => {
      expect(await page.locator('h2').first().textContent()).toContain('<script>alert(1)</script>');
      expect(await page.locator('h2 bdi').count()).toBe(1);
      expect(problems).toEqual([]);
    });
  });

  it.each(['alerting', 'several-runs', 'spectra', 'hostile'] as const)(
    'fits a narrow screen: %s',
    async (name) => {
      await visit(name, { viewport: { width: 360, height: 700 } }, async ({ page }) => {
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      });
    },
  );
});
