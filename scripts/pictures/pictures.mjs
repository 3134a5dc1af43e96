// Writes docs/pictures/: the table that the README's first command prints, and the page of `collapse report` in Chromium,
// each in light and dark. Needs a build, and a Chromium as .ci/browser does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { bundleSources } from '../build/sources.mjs';

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const collapse = (...argv) =>
  spawnSync(process.execPath, ['bin/collapse.js', ...argv], { encoding: 'utf8' }).stdout;
try {
  const module = join(folder, 'terminal-svg.mjs');
  await bundleSources('scripts/pictures/terminal-svg.ts', { file: module });
  const { terminalSvg, THEMES } = await import(pathToFileURL(module).href);
  const table = collapse('check', 'fixtures/runs/frozen_shuffled_1', '--width', '80', '--color', 'always');
  for (const [name, theme] of Object.entries(THEMES)) {
    writeFileSync(`docs/pictures/table-${name}.svg`, terminalSvg(table, 80, theme));
  }
  const page = join(folder, 'report.html');
  collapse('report', 'fixtures/runs', '--output', page);
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  for (const colorScheme of Object.keys(THEMES)) {
    const path = `docs/pictures/page-${colorScheme}.png`;
    const visitor = await browser.newPage({ viewport: { width: 1100, height: 945 }, colorScheme });
    await visitor.goto(pathToFileURL(page).href);
    await visitor.screenshot({ path });
    if (statSync(path).size > 150_000) throw new Error(`${path} is larger than 150 kB`);
  }
  await browser.close();
} finally {
  rmSync(folder, { recursive: true });
}
