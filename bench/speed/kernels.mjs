// Warm times of the kernels alone, bundled from the sources as they are.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleSources } from '../../scripts/build/sources.mjs';
import { median } from '../shared/median.mjs';

/** The kernels' modules, bundled into `folder`. */
export async function loadKernels(folder) {
  const modules = ['serial/serial', 'wasm/wasm-kernels'].map((name) => `src/kernels/${name}.ts`);
  await bundleSources(modules, { dir: folder, entryFileNames: '[name].mjs' });
  const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  return { ...(await load('serial')), ...(await load('wasm-kernels')) };
}

/** Median ms of `runs` calls after two that warm up; calls of the builds take turns. */
export function warmTimes(builds, call, runs) {
  const times = builds.map(() => []);
  for (let run = -2; run < runs; run++) {
    for (const [i, kernels] of builds.entries()) {
      const start = performance.now();
      call(kernels);
      if (run >= 0) times[i].push(performance.now() - start);
    }
  }
  return times.map(median);
}

/** Uniform values in [-1, 1]. */
export function uniformFloats(count) {
  const values = new Float32Array(count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = state / 2 ** 31;
  }
  return values;
}

/**
 * Gpd/s (1e9 pairs × dimensions a second) of the least warm time of each build, one thread, with the ceiling measured
 * between the runs and the share of it.
 */
export function sharesOfCeiling(builds, meters, rows, cols, runs) {
  const x = uniformFloats(rows * cols);
  const least = builds.map(() => Number.POSITIVE_INFINITY);
  let ceilings = {};
  for (let run = -2; run < runs; run++) {
    for (const [i, kernels] of builds.entries()) {
      ceilings = { narrow: meters.narrow(), wide: meters.wide?.() ?? Number.NaN };
      const start = performance.now();
      kernels.sumPairwiseDistances(x, rows, cols);
      if (run >= 0) least[i] = Math.min(least[i], performance.now() - start);
    }
  }
  return builds.map(({ name }, i) => {
    const rate = (rows * (rows - 1) * cols) / 2 / least[i] / 1e6;
    const ceiling = name === 'wasm-wide' ? ceilings.wide : ceilings.narrow;
    return { name, ms: least[i], rate, ceiling, share: rate / ceiling };
  });
}
