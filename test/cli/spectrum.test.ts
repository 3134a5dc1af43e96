import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StepRecord } from '#report/record.js';
import { collapse } from '../support/collapse.js';
import { folder, npy, step } from '../support/run-folder.js';
import { expectClose } from '../tolerances.js';

const recordsOf = (ndjson: string) =>
  ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'step') as StepRecord[];
const pageIn = (cwd: string, name = 'report.html') => readFileSync(join(cwd, name), 'utf8');
/** The steps whose spectra a page draws; those of the prediction and of the target are the same. */
function curvesIn(page: string): string[] {
  const [one, other] = ['prediction', 'target'].map((role) => {
    const plot =
      new RegExp(`<figure class="spectrum" data-role="${role}">.*?</figure>`, 's').exec(page)?.[0] ?? '';
    return [...plot.matchAll(/class="curve [^>]*data-step="(\d+)"/g)].map(([, step]) => step!);
  });
  expect(one).toEqual(other);
  return one!;
}

it('measure records spectra where they are asked for, and only there', async () => {
  const cwd = folder(step(100, 2));
  const [plain] = recordsOf((await collapse(['measure', '.'], { cwd })).stdout);
  expect(plain).not.toHaveProperty('spectra');
  const [record] = recordsOf((await collapse(['measure', '.', '--spectrum'], { cwd })).stdout);
  const { spectra, ...rest } = record!;
  expect(rest).toEqual(plain);
  // Both axes of a square hold half of the variance, whatever its size.
  expect(spectra?.ranks).toEqual([1, 2]);
  expect(spectra?.prediction).toEqual([0.5, 0.5]);
  expect(spectra?.target).toEqual([0.5, 0.5]);
  expectClose(spectra!.isotropic[0]! + spectra!.isotropic[1]!, 1, 'isotropic_share_sum');
});

it('a matrix whose rows are all the same has no spectrum, and one row has none', async () => {
  const same = npy([
    [1, 2],
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  const cwd = folder({ ...step(100, 1), 'step_000100/prediction.npy': same });
  const [record] = recordsOf((await collapse(['measure', '.', '--spectrum'], { cwd })).stdout);
  expect(Object.keys(record?.spectra ?? {})).toEqual(['ranks', 'target', 'isotropic']);
  const one = folder({ 'step_1/prediction.npy': npy([[1, 2]]), 'step_1/target.npy': npy([[1, 3]]) });
  const [alone] = recordsOf((await collapse(['measure', '.', '--spectrum'], { cwd: one })).stdout);
  expect(alone).not.toHaveProperty('spectra');
});

it('the page has them unless --no-spectrum, from records only where those hold them', async () => {
  const cwd = folder({ ...step(100, 1), ...step(200, 1) });
  const { stdout } = await collapse(['measure', '.', '--spectrum'], { cwd });
  await collapse(['report', '.'], { cwd });
  expect(curvesIn(pageIn(cwd))).toEqual(['100', '200']);
  await collapse(['report', '.', '--no-spectrum'], { cwd });
  expect(pageIn(cwd)).not.toContain('Spectrum');
  const records = folder({ 'with.ndjson': stdout, 'mixed.ndjson': withoutSecond(stdout) });
  await collapse(['report', 'with.ndjson'], { cwd: records });
  expect(curvesIn(pageIn(records))).toEqual(['100', '200']);
  // Spectra change no number, so records with and without them are of one kind.
  const { code } = await collapse(['report', 'mixed.ndjson'], { cwd: records });
  expect(code).toBe(0);
  expect(curvesIn(pageIn(records))).toEqual(['100']);
});

it('check passes them on to its page and its JSON', async () => {
  const cwd = folder(step(100, 1));
  const { stdout } = await collapse(['check', '.', '--spectrum', '--json', '-o', 'html=page.html'], { cwd });
  expect(JSON.parse(stdout).runs[0].steps[0].spectra.ranks).toEqual([1, 2]);
  expect(curvesIn(pageIn(cwd, 'page.html'))).toEqual(['100']);
});

it('a record whose shares are none is refused', async () => {
  const cwd = folder(step(100, 1));
  const { stdout } = await collapse(['measure', '.', '--spectrum'], { cwd });
  const records = folder({ 'bad.ndjson': stdout.replace('"prediction":[0.5', '"prediction":[5') });
  const { code, stderr } = await collapse(['gate', 'bad.ndjson'], { cwd: records });
  expect(code).toBe(3);
  expect(stderr).toContain('spectra.prediction.0');
});

function withoutSecond(ndjson: string): string {
  return ndjson
    .split('\n')
    .map((line) => {
      if (!line.includes('"step":200')) return line;
      const { spectra: _, ...rest } = JSON.parse(line);
      return JSON.stringify(rest);
    })
    .join('\n');
}
