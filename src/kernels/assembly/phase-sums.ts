import { addProduct, subtractProduct, TO_WHOLE } from './vector';

/** π/2 in three parts: a whole number up to 2^25 times either of the first two is exact. */
const FIRST: f64 = 1.570796325802803;
const SECOND: f64 = 9.920935739593517e-10;
const THIRD: f64 = 5.721188726109832e-18;

/** Bytes of the sums of two directions. */
const SUMS_BYTES: usize = 512;

/**
 * Adds to the sums of each two columns, which follow each other from `sums` on, what `rows` angles of either contribute:
 * for each k = 1 … 8 beside each other Σ cos kθ, Σ sin kθ, Σ cos 8θ cos kθ and Σ cos 8θ sin kθ, negative where k is 2,
 * 3, 6 or 7. An odd number of rows is rounded up by one of angle 0.
 *
 * θ is the first float64 at `scale` times an entry of the block of tiles at `tiles`, which are `width` beside each other.
 * An entry past the second float64 at `scale`, or NaN, makes its sums NaN; |θ| may be 2^25 at most. `work` has room for
 * four float64 a row and four more.
 */
export function addPhases(
  tiles: usize,
  rows: u32,
  tileRows: u32,
  tileCols: u32,
  width: u32,
  scale: usize,
  work: usize,
  sums: usize,
): void {
  const rowBytes = (tileCols as usize) * 8;
  const tileBytes = (tileRows as usize) * rowBytes;
  for (let q: u32 = 0; q < width; q++, tiles += tileBytes) {
    for (let o: usize = 0; o < rowBytes; o += 16, sums += SUMS_BYTES) {
      const end = takeAngles(tiles + o, rows, tileRows, rowBytes, width * tileBytes, scale, work);
      for (let at = work; at < end; at += 64) addMultiples(at, sums);
    }
  }
}

/** Writes cos θ and sin θ of two columns, row by row from `to` on; returns where they end. */
function takeAngles(
  c: usize,
  rows: u32,
  tileRows: u32,
  rowBytes: usize,
  panelBytes: usize,
  scale: usize,
  to: usize,
): usize {
  const step = v128.load64_splat(scale);
  const limit = v128.load64_splat(scale, 8);
  for (let r: u32 = 0; r < rows; r += tileRows, c += panelBytes) {
    const end = c + (min(tileRows, rows - r) as usize) * rowBytes;
    for (let at = c; at < end; at += rowBytes, to += 32) {
      const s = v128.load(at);
      const within = f64x2.le(f64x2.abs(s), limit);
      sineAndCosine(v128.or(f64x2.mul(s, step), v128.not(within)), to);
    }
  }
  if (!(rows & 1)) return to;
  v128.store(to, f64x2.splat(1));
  v128.store(to, f64x2.splat(0), 16);
  return to + 32;
}

/** Writes cos θ and sin θ: θ less the nearest multiple of π/2, and the polynomials of fdlibm. */
export function sineAndCosine(theta: v128, to: usize): void {
  const shifted = addProduct(theta, f64x2.splat(0.6366197723675814), f64x2.splat(TO_WHOLE));
  const n = f64x2.sub(shifted, f64x2.splat(TO_WHOLE));
  let r = subtractProduct(n, f64x2.splat(FIRST), theta);
  r = subtractProduct(n, f64x2.splat(SECOND), r);
  r = subtractProduct(n, f64x2.splat(THIRD), r);
  const z = f64x2.mul(r, r);
  let p = addProduct(z, f64x2.splat(1.58969099521155e-10), f64x2.splat(-2.5050760253406863e-8));
  p = addProduct(z, p, f64x2.splat(2.7557313707070068e-6));
  p = addProduct(z, p, f64x2.splat(-0.0001984126982985795));
  p = addProduct(z, p, f64x2.splat(0.00833333333332249));
  p = addProduct(z, p, f64x2.splat(-0.16666666666666632));
  const sine = addProduct(f64x2.mul(z, r), p, r);
  let q = addProduct(z, f64x2.splat(-1.1359647557788195e-11), f64x2.splat(2.087572321298175e-9));
  q = addProduct(z, q, f64x2.splat(-2.7557314351390663e-7));
  q = addProduct(z, q, f64x2.splat(2.480158728947673e-5));
  q = addProduct(z, q, f64x2.splat(-0.001388888888887411));
  q = addProduct(z, q, f64x2.splat(0.0416666666666666));
  q = addProduct(z, q, f64x2.splat(-0.5));
  const cosine = addProduct(z, q, f64x2.splat(1));
  const odd = i64x2.neg(v128.and(shifted, i64x2.splat(1)));
  const sineSign = i64x2.shl(v128.and(shifted, i64x2.splat(2)), 62);
  const cosineSign = i64x2.shl(v128.and(i64x2.add(shifted, i64x2.splat(1)), i64x2.splat(2)), 62);
  v128.store(to, v128.xor(v128.bitselect(sine, cosine, odd), cosineSign));
  v128.store(to, v128.xor(v128.bitselect(cosine, sine, odd), sineSign), 16);
}

/**
 * Adds two pairs of angles. Each multiple follows from the two before: w_k = 2 cos θ w_{k−1} − w_{k−2}. With the signs
 * + − − + in turn both terms are added or both subtracted, so that a fused product does it.
 */
function addMultiples(at: usize, sums: usize): void {
  const one = f64x2.splat(1);
  let a = v128.load(at);
  let b = v128.load(at, 32);
  let aSine = v128.load(at, 16);
  let bSine = v128.load(at, 48);
  const aTwice = f64x2.add(a, a);
  const bTwice = f64x2.add(b, b);
  const a8 = doubled(doubled(doubled(a)));
  const b8 = doubled(doubled(doubled(b)));
  let aBefore = one;
  let bBefore = one;
  let aSineBefore = f64x2.splat(0);
  let bSineBefore = aSineBefore;
  for (const end = sums + 512; sums < end; sums += 128) {
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.add(a, b)));
    v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.add(aSine, bSine)), 16);
    v128.store(sums, addProduct(a8, a, addProduct(b8, b, v128.load(sums, 32))), 32);
    v128.store(sums, addProduct(a8, aSine, addProduct(b8, bSine, v128.load(sums, 48))), 48);
    aBefore = subtractProduct(aTwice, a, aBefore);
    bBefore = subtractProduct(bTwice, b, bBefore);
    aSineBefore = subtractProduct(aTwice, aSine, aSineBefore);
    bSineBefore = subtractProduct(bTwice, bSine, bSineBefore);
    v128.store(sums, f64x2.add(v128.load(sums, 64), f64x2.add(aBefore, bBefore)), 64);
    v128.store(sums, f64x2.add(v128.load(sums, 80), f64x2.add(aSineBefore, bSineBefore)), 80);
    v128.store(sums, addProduct(a8, aBefore, addProduct(b8, bBefore, v128.load(sums, 96))), 96);
    v128.store(sums, addProduct(a8, aSineBefore, addProduct(b8, bSineBefore, v128.load(sums, 112))), 112);
    a = addProduct(aTwice, aBefore, a);
    b = addProduct(bTwice, bBefore, b);
    aSine = addProduct(aTwice, aSineBefore, aSine);
    bSine = addProduct(bTwice, bSineBefore, bSine);
  }
}

/** Returns cos 2θ for cos θ. */
function doubled(cosine: v128): v128 {
  return addProduct(f64x2.add(cosine, cosine), cosine, f64x2.splat(-1));
}
