import { describe, expect, it } from 'vitest';
import { formatError } from '#reporters/terminal/error-block.js';
import { table } from '#reporters/terminal/table.js';
import type { RenderOptions } from '#reporters/view/define-reporter.js';
import { SAMPLES, type SampleName } from './sample-reports.js';

const PLAIN = { color: false, ascii: false, quiet: false, verbose: false, now: 0 };
const names = Object.keys(SAMPLES) as SampleName[];

/** Committed pictures of the table: look at every change of one before it is accepted with `vitest -u`. */
async function expectFrame(name: SampleName, suffix: string, options: RenderOptions): Promise<void> {
  await expect(table(SAMPLES[name], options)).toMatchFileSnapshot(`frames/${name}.${suffix}.txt`);
}

describe('the table', () => {
  for (const name of names) {
    it.each([60, 80, 120, 200])(`of ${name} at %i columns`, async (width) => {
      await expectFrame(name, String(width), { ...PLAIN, width });
    });
    it(`of ${name} in colour`, async () => {
      await expectFrame(name, '100.color', { ...PLAIN, width: 100, color: true });
    });
    it(`of ${name} in ASCII`, async () => {
      await expectFrame(name, '100.ascii', { ...PLAIN, width: 100, ascii: true });
    });
  }

  // What a terminal shows: the messages of stderr, then the table.
  for (const name of ['healthy', 'alerting', 'erroneous'] as const) {
    it.each([60, 80, 120, 200])(`of ${name} on a terminal of %i columns`, async (width) => {
      const screen = { ...PLAIN, width, color: true, isTTY: true };
      const errors = SAMPLES[name].report.errors.map((error) => `${formatError(error, screen)}\n`);
      const frame = errors.join('') + table(SAMPLES[name], screen);
      await expect(frame).toMatchFileSnapshot(`frames/${name}.${width}.terminal.txt`);
    });
  }

  it.each(['alerting', 'several-runs'] as const)('of %s, quiet', async (name) => {
    await expectFrame(name, '80.quiet', { ...PLAIN, width: 80, quiet: true });
  });

  it.each(['alerting', 'many-metrics', 'erroneous'] as const)('of %s, verbose', async (name) => {
    await expectFrame(name, '120.verbose', { ...PLAIN, width: 120, verbose: true });
  });
});
