import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitmap, levelsOf } from '#reporters/html/draw/bitmap.js';
import type { Chart } from '#reporters/html/draw/chart.js';
import { chartFrom, chartText, distances, jsonAttribute, sums } from '#reporters/html/draw/chart-text.js';
import { drawChart } from '#reporters/html/draw/draw-chart.js';
import { inView } from '#reporters/html/draw/paths.js';
import { pointsFrom, pointsText } from '#reporters/html/draw/points.js';
import { logTicks, roundTicks } from '#reporters/html/draw/ticks.js';
import { turned, turnOnto } from '#reporters/html/draw/turn.js';
import { lineThrough } from '#reporters/html/svg.js';

describe('ticks', () => {
  it('are round numbers', () => {
    expect(roundTicks(0.013, 0.33, 4)).toEqual([0.1, 0.2, 0.3]);
    expect(roundTicks(120, 98_000, 4)).toEqual([20_000, 40_000, 60_000, 80_000]);
    expect(roundTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(roundTicks(5, 5, 4)).toEqual([]);
    expect(roundTicks(-1e308, 1e308, 4)).toEqual([]);
    expect(logTicks(3e-5, 2, 5)).toEqual([0.0001, 0.001, 0.01, 0.1, 1]);
    expect(logTicks(0.3, 4, 5)).toEqual([0.5, 1, 2]);
  });

  it('lie within any range, ascending, not too many', () => {
    const number = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const ticks = roundTicks(low, high, 4);
        expect(ticks.length).toBeLessThanOrEqual(16);
        const room = (high / 2 - low / 2) * 1e-9;
        for (const [i, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(low - room);
          expect(tick).toBeLessThanOrEqual(high + room);
          if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!);
        }
      }),
    );
  });
});

describe('a chart', () => {
  const steps = [0, 100, 350, 400.5];
  const line = { name: 'a', kind: 'prediction', x: steps, y: [0.25, null, -1.5, 12_345] } as const;

  it('is read as it was written', () => {
    const bound = { name: 'b', kind: 'bound', x: [100, 400.5], y: [1, 2] } as const;
    const failing = [{ level: 'error', from: 50, to: 225, first: 100 }] as const;
    const text = chartText(
      [
        { line, of: 0 },
        { line: bound, of: 0 },
      ],
      failing,
      [steps],
    );
    expect(chartFrom(text, [steps])).toEqual({ lines: [line, bound], failing });
    expect(sums(distances(steps))).toEqual(steps);
  });

  it('ends no attribute, whatever it is of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const text = jsonAttribute(JSON.stringify({ name }));
        expect(text).not.toMatch(/[&<>'\u202e\u2066]|##\[/);
        expect(JSON.parse(text).name).toBe(name);
      }),
    );
  });

  it('has no NaN at any scale, and breaks where a value is missing', () => {
    const value = fc.option(fc.double({ min: -1e308, max: 1e308, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), fc.boolean(), (y, isLog) => {
        const chart: Chart = { lines: [{ name: 'a', kind: 'ok', x: [...y.keys()], y }], failing: [] };
        const drawn = drawChart(chart, {
          from: 0,
          to: y.length - 1,
          isLog: isLog && y.every((v) => v === null || v > 0),
          buckets: 9,
        });
        expect(drawn).not.toMatch(/NaN|Infinity|null|undefined/);
      }),
    );
    const drawn = drawChart(
      { lines: [line], failing: [] },
      { from: 0, to: 400.5, isLog: false, buckets: 60 },
    );
    expect(/stroke-width="1.5" d="([^"]*)"/.exec(drawn)?.[1]?.match(/M/g)).toHaveLength(2);
  });

  it('is cut where a part of the steps ends, on the line', () => {
    const whole = { name: 'a', kind: 'ok', x: [0, 10, 20, 30], y: [0, 10, 100, null] } as const;
    const view = { from: 5, to: 12, isLog: false, buckets: 60 };
    expect(inView(whole, view)).toEqual({ x: [5, 10, 12], y: [5, 10, 28] });
    expect(inView(whole, { ...view, from: 11, to: 19 })).toEqual({ x: [11, 19], y: [19, 91] });
    expect(inView(whole, { ...view, from: 0, to: 30 })).toEqual({ x: whole.x, y: whole.y });
    // Between the last value and none there is no line.
    expect(inView(whole, { ...view, from: 15, to: 25 })).toEqual({ x: [15, 20], y: [55, 100] });
  });
});

