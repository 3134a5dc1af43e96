import { JobField } from '../constants';
import { field, scratchOf } from './job';
import { sineAndCosine } from './phase-sums';
import { addProduct, dot, subtractProduct } from './vector';

/** Normals that are drawn at a time to be projected on: they stay in the first-level cache. */
const PIECE: u32 = 1024;
/** Bits of √½ nearly, of 1, and those of an exponent. */
const ROOT_HALF: i64 = 0x3fe6a09e00000000;
const ONE: i64 = 0x3ff0000000000000;
const EXPONENT: i64 = -0x10000000000000;
/** Bits of 2^52: a whole number in the lowest bits is added to it. */
const LARGE: i64 = 0x4330000000000000;

/** Counts the bytes that a thread needs for itself to draw and project. */
export function normalScratchBytes(): usize {
  return ((PIECE as usize) + 16) * 8;
}

/**
 * Writes normals in groups of four from `out` on, after room for four float64, of which `count` are those from number
 * `from` on; returns where these begin. `src/kernels/normals.ts` says what they are.
 */
export function fillNormals(out: usize, count: u32, seed: u32, from: f64): usize {
  const half = f64x2.splat(0.5);
  const unit = f64x2.splat(1 / 4294967296.0);
  let block = (from as u64) >> 2;
  const skipped = ((from as u64) & 3) as usize;
  const first = out + 32;
  const end = first + (skipped + (count as usize)) * 8;
  for (let at = first; at < end; at += 32, block++) {
    let c0 = block as u32;
    let c1 = (block >> 32) as u32;
    let c2: u32 = 0;
    let c3: u32 = 0;
    let k0 = seed;
    let k1: u32 = 0;
    for (let round = 0; round < 10; round++) {
      const p = (0xd2511f53 as u64) * (c0 as u64);
      const q = (0xcd9e8d57 as u64) * (c2 as u64);
      c0 = ((q >> 32) as u32) ^ c1 ^ k0;
      c1 = q as u32;
      c2 = ((p >> 32) as u32) ^ c3 ^ k1;
      c3 = p as u32;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    const u = f64x2.replace_lane(f64x2.splat(c0 as f64), 1, c2 as f64);
    const v = f64x2.replace_lane(f64x2.splat(c1 as f64), 1, c3 as f64);
    const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2), logarithm(f64x2.mul(f64x2.add(u, half), unit))));
    sineAndCosine(f64x2.mul(f64x2.mul(f64x2.add(v, half), unit), f64x2.splat(2 * Math.PI)), out);
    const cosine = f64x2.mul(radius, v128.load(out));
    const sine = f64x2.mul(radius, v128.load(out, 16));
    v128.store(at, i64x2.shuffle(cosine, sine, 0, 2));
    v128.store(at, i64x2.shuffle(cosine, sine, 1, 3), 16);
  }
  return first + skipped * 8;
}

/** Computes ln u of normal u > 0 as fdlibm does: u = 2^k (1 + f) with 1 + f between √½ and √2. */
function logarithm(u: v128): v128 {
  const shifted = i64x2.add(i64x2.sub(u, i64x2.splat(ROOT_HALF)), i64x2.splat(ONE));
  const biased = v128.or(i64x2.shr_u(shifted, 52), i64x2.splat(LARGE));
  const k = f64x2.sub(biased, f64x2.splat(4503599627370496.0 + 1023));
  const near1 = i64x2.add(i64x2.sub(u, v128.and(shifted, i64x2.splat(EXPONENT))), i64x2.splat(ONE));
  const f = f64x2.sub(near1, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)));
  const z = f64x2.mul(s, s);
  let p = addProduct(z, f64x2.splat(0.14798198605116586), f64x2.splat(0.15313837699209373));
  p = addProduct(z, p, f64x2.splat(0.1818357216161805));
  p = addProduct(z, p, f64x2.splat(0.22222198432149784));
  p = addProduct(z, p, f64x2.splat(0.2857142874366239));
  p = addProduct(z, p, f64x2.splat(0.3999999999940942));
  p = addProduct(z, p, f64x2.splat(0.6666666666666735));
  const square = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const rest = addProduct(s, addProduct(z, p, square), f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  return addProduct(
    k,
    f64x2.splat(0.6931471803691238),
    subtractProduct(f64x2.splat(1), f64x2.sub(square, rest), f),
  );
}

/** Adds to the sums of vector `task` its products with the piece of all rows that is there, and its own square. */
export function addNormalProjections(task: u32, thread: u32): void {
  const rows = field(JobField.vectors);
  const length = field(JobField.length);
  const scale = field(JobField.scale) as usize;
  const from = load<f64>(scale) + (task as f64) * load<f64>(scale, 8);
  const seed = load<f64>(scale, 16) as u32;
  const scratch = scratchOf(thread);
  const sums = (field(JobField.output) as usize) + (task as usize) * ((rows as usize) + 1) * 8;
  for (let first: u32 = 0; first < length; first += PIECE) {
    const count = min<u32>(PIECE, length - first);
    const drawn = fillNormals(scratch, count, seed, from + (first as f64));
    let x = (field(JobField.left) as usize) + (first as usize) * 8;
    let to = sums;
    for (let row: u32 = 0; row < rows; row++, to += 8, x += (length as usize) * 8) {
      store<f64>(to, load<f64>(to) + dot(drawn, x, count));
    }
    store<f64>(to, load<f64>(to) + dot(drawn, drawn, count));
  }
}
