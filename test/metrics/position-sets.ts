import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { keepRows } from '#measure/load/load-mask.js';
import type { MetricId } from '#metrics/ids.js';
import type { BatchInput } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { rowPlaces } from '#numerics/positions/row-places.js';
import { readNpyArray } from './read-npy.js';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

export interface Expected {
  readonly description: string;
  readonly sample_axis: number;
  readonly metrics: Readonly<Partial<Record<MetricId, number | null>>>;
}

/** Every folder of fixtures/positions and fixtures/rows: one dropped in becomes a test. */
export const SETS = setsIn('positions');
export const ROW_SETS = setsIn('rows');

function setsIn(folder: string): string[] {
  return readdirSync(new URL(folder, FIXTURES))
    .sort()
    .map((name) => `${folder}/${name}`);
}

export function readSet(name: string): { input: BatchInput; expected: Expected } {
  const at = (file: string) => new URL(`${name}/${file}`, FIXTURES);
  const expected: Expected = JSON.parse(readFileSync(at('expected.json'), 'utf8'));
  const [prediction, target] = [readNpyArray(at('prediction.npy')), readNpyArray(at('target.npy'))];
  const sides = target.shape.slice(0, -1);
  const product = (some: readonly number[]) => some.reduce((all, side) => all * side, 1);
  const axis = expected.sample_axis;
  const piece = {
    from: 0,
    count: target.rows,
    inner: product(sides.slice(axis + 1)),
    samples: sides[axis]!,
    outer: product(sides.slice(0, axis)),
    firstSample: 0,
  };
  const places = sides.length === 1 ? null : rowPlaces([piece], sides.length - 1);
  const [label, group] = ['label.npy', 'group.npy'].map((file) =>
    existsSync(at(file)) ? readNpyArray(at(file)) : null,
  ) as [Matrix | null, Matrix | null];
  if (!existsSync(at('mask.npy'))) return { input: { prediction, target, places, label, group }, expected };
  const mask = readFileSync(at('mask.npy')).subarray(-target.rows);
  const kept = Uint32Array.from([...mask.keys()].filter((row) => mask[row] === 1));
  return {
    input: {
      prediction: keepRows(prediction, kept),
      target: keepRows(target, kept),
      places: places!.keep(kept),
      label: label === null ? null : keepRows(label, kept),
      group: group === null ? null : keepRows(group, kept),
    },
    expected,
  };
}
