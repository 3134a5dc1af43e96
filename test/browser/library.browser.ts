import { describe, expect, it } from 'vitest';
import type * as Library from '#index.js';
import { BUNDLERS } from '../library/browser-bundle.js';
import { type GoldenSet, readGolden, readPair } from '../metrics/golden-files.js';
import { folder } from '../support/run-folder.js';
import { visitor } from './visitor.js';

const { at } = visitor([]);
const SETS = ['normal_48x16_float32', 'normal_12x40_float64', 'column_offsets', 'correlated_64x64'];

describe.each(Object.entries(BUNDLERS))('the library, bundled by %s', (_name, bundle) => {
  it.each(SETS)('computes the seven metrics of %s', async (name) => {
    const { prediction, target } = readPair(`golden/${name}`);
    const { metrics: expected } = readGolden<GoldenSet>(`golden/${name}/expected.json`);
    const given = [prediction, target].map(({ data, rows, cols }) => ({
      values: [...data],
      isFloat32: data instanceof Float32Array,
      shape: [rows, cols],
    }));
    const { code } = await bundle(folder());
    await at('about:blank', {}, async ({ page, problems, requests }) => {
      await page.evaluate(code);
      const { metrics, compiled } = await page.evaluate((arrays) => {
        const { library } = globalThis as unknown as { readonly library: typeof Library };
        const scope = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } };
        const { Module } = scope.WebAssembly;
        let count = 0;
        scope.WebAssembly.Module = class extends Module {
          constructor(bytes: Uint8Array) {
            super(bytes);
            count += 1;
          }
        };
        const [p, t] = arrays.map(({ values, isFloat32, shape }) => ({
          data: isFloat32 ? Float32Array.from(values) : Float64Array.from(values),
          shape,
        }));
        const values = library.computeCollapseMetrics(p!, t!, { klReg: 'computed' });
        return { metrics: values as Readonly<Record<string, number>>, compiled: count };
      }, given);
      for (const [id, value] of Object.entries(expected)) {
        expect(Math.abs(metrics[id]! - value), id).toBeLessThanOrEqual(
          1e-12 * Math.max(Math.abs(value), 1e-2),
        );
      }
      expect(compiled).toBeGreaterThan(3);
      expect(problems).toEqual([]);
      expect(requests.filter((url) => url !== 'about:blank')).toEqual([]);
    });
  });
});
