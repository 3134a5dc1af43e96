import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { visitor } from './visitor.js';

const { sample: visit } = visitor([
  'alerting',
  'spectra',
  'rows',
  'horizons',
  'thousand-steps',
  'unnumbered-step',
]);

const figureOf = (page: Page, id: string) => page.locator(`figure[data-metric~=${id}]`);
const outputOf = (figure: Locator) => figure.locator('figcaption output');

/** Waits until what is shown is this: a change is drawn with the next frame. */
const shows = (locator: Locator, text: string | RegExp) =>
  expect.poll(() => locator.textContent()).toMatch(text);

/** Drags over a chart, from one share of its plot to another. */
async function drag(page: Page, svg: Locator, from: number, to: number): Promise<void> {
  await svg.scrollIntoViewIfNeeded();
  const box = (await svg.boundingBox())!;
  const at = (share: number) => box.x + (box.width * (54 + share * 292)) / 360;
  const y = box.y + box.height / 2;
  await page.mouse.move(at(from), y);
  await page.mouse.down();
  await page.mouse.move(at((from + to) / 2), y);
  await page.mouse.move(at(to), y);
  await page.mouse.up();
}

describe('charts', () => {
  it('have one cursor, which the pointer, the keys and the slider move, and the address keeps', async () => {
    await visit('alerting', {}, async ({ page }) => {
      const figure = figureOf(page, 'pred_var_per_dim');
      const svg = figure.locator('> svg');
      await svg.hover({ position: { x: 56, y: 60 } });
      await shows(outputOf(figure), /^step 0: prediction 0.39, target 0.4$/);
      await shows(outputOf(figureOf(page, 'kl_reg')), /^step 0: 3.2$/);
      await expect.poll(() => page.url()).toMatch(/#step=0$/);
      await svg.focus();
      await page.keyboard.press('End');
      await shows(outputOf(figure), /^step 5000: prediction 0.00763/);
      await page.keyboard.press('ArrowLeft');
      await shows(outputOf(figure), /^step 4500: /);
      await shows(page.locator('.controls output'), /^step 4500$/);
      const slider = page.getByRole('slider', { name: 'Step' });
      await slider.focus();
      await page.keyboard.press('Home');
      await shows(outputOf(figureOf(page, 'kl_reg')), /^step 0: /);
      expect(await figure.locator('path.cursor').getAttribute('d')).toMatch(/^M54 /);
      expect(await slider.getAttribute('aria-valuetext')).toBe('step 0');
    });
  });

  it('open at the step and the part that the address names', async () => {
    await visit(
      'alerting',
      {},
      async ({ page }) => {
        const figure = figureOf(page, 'kl_reg');
        await shows(outputOf(figure), /^step 3500: /);
        await shows(figure.locator('> svg'), /2000/);
        expect(await figure.locator('> svg').textContent()).not.toContain('1000');
        await page.evaluate(`location.hash = '#step=2500'`);
        await shows(outputOf(figure), /^step 2500: /);
      },
      '#step=3500&from=2000&to=4000',
    );
  });

  it('zoom by dragging, all at once, and go back', async () => {
    await visit('thousand-steps', {}, async ({ page }) => {
      const figure = figureOf(page, 'pred_var_per_dim');
      const svg = figure.locator('> svg');
      const line = () => svg.locator('path.line.prediction').first().getAttribute('d');
      const whole = await line();
      await drag(page, svg, 0.25, 0.3);
      await expect.poll(() => page.url()).toMatch(/from=\d+&to=\d+/);
      const [, from, to] = /from=(\d+)&to=(\d+)/.exec(page.url())!.map(Number);
      expect(Math.abs(from! - 25_000)).toBeLessThan(600);
      expect(Math.abs(to! - 30_000)).toBeLessThan(600);
      await expect.poll(line).not.toBe(whole);
      const other = figureOf(page, 'kl_reg');
      await other.scrollIntoViewIfNeeded();
      await shows(other.locator('> svg'), /2[6-9]000/);
      // By keys: nearer, then all again.
      await svg.focus();
      await page.keyboard.press('+');
      await expect.poll(() => page.url()).not.toContain(`from=${from}&`);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.url()).not.toContain('from=');
      await drag(page, svg, 0.5, 0.9);
      await page.getByRole('button', { name: 'all steps' }).click();
      await expect.poll(() => page.getByRole('button', { name: 'all steps' }).isVisible()).toBe(false);
      await shows(other.locator('> svg'), /80000/);
    });
  });

  it('are filtered by name, and drawn on a scale of powers', async () => {
    await visit('alerting', {}, async ({ page }) => {
      await page.getByRole('searchbox').fill('kl_');
      expect(await page.locator('figure:visible').count()).toBe(1);
      expect(await page.locator('.controls [role=status]').textContent()).toBe('1 of 6 charts');
      await page.getByRole('searchbox').fill('target_var');
      expect(await page.locator('figure:visible').count()).toBe(1);
      await page.getByRole('searchbox').fill('');
      const svg = figureOf(page, 'pred_var_per_dim').locator('> svg');
      expect(await svg.textContent()).not.toContain('0.01');
      await page.getByRole('checkbox', { name: 'log scale' }).check();
      await shows(svg, /0\.01/);
      await page.getByRole('checkbox', { name: 'log scale' }).uncheck();
      await expect.poll(() => svg.textContent()).not.toContain('0.01');
    });
  });

  it('of one step without a number read out its value', async () => {
    await visit('unnumbered-step', {}, async ({ page, problems }) => {
      const figure = figureOf(page, 'kl_reg');
      await figure.locator('> svg').hover();
      await shows(outputOf(figure), /^51.93$/);
      expect(await page.getByRole('slider').count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });
});

describe('the table of steps', () => {
  it('is sorted by any column, what has no value last', async () => {
    await visit('alerting', {}, async ({ page }) => {
      const head = (text: string) => page.locator('table.steps thead button', { hasText: text });
      const step = () => page.locator('table.steps tbody tr th').first().textContent();
      await head('pred_var_per_dim').click();
      expect(await step()).toBe('5000');
      await head('pred_var_per_dim').click();
      expect(await step()).toBe('0');
      const kind = (row: Locator) => row.locator('td').nth(1).textContent();
      for (const direction of ['ascending', 'descending']) {
        await head('diagnosis').click();
        expect(await page.locator(`th[aria-sort=${direction}]`).count()).toBe(1);
        expect(await kind(page.locator('table.steps tbody tr').first())).not.toBe('–');
        expect(await kind(page.locator('table.steps tbody tr').last())).toBe('–');
      }
    });
  });
});

describe('pictures', () => {
  it('of horizons and ranks say what is under the pointer, and zoom with the charts', async () => {
    await visit('horizons', {}, async ({ page }) => {
      const figure = page.locator('figure.heat').filter({ hasText: 'pred_var_per_dim' });
      const svg = figure.locator('> svg');
      await svg.scrollIntoViewIfNeeded();
      const box = (await svg.boundingBox())!;
      const point = (x: number, y: number) =>
        page.mouse.move(box.x + (x / 360) * box.width, box.y + (y / 178) * box.height);
      await point(330, 20);
      await shows(
        outputOf(figure),
        /^step \d+, horizon 6: about (3.9|4|4.1)e-5|^step \d+, horizon 6: about 0.00004/,
      );
      await point(330, 145);
      await shows(outputOf(figure), /^step \d+, horizon 1: about 0.3[0-9]?$/);
      const picture = () => svg.locator('image').getAttribute('href');
      const whole = await picture();
      await drag(page, svg, 0.5, 1);
      await expect.poll(picture).not.toBe(whole);
      expect(await page.locator('figure.heat image').first().getAttribute('href')).toMatch(
        /^data:image\/bmp/,
      );
    });
  });

  it('of spectra mark the curve of the step that is chosen', async () => {
    await visit(
      'spectra',
      {},
      async ({ page }) => {
        const figure = page.locator('figure.spectrum[data-role=target]');
        await shows(outputOf(figure), /^step 3000: one direction of 64 holds 50 %/);
        expect(await figure.locator('path.curve.chosen').getAttribute('data-step')).toBe('3000');
      },
      '#step=3000',
    );
  });

  it('of rows go through the steps at a slider, and follow the cursor', async () => {
    await visit('rows', {}, async ({ page }) => {
      const figure = page.locator('figure.moving');
      const dots = () => figure.locator('g.plot').innerHTML();
      await shows(figure.locator('figcaption b'), /^step 5000 \(the newest\): 75 %/);
      const newest = await dots();
      expect(await figure.locator('path.label-0, path.label-1, path.label-2').count()).toBe(6);
      const slider = page.getByRole('slider', { name: 'Step of the rows' });
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
      await shows(figure.locator('figcaption b'), /^step 4500: /);
      await shows(page.locator('.controls output'), /^step 4500$/);
      const svg = figureOf(page, 'kl_reg').locator('> svg');
      await svg.focus();
      await page.keyboard.press('Home');
      await shows(figure.locator('figcaption b'), /^step 0/);
      // A spiral that turns and shrinks no more is, turned back, where it was.
      const numbers = (text: string) => text.match(/\d+/g)!.map(Number);
      const [a, b] = [numbers(newest), numbers(await dots())];
      expect(a.length).toBe(b.length);
      expect(Math.max(...a.map((x, i) => Math.abs(x - b[i]!)))).toBeLessThanOrEqual(2);
      // The cosines of pairs are those of the same step; one step has none.
      const pairs = page.locator('figure.pairs[data-role=target]');
      await shows(pairs.locator('.said-of-pairs'), /^step 0: mean cosine 0\.83$/);
      await page.evaluate(`location.hash = '#step=500'`);
      await shows(pairs.locator('.said-of-pairs'), /^step 500: no pair$/);
      expect(await pairs.locator('image').count()).toBe(0);
      // One step is half as large as the others.
      await page.evaluate(`location.hash = '#step=2500'`);
      await shows(figure.locator('figcaption b'), /^step 2500: /);
      expect(await pairs.locator('image').count()).toBe(1);
      const size = async () => Number(await figure.locator('svg text').textContent());
      const most = await size();
      await page.getByRole('checkbox', { name: 'its own scale' }).check();
      expect(await size()).toBeCloseTo(most / 2, 1);
    });
  });
});