it('a picture is read as it was written, with rows of any length', () => {
  const level = fc.integer({ min: 0, max: 63 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(level, { minLength: 1, maxLength: 40 }),
      (width, all) => {
        const rows = Array.from({ length: Math.ceil(all.length / width) }, (_, i) =>
          Array.from({ length: width }, (_, k) => all[i * width + k] ?? 0),
        );
        expect(levelsOf(bitmap(rows))).toEqual(rows);
      },
    ),
  );
});

describe('points', () => {
  it('keep their places to a part in 32767', () => {
    const points = [1, -2, 0.5, 0, 2, 1.25];
    const again = pointsFrom(pointsText(points, 2), 2);
    for (const [i, x] of points.entries()) expect(Math.abs(again[i]! - x)).toBeLessThanOrEqual(1 / 32767);
    expect([...pointsFrom(pointsText([0, 0], 0), 0)]).toEqual([0, 0]);
  });

  // U Vᵀ of numpy.linalg.svd(B.T @ A), numpy 2.4.6.
  const onto = [0.001, 0.299, -0.274, -0.891, -0.455, -0.992, 0.06, 1.34, -0.492, -0.62, 0.49, 0.357];
  it.each([
    [
      'a turn',
      [-0.267, -0.17, 0.923, 0.156, 1.024, -0.024, -1.338, -0.568, 0.676, -0.201, -0.592, 0.311],
      [-0.42306734191593043, -0.906098242026873, 0.906098242026873, -0.4230673419159305],
    ],
    [
      'a reflection',
      [0.201, -0.237, -0.909, 0.478, -0.989, 0.471, 0.833, -1.01, -0.825, 0.117, 0.658, 0.002],
      [0.7654183728658014, 0.6435329940876916, 0.6435329940876916, -0.7654183728658014],
    ],
    [
      'what has nothing to do with it',
      [-0.033, 0.884, -0.584, -0.112, 0.11, 0.064, -1.225, 0.076, 1.359, -1.547, 0.859, 0.119],
      [0.41664973101824626, -0.9090671051371417, 0.9090671051371417, 0.4166497310182462],
    ],
  ])('are turned onto others as numpy does it: %s', (_, points, expected) => {
    const { a, b, c, d } = turnOnto(points, onto);
    for (const [i, x] of [a, b, c, d].entries()) expect(x).toBeCloseTo(expected[i]!, 12);
  });

  it('stay as they are where all are one, and come back from any turn or reflection', () => {
    expect(turnOnto([0, 0, 0, 0], [1, 2, 3, 4])).toEqual({ a: 1, b: 0, c: -0, d: 1 });
    const angle = fc.double({ min: -7, max: 7, noNaN: true });
    fc.assert(
      fc.property(angle, fc.boolean(), (by, flips) => {
        const [cos, sin] = [Math.cos(by), Math.sin(by)];
        const moved = turned(
          onto,
          flips ? { a: cos, b: sin, c: sin, d: -cos } : { a: cos, b: sin, c: -sin, d: cos },
        );
        const back = turned(moved, turnOnto(moved, onto));
        for (const [i, x] of onto.entries()) expect(back[i]).toBeCloseTo(x, 9);
      }),
    );
  });
});

describe('a line', () => {
  it('goes through its points, to a tenth, however they are written', () => {
    const place = fc.integer({ min: -5000, max: 5000 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 40 }), (points) => {
        const path = lineThrough(points);
        const numbers = (path.match(/-?(?:\d+\.\d+|\.\d+|\d+)/g) ?? []).map(Number);
        const [last] = points.slice(-1);
        const sum = (start: number) => numbers.reduce((all, x, i) => (i % 2 === start ? all + x : all), 0);
        if (points.length === 1) expect(path).toBe(`M${points[0]![0]} ${points[0]![1]}h0`);
        else {
          expect(numbers).toHaveLength(2 * points.length);
          expect(sum(0)).toBeCloseTo(last![0], 6);
          expect(sum(1)).toBeCloseTo(last![1], 6);
        }
      }),
    );
    expect(
      lineThrough([
        [1, 2],
        [1.5, 2.25],
        [1, 2],
      ]),
    ).toBe('M1 2l.5.3-.5-.3');
    expect(lineThrough([])).toBe('');
  });
});
