import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '#discovery/names/step-ref.js';
import type { RowRange } from '#formats/shared/define-format.js';
import { type HorizonInput, horizonAxis, MAX_HORIZONS } from '#measure/load/horizon-axis.js';
import type { LoadedPart } from '#measure/load/loaded-input.js';
import { inputErrorOf } from '../support/thrown.js';

interface Stored {
  readonly shape: readonly number[];
  readonly rows?: readonly RowRange[];
}

/** An input as it was loaded: its parts are told by their shapes alone, for no value matters here. */
function input(name: string, ...stored: readonly Stored[]): HorizonInput {
  const parts = stored.map(({ shape, rows }, shard): LoadedPart => {
    const whole = shape.slice(0, -1).reduce((product, side) => product * side, 1);
    const taken = rows?.reduce((sum, [start, end]) => sum + end - start, 0) ?? whole;
    const from = { path: `${name}.npy`, key: null, rows: rows ?? null, source: 'array' as const, shard };
    return { from, dtype: 'float32', shape, rows: taken, notes: [] };
  });
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return { parts, rows };
}

const roles = (prediction: HorizonInput, more: Partial<Record<Role, HorizonInput>> = {}) =>
  new Map<Role, HorizonInput>([
    ['prediction', prediction],
    ...(Object.entries(more) as [Role, HorizonInput][]),
  ]);

/** The index along `axis` of each row, by counting the axes up as an odometer does. */
function odometer(shape: readonly number[], axis: number): number[] {
  const leading = shape.slice(0, -1);
  const at = leading.map(() => 0);
  const total = leading.reduce((product, side) => product * side, 1);
  return Array.from({ length: total }, () => {
    const index = at[axis]!;
    for (let k = leading.length - 1; k >= 0; k--) {
      at[k] = at[k]! + 1;
      if (at[k]! < leading[k]!) break;
      at[k] = 0;
    }
    return index;
  });
}

describe('the rows of each horizon', () => {
  const shapes = fc
    .record({
      leading: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
      axis: fc.nat(3),
      fromEnd: fc.boolean(),
      shards: fc.integer({ min: 1, max: 3 }),
      keepsOneIn: fc.option(fc.integer({ min: 1, max: 7 })),
    })
    .map(({ leading, axis, ...rest }) => ({ ...rest, shape: [...leading, 3], axis: axis % leading.length }));

  it('are those whose index along the axis it is, in their order, after ranks and a mask', () => {
    fc.assert(
      fc.property(shapes, ({ shape, axis, fromEnd, shards, keepsOneIn }) => {
        const stored = Array.from({ length: shards }, () => ({ shape }));
        const prediction = input('p', ...stored);
        const indices = stored.flatMap(() => odometer(shape, axis));
        const rows = [...indices.keys()];
        const kept =
          keepsOneIn === null ? null : Uint32Array.from(rows.filter((row) => row % keepsOneIn === 0));
        const asked = fromEnd ? axis - shape.length : axis;
        const found = horizonAxis(asked, roles(prediction, { target: input('t', ...stored) }), kept);
        expect(found).toMatchObject({ axis, size: shape[axis] });
        const ofMasked = kept === null ? indices : Array.from(kept, (row) => indices[row]!);
        for (const { number, rows } of found.horizons) {
          const expected = [...ofMasked.keys()].filter((row) => ofMasked[row] === number - 1);
          expect(Array.from(rows)).toEqual(expected);
        }
        expect(found.horizons.map(({ number }) => number)).toEqual(
          Array.from({ length: shape[axis]! }, (_, i) => i + 1),
        );
      }),
    );
  });

  it('of a step that has some rows of its file', () => {
    const rows: RowRange[] = [
      [2, 4],
      [6, 8],
    ];
    const { horizons } = horizonAxis(1, roles(input('p', { shape: [4, 2, 3], rows })), null);
    expect(horizons.map((horizon) => Array.from(horizon.rows))).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it.each([MAX_HORIZONS, MAX_HORIZONS + 1, 1000, 12_345])(
    '%i horizons: few enough, the first and the last among them',
    (size) => {
      const { horizons } = horizonAxis(1, roles(input('p', { shape: [2, size, 3] })), null);
      expect(horizons.length).toBeLessThanOrEqual(MAX_HORIZONS + 1);
      expect(horizons.length).toBeGreaterThanOrEqual(MAX_HORIZONS / 2);
      expect([horizons[0]!.number, horizons.at(-1)!.number]).toEqual([1, size]);
      for (const { number, rows } of horizons)
        expect(Array.from(rows)).toEqual([number - 1, size + number - 1]);
    },
  );
});

describe('what is refused, with the file and its shape', () => {
  const three = input('p', { shape: [4, 8, 3] });

  it.each([
    [2, three, /'p\.npy' is \[4, 8, 3\]: axis 2 is its dimensions/],
    [3, three, /it has no axis 3/],
    [-4, three, /it has no axis -4/],
    [0, input('p', { shape: [32, 3] }), /'p\.npy' is \[32, 3\]: it has no axis beside/],
  ])('axis %i', (axis, prediction, message) => {
    const error = inputErrorOf(() => horizonAxis(axis, roles(prediction), null));
    expect([error.code, error.path]).toEqual(['E228', 'p.npy']);
    expect(error.message).toMatch(message);
  });

  it.each([[[8, 4, 3]], [[2, 16, 3]]])('a target of %j beside a prediction of [4, 8, 3]', (shape) => {
    const target = input('t', { shape });
    const error = inputErrorOf(() => horizonAxis(1, roles(three, { target }), null));
    expect([error.code, error.path]).toEqual(['E214', 't.npy']);
    expect(error.message).toContain(`'p.npy' is [4, 8, 3], 't.npy' is [${shape.join(', ')}]`);
  });

  it('a target without the axis, and ranks of different horizons', () => {
    const flat = input('t', { shape: [32, 3] });
    expect(inputErrorOf(() => horizonAxis(1, roles(three, { target: flat }), null)).code).toBe('E228');
    const shards = input('p', { shape: [4, 8, 3] }, { shape: [4, 7, 3] });
    expect(inputErrorOf(() => horizonAxis(1, roles(shards), null)).code).toBe('E214');
  });
});
