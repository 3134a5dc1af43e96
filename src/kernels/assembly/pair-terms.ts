import { JobField, MOST_OPEN } from '../constants';
import { field } from './job';
import { addProduct, subtractProduct, sumLanes, TO_WHOLE } from './vector';

/** 1/ln 2, and ln 2 in two parts: a whole number up to 2^20 times the first is exact. */
const PER_LN2: f64 = Math.LOG2E;
const LN2: f64 = 0.6931471803691238;
const LN2_REST: f64 = 1.9082149292705877e-10;
const EXPONENT_OF_ONE: i64 = 1023;
/** Entries between the lengths of the rows and their inverses. */
const ROOM: usize = 8;

/**
 * Takes of the pairs i < j of a tile of products or, where it is not of those, of squared distances what is wanted
 * beside distances: at `terms`, the least of each row. Returns Σ expm1(−2 a/(l_i l_j)), a = ‖x_i − x_j‖² − (l_i − l_j)²,
 * 0 where no lengths are given; pairs whose a has lost digits are left out, and written behind the rows' least: how many
 * there are as u32, and their rows 8 bytes further on.
 */
export function addPairTerms(
  tile: usize,
  isProducts: bool,
  i: u32,
  j: u32,
  tileRows: u32,
  tileCols: u32,
  terms: usize,
): f64 {
  const n = field(JobField.vectors);
  const norms = field(JobField.norms) as usize;
  const lengths = field(JobField.lengths) as usize;
  const inverses = lengths + ((n as usize) + ROOM) * 8;
  const open = terms + ((n as usize) + ROOM) * 8;
  const share = v128.load64_splat(field(JobField.trusted));
  const size = v128.load64_splat(field(JobField.trusted), 8);
  const none = f64x2.splat(Infinity);
  let sum = f64x2.splat(0);
  const endOfRows = min(n, i + tileRows);
  const endOfCols = min(n, j + tileCols);
  for (let row = i; row < endOfRows; row++, tile += (tileCols as usize) * 8) {
    const norm = v128.load64_splat(norms + ((row as usize) << 3));
    let least = none;
    let c = tile;
    for (let col = j; col < endOfCols; col += 2, c += 16) {
      if (col + 1 <= row) continue;
      const at = (col as usize) << 3;
      const both = f64x2.add(norm, v128.load(norms + at));
      const entry = v128.load(c);
      let squared = isProducts ? f64x2.sub(both, f64x2.add(entry, entry)) : entry;
      const counted = pairsAbove(row, col, n);
      const kept = v128.bitselect(squared, none, counted);
      least = f64x2.pmin(least, kept);
      v128.store(terms + at, f64x2.pmin(v128.load(terms + at), kept));
      if (lengths === 0) continue;
      const radial = f64x2.sub(v128.load64_splat(lengths + ((row as usize) << 3)), v128.load(lengths + at));
      squared = f64x2.sub(squared, f64x2.mul(radial, radial));
      const trusted = f64x2.ge(squared, f64x2.mul(share, f64x2.pmax(both, size)));
      const lost = v128.andnot(counted, trusted);
      if (v128.any_true(lost)) {
        if (i64x2.extract_lane(lost, 0) !== 0) leaveOpen(open, row, col);
        if (i64x2.extract_lane(lost, 1) !== 0) leaveOpen(open, row, col + 1);
      }
      const inverse = f64x2.mul(
        v128.load64_splat(inverses + ((row as usize) << 3)),
        v128.load(inverses + at),
      );
      const exponent = f64x2.mul(f64x2.mul(squared, f64x2.splat(-2)), inverse);
      sum = f64x2.add(sum, v128.and(expm1(exponent), v128.and(counted, trusted)));
    }
    const at = terms + ((row as usize) << 3);
    const ofRow = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
    if (ofRow < load<f64>(at)) store<f64>(at, ofRow);
  }
  return sumLanes(sum);
}

/** Finds which of the pairs (row, col) and (row, col + 1) are above the diagonal, and of rows that there are. */
function pairsAbove(row: u32, col: u32, n: u32): v128 {
  const first: i64 = row < col ? -1 : 0;
  const second: i64 = col + 1 < n ? -1 : 0;
  return i64x2.replace_lane(i64x2.splat(first), 1, second);
}

function leaveOpen(open: usize, row: u32, col: u32): void {
  const count = load<u32>(open);
  store<u32>(open, count + 1);
  if (count >= (MOST_OPEN as u32)) return;
  const at = open + 8 + ((count as usize) << 3);
  store<u32>(at, row);
  store<u32>(at, col, 4);
}

/** Computes e^x − 1, −700 < x ≤ 0, to about an ulp of what it adds: 2^n (e^r − 1) + (2^n − 1), r = x − n ln 2. */
function expm1(x: v128): v128 {
  const shifted = addProduct(x, f64x2.splat(PER_LN2), f64x2.splat(TO_WHOLE));
  const n = f64x2.sub(shifted, f64x2.splat(TO_WHOLE));
  const r = subtractProduct(n, f64x2.splat(LN2_REST), subtractProduct(n, f64x2.splat(LN2), x));
  // Σ r^k / k! up to k = 13: what is left out is 2^-55 of r at |r| = ln 2 / 2.
  let p = addProduct(r, f64x2.splat(1 / 6227020800.0), f64x2.splat(1 / 479001600.0));
  p = addProduct(r, p, f64x2.splat(1 / 39916800.0));
  p = addProduct(r, p, f64x2.splat(1 / 3628800.0));
  p = addProduct(r, p, f64x2.splat(1 / 362880.0));
  p = addProduct(r, p, f64x2.splat(1 / 40320.0));
  p = addProduct(r, p, f64x2.splat(1 / 5040.0));
  p = addProduct(r, p, f64x2.splat(1 / 720.0));
  p = addProduct(r, p, f64x2.splat(1 / 120.0));
  p = addProduct(r, p, f64x2.splat(1 / 24.0));
  p = addProduct(r, p, f64x2.splat(1 / 6.0));
  p = addProduct(r, p, f64x2.splat(0.5));
  p = addProduct(f64x2.mul(r, r), p, r);
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(EXPONENT_OF_ONE)), 52);
  return addProduct(power, p, f64x2.sub(power, f64x2.splat(1)));
}
