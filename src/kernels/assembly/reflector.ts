import { addProduct, sumLanes } from './vector';

/** A column whose largest entry is below this is rounding of a matrix whose entries may be squared. */
const NEGLIGIBLE: f64 = 1e-300;
/** Between these no square that matters was lost, and none was too large. */
const LEAST_SQUARES: f64 = 1e-270;
const MOST_SQUARES: f64 = 1e300;

let reflected: f64 = 0;

/** Returns what the head of the vector that `reflect` took last becomes: ± its norm. The others become 0. */
export function head(): f64 {
  return reflected;
}

/**
 * Turns a vector of `n` float64, its head beside n − 1 others that begin at `tail`, into v of the Householder reflector
 * H = I − τ v vᵀ that leaves only the head, which is 1 in v. Returns τ: 0 where there is nothing but a head, and the
 * vector is then as it was.
 */
export function reflect(at: usize, tail: usize, n: u32): f64 {
  const first = load<f64>(at);
  reflected = first;
  const squares = sumOfSquares(tail, n - 1, 1);
  let norm = sqrt(squares + first * first);
  if (!(squares > LEAST_SQUARES && norm * norm < MOST_SQUARES)) {
    const others = largestOf(tail, n - 1);
    if (others < NEGLIGIBLE) return 0;
    const largest = max(others, abs(first));
    norm = largest * sqrt(sumOfSquares(min(at, tail), n, 1 / largest));
  }
  // The sign that adds cannot cancel.
  reflected = first > 0 ? -norm : norm;
  const beta = first - reflected;
  store<f64>(at, 1);
  scale(tail, n - 1, 1 / beta);
  return -beta / reflected;
}

function largestOf(x: usize, n: u32): f64 {
  let most = f64x2.splat(0);
  const even = x + ((n & ~1) as usize) * 8;
  for (; x < even; x += 16) most = f64x2.max(most, f64x2.abs(v128.load(x)));
  const largest = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
  return n & 1 ? max(largest, abs(load<f64>(x))) : largest;
}

/** Sums (x · unit)². */
function sumOfSquares(x: usize, n: u32, unit: f64): f64 {
  const units = f64x2.splat(unit);
  let p = f64x2.splat(0);
  let q = f64x2.splat(0);
  const bulk = x + ((n & ~3) as usize) * 8;
  for (; x < bulk; x += 32) {
    const s = f64x2.mul(v128.load(x), units);
    const t = f64x2.mul(v128.load(x, 16), units);
    p = addProduct(s, s, p);
    q = addProduct(t, t, q);
  }
  let sum = sumLanes(f64x2.add(p, q));
  for (let k: u32 = 0; k < (n & 3); k++, x += 8) {
    const t = load<f64>(x) * unit;
    sum += t * t;
  }
  return sum;
}

function scale(x: usize, n: u32, by: f64): void {
  const factors = f64x2.splat(by);
  const even = x + ((n & ~1) as usize) * 8;
  for (; x < even; x += 16) v128.store(x, f64x2.mul(v128.load(x), factors));
  if (n & 1) store<f64>(x, load<f64>(x) * by);
}
