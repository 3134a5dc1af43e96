import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { COLLAPSE_METRIC_IDS, computeCollapseMetrics } from '#index.js';
import { folder } from '../support/run-folder.js';
import { expectClose, familyOf } from '../tolerances.js';
import { BUNDLERS } from './browser-bundle.js';

const ROWS =
  'Array.from({ length: 40 }, (_, i) => Array.from({ length: 8 }, (_, j) => Math.sin((i + 1) ** 2 * (j + 1))))';

describe.each(Object.entries(BUNDLERS))('bundled for a browser by %s', (_name, bundle) => {
  it('asks for no module, and runs with WebAssembly where nothing of Node is', async () => {
    const { code, imports } = await bundle(folder());
    expect(imports).toEqual([]);
    expect(code).not.toContain('__vite-browser-external');
    const script = `
      let compiled = 0;
      const { Module } = WebAssembly;
      WebAssembly.Module = class extends Module { constructor(bytes) { super(bytes); compiled++; } };
      ${code}
      const rows = ${ROWS};
      const options = { klReg: 'computed' };
      const { METRIC_IDS, computeMetrics, createBatch, computeCollapseMetrics, CollapseMonitor } = library;
      const matrix = { data: Float64Array.from(rows.flat()), rows: 40, cols: 8 };
      JSON.stringify({
        seven: computeCollapseMetrics(rows, rows, options),
        sigreg: computeMetrics(createBatch({ prediction: matrix, target: matrix }), ['pred_sigreg']).metrics,
        observed: new CollapseMonitor().observe(rows, rows, { step: 500, ...options }).metrics,
        compiled,
      });
    `;
    const { seven, sigreg, observed, compiled } = JSON.parse(
      runInNewContext(script, { atob, console: { log() {} } }),
    );
    const rows = new Function(`return ${ROWS}`)() as number[][];
    const expected = computeCollapseMetrics(rows, rows, { klReg: 'computed' });
    for (const id of COLLAPSE_METRIC_IDS) expectClose(seven[id], expected[id], familyOf(id), id);
    expect(observed).toEqual(seven);
    expect(sigreg.pred_sigreg).toBeGreaterThan(0);
    expect(compiled).toBeGreaterThan(3);
  });

  it('runs without WebAssembly, where a page may not compile', async () => {
    const { code } = await bundle(folder());
    const script = `${code}; JSON.stringify(library.computeCollapseMetrics(${ROWS}, ${ROWS}, { klReg: 0 }))`;
    const metrics = JSON.parse(runInNewContext(script, { WebAssembly: undefined }));
    const rows = new Function(`return ${ROWS}`)() as number[][];
    const expected = computeCollapseMetrics(rows, rows, { klReg: 0 });
    for (const id of COLLAPSE_METRIC_IDS) expectClose(metrics[id], expected[id], familyOf(id), id);
  });
});
