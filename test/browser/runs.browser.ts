import { describe, expect, it } from 'vitest';
import { visitor } from './visitor.js';

const { sample: visit } = visitor(['twelve-runs', 'several-runs']);

describe('twelve runs', () => {
  it('lie over one another: the pointer names a line, a click keeps it in all charts', async () => {
    await visit('twelve-runs', {}, async ({ page, problems }) => {
      const figure = page.locator('figure.runs').first();
      const svg = figure.locator('> svg');
      expect(await svg.locator('path[data-run]').count()).toBe(12);
      expect(await svg.locator('path.alert').count()).toBe(4);
      // A run that collapses is alone at the foot.
      const box = (await svg.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.94, box.y + (box.height * 150) / 178);
      await expect
        .poll(() => figure.locator('output').textContent())
        .toMatch(/^runs\/lr-\d+, step 2000: 0.0004/);
      const name = (await figure.locator('output').textContent())!.split(',')[0]!;
      await page.mouse.down();
      await page.mouse.up();
      await page.mouse.move(5, 5);
      const kept = page.locator('figure.runs').nth(1).locator('path.kept');
      await expect.poll(() => kept.count()).toBe(1);
      const button = page.getByRole('button', { name: `Keep the lines of ${name}`, exact: true });
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      await button.click();
      await expect.poll(() => kept.count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });

  it('are gone through by keys', async () => {
    await visit('twelve-runs', {}, async ({ page }) => {
      const figure = page.locator('figure.runs').first();
      await figure.locator('> svg').focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => figure.locator('path.pointed').getAttribute('data-run')).toBe('1');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect.poll(() => figure.locator('path.kept').getAttribute('data-run')).toBe('2');
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => figure.locator('path.pointed').getAttribute('data-run')).toBe('1');
    });
  });

  it('are in a table, worst first, whose rows mark their lines and lead to what is folded', async () => {
    await visit('twelve-runs', {}, async ({ page }) => {
      const rows = page.locator('table.runs tbody tr');
      const verdicts = await rows.locator('td:nth-child(2)').allTextContents();
      expect(verdicts.slice(0, 4)).toEqual(['alert', 'alert', 'alert', 'alert']);
      await rows.nth(2).hover();
      await expect
        .poll(() => page.locator('figure.runs').first().locator('path.pointed').getAttribute('data-run'))
        .toBe('3');
      expect(await page.locator('details.run[open]').count()).toBe(0);
      await rows.nth(5).getByRole('link').click();
      await expect.poll(() => page.locator('details.run[open] section').getAttribute('id')).toBe('run-6');
      await page.locator('table.runs thead button', { hasText: 'run' }).first().click();
      expect(await rows.first().locator('bdi').textContent()).toBe('runs/lr-0');
      expect(await rows.nth(2).locator('bdi').textContent()).toBe('runs/lr-2');
    });
  });
});

it('an address leads to a run and a step', async () => {
  await visit(
    'several-runs',
    {},
    async ({ page, requests }) => {
      const section = page.locator('section#run-3');
      await expect.poll(() => section.isVisible()).toBe(true);
      expect(await section.locator('h2 bdi').textContent()).toBe('runs/a');
      await expect
        .poll(() => section.locator('figure[data-metric=kl_reg] output').textContent())
        .toMatch(/^step 1000: /);
      await page.getByRole('link', { name: 'runs/b' }).click();
      await expect.poll(() => page.locator('section#run-1').isVisible()).toBe(true);
      expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    },
    '#run-3&step=1000',
  );
});
