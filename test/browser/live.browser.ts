import { expect, it } from 'vitest';
import { startExecutable } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';
import { type Condition, writeRun } from '../support/small-runs.js';
import { visitor } from './visitor.js';

const { at } = visitor([]);
const HEALTHY: Condition = {};
const DEAD: Condition = { target: 1e-3 };

it('the page of a watch grows while a writer writes, keeps what its reader chose, and says when it ended', async () => {
  const cwd = folder();
  writeRun(cwd, [HEALTHY, HEALTHY]);
  let said = '';
  const argv = ['watch', 'run', '--interval', '100ms', '--until', '800', '--serve'];
  const watching = startExecutable(argv, {
    cwd,
    onStderr: (text) => {
      said = text;
    },
  });
  await watching.printed('the page is at ', 'stderr');
  const address = /the page is at (\S+)/.exec(said)![1]!;
  await at(address, {}, async ({ page, requests, problems }) => {
    const rows = () => page.locator('table.steps tbody tr').count();
    const live = page.locator('.live');
    await expect.poll(() => live.textContent()).toMatch(/^Live/);
    await expect.poll(rows).toBe(2);
    // The reader looks closer.
    await page.getByRole('searchbox').fill('var_per_dim');
    const figure = page.locator('figure[data-metric~=target_var_per_dim]');
    await figure.locator('> svg').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => figure.locator('figcaption output').textContent()).toMatch(/^step 100: /);
    await figure.scrollIntoViewIfNeeded();
    const text = await page.locator('h1').textContent();
    writeRun(cwd, [HEALTHY, HEALTHY, HEALTHY, HEALTHY]);
    await expect.poll(rows).toBe(4);
    writeRun(cwd, [HEALTHY, HEALTHY, HEALTHY, HEALTHY, DEAD, DEAD, DEAD]);
    await expect.poll(rows).toBe(7);
    expect(await page.locator('h1').textContent()).not.toBe(text);
    expect(await page.title()).toMatch(/^alert/);
    expect(await page.locator('.diagnosis').textContent()).toContain('What to do:');
    expect(await page.locator('.controls').count()).toBe(1);
    expect(await page.getByRole('searchbox').inputValue()).toBe('var_per_dim');
    expect(await page.locator('figure[data-metric=kl_reg]').isVisible()).toBe(false);
    await expect.poll(() => figure.locator('figcaption output').textContent()).toMatch(/^step 100: /);
    const focused = () =>
      page.evaluate<string>(`document.activeElement.closest('figure')?.dataset.metric ?? ''`);
    await expect.poll(focused).toContain('target_var_per_dim');
    writeRun(cwd, [HEALTHY, HEALTHY, HEALTHY, HEALTHY, DEAD, DEAD, DEAD, DEAD]);
    await expect.poll(() => live.textContent()).toMatch(/^The watch has ended/);
    await expect.poll(rows).toBe(8);
    expect(problems).toEqual([]);
    for (const url of requests) expect(url.startsWith(address)).toBe(true);
  });
  expect((await watching.ended).code).toBe(1);
});

it('a page says when its watch is gone', async () => {
  const cwd = folder();
  writeRun(cwd, [HEALTHY]);
  let said = '';
  const { child, ...watching } = startExecutable(['watch', 'run', '--interval', '100ms', '--serve'], {
    cwd,
    onStderr: (text) => {
      said = text;
    },
  });
  await watching.printed('the page is at ', 'stderr');
  await at(/the page is at (\S+)/.exec(said)![1]!, {}, async ({ page }) => {
    await expect.poll(() => page.locator('.live').textContent()).toMatch(/^Live/);
    await expect.poll(() => page.locator('table.steps tbody tr').count()).toBe(1);
    child.kill('SIGKILL');
    await expect.poll(() => page.locator('.live').textContent()).toBe('No connection to the watch.');
    expect(await page.locator('table.steps tbody tr').count()).toBe(1);
  });
  await watching.ended;
});
