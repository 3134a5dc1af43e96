/** Points of a plane: x and y of each in turn. */
export type Points = ArrayLike<number>;

/** A turn of the plane, or a turn and a reflection: [x, y] becomes [a x + c y, b x + d y]. */
export interface Turn {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** Finds the orthogonal map that brings `points` nearest to `onto`, the same points, by least squares (Procrustes). */
export function turnOnto(points: Points, onto: Points): Turn {
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let i = 0; i < points.length; i += 2) {
    xx += points[i]! * onto[i]!;
    xy += points[i]! * onto[i + 1]!;
    yx += points[i + 1]! * onto[i]!;
    yy += points[i + 1]! * onto[i + 1]!;
  }
  // Of both kinds of map the best is at an angle, and what it gains the length of a vector.
  if (Math.hypot(xx + yy, xy - yx) >= Math.hypot(xx - yy, xy + yx)) {
    const angle = Math.atan2(xy - yx, xx + yy);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return { a: cos, b: sin, c: -sin, d: cos };
  }
  const angle = Math.atan2(xy + yx, xx - yy);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { a: cos, b: sin, c: sin, d: -cos };
}

export function turned(points: Points, { a, b, c, d }: Turn): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < out.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    out[i] = a * x + c * y;
    out[i + 1] = b * x + d * y;
  }
  return out;
}
