import { SLAB } from '../constants';
import { LEFT_STEP, TILE_COLS, TILE_ROW, TILE_ROWS } from './tiles';
import { sumLanes } from './vector';

/**
 * Left panels hold TILE_ROWS vectors side by side, entry by entry, cut into slabs of SLAB entries; the panels of one
 * slab follow each other. What stands beside the last vector is never read into a result.
 */
export function panelCount(vectors: u32): u32 {
  return (vectors + TILE_ROWS - 1) / TILE_ROWS;
}

/** Finds slab `from` (a multiple of SLAB) of left panel `panel`; `depth` entries are in this slab. */
export function leftPanel(left: usize, panels: u32, panel: u32, from: u32, depth: u32): usize {
  const entries = from * panels + panel * depth;
  return left + (entries as usize) * LEFT_STEP;
}

function read(x: usize, index: u32, bytes: u32): f64 {
  return bytes === 4
    ? (load<f32>(x + ((index as usize) << 2)) as f64)
    : load<f64>(x + ((index as usize) << 3));
}

function readPair(x: usize, index: u32, bytes: u32): v128 {
  return bytes === 4
    ? f64x2.promote_low_f32x4(v128.load64_zero(x + ((index as usize) << 2)))
    : v128.load(x + ((index as usize) << 3));
}

/**
 * Packs `count` rows of `x` [count, cols], elements of `bytes` bytes, as vectors `first …`, each entry less its
 * column's mean and that less its residual. `first` is a multiple of TILE_ROWS. Squared norms go to `norms`.
 */
export function packRows(
  x: usize,
  bytes: u32,
  first: u32,
  count: u32,
  vectors: u32,
  cols: u32,
  mean: usize,
  residual: usize,
  left: usize,
  norms: usize,
): void {
  const panels = panelCount(vectors);
  memory.fill(norms + ((first as usize) << 3), 0, (count as usize) << 3);
  for (let row: u32 = 0; row < count; ) {
    const vector = first + row;
    const lane = vector % TILE_ROWS;
    const paired = row + 1 < count && lane + 1 < TILE_ROWS;
    const squares = norms + ((vector as usize) << 3);
    for (let from: u32 = 0; from < cols; from += SLAB) {
      const depth = min<u32>(SLAB, cols - from);
      const to = leftPanel(left, panels, vector / TILE_ROWS, from, depth) + (lane as usize) * 8;
      const o = (from as usize) << 3;
      const source = row * cols + from;
      if (paired) packPair(x, bytes, source, source + cols, depth, mean + o, residual + o, to, squares);
      else packOne(x, bytes, source, depth, mean + o, residual + o, to, squares);
    }
    row += paired ? 2 : 1;
  }
}

/** Packs two rows of one slab side by side, beginning with entries `upper` and `lower`; adds to their squared norms. */
function packPair(
  x: usize,
  bytes: u32,
  upper: u32,
  lower: u32,
  depth: u32,
  mean: usize,
  residual: usize,
  to: usize,
  squares: usize,
): void {
  // A copy: the sizes of a tile are read from memory at each use.
  const step = LEFT_STEP;
  let p = f64x2.splat(0);
  let q = f64x2.splat(0);
  let k: u32 = 0;
  for (; k + 2 <= depth; k += 2, mean += 16, residual += 16, to += 2 * step) {
    const m = v128.load(mean);
    const r = v128.load(residual);
    const v = f64x2.sub(f64x2.sub(readPair(x, upper + k, bytes), m), r);
    const w = f64x2.sub(f64x2.sub(readPair(x, lower + k, bytes), m), r);
    v128.store(to, v128.shuffle<i64>(v, w, 0, 2));
    v128.store(to + step, v128.shuffle<i64>(v, w, 1, 3));
    p = f64x2.add(p, f64x2.mul(v, v));
    q = f64x2.add(q, f64x2.mul(w, w));
  }
  let s = sumLanes(p);
  let t = sumLanes(q);
  if (k < depth) {
    const v = read(x, upper + k, bytes) - load<f64>(mean) - load<f64>(residual);
    const w = read(x, lower + k, bytes) - load<f64>(mean) - load<f64>(residual);
    store<f64>(to, v);
    store<f64>(to, w, 8);
    s += v * v;
    t += w * w;
  }
  store<f64>(squares, load<f64>(squares) + s);
  store<f64>(squares, load<f64>(squares, 8) + t, 8);
}

/** Packs one row in the same way. */
function packOne(
  x: usize,
  bytes: u32,
  source: u32,
  depth: u32,
  mean: usize,
  residual: usize,
  to: usize,
  squares: usize,
): void {
  const step = LEFT_STEP;
  let p = f64x2.splat(0);
  let k: u32 = 0;
  for (; k + 2 <= depth; k += 2, mean += 16, residual += 16, to += 2 * step) {
    const v = f64x2.sub(f64x2.sub(readPair(x, source + k, bytes), v128.load(mean)), v128.load(residual));
    v128.store64_lane(to, v, 0);
    v128.store64_lane(to + step, v, 1);
    p = f64x2.add(p, f64x2.mul(v, v));
  }
  let s = sumLanes(p);
  if (k < depth) {
    const v = read(x, source + k, bytes) - load<f64>(mean) - load<f64>(residual);
    store<f64>(to, v);
    s += v * v;
  }
  store<f64>(squares, load<f64>(squares) + s);
}

/**
 * Packs rows `from … from + depth` (one slab) of an […, cols] matrix as entries of `cols` vectors: the panels of the
 * transposed matrix. `x` points at the first of these rows.
 */
export function packColumns(
  x: usize,
  bytes: u32,
  from: u32,
  depth: u32,
  cols: u32,
  mean: usize,
  residual: usize,
  left: usize,
): void {
  const panels = panelCount(cols);
  // A few rows at a time: each panel is then written in runs of some cache lines.
  for (let top: u32 = 0; top < depth; top += 16) {
    const bottom = min(top + 16, depth);
    for (let panel: u32 = 0; panel < panels; panel++) {
      const base = leftPanel(left, panels, panel, from, depth);
      const start = panel * TILE_ROWS;
      const end = min(start + TILE_ROWS, cols);
      for (let k = top; k < bottom; k++) {
        let at = base + (k as usize) * LEFT_STEP;
        let j = start;
        for (; j + 2 <= end; j += 2, at += 16) {
          const o = (j as usize) << 3;
          const v = f64x2.sub(readPair(x, k * cols + j, bytes), v128.load(mean + o));
          v128.store(at, f64x2.sub(v, v128.load(residual + o)));
        }
        if (j < end) {
          const o = (j as usize) << 3;
          store<f64>(at, read(x, k * cols + j, bytes) - load<f64>(mean + o) - load<f64>(residual + o));
        }
      }
    }
  }
}

/** Packs vectors `from … to` (a multiple of TILE_COLS wide, or padded with 0) from left panels into right panels. */
export function packRight(left: usize, vectors: u32, cols: u32, from: u32, to: u32, right: usize): void {
  const panels = panelCount(vectors);
  const width = (to - from + TILE_COLS - 1) / TILE_COLS;
  for (let slab: u32 = 0; slab < cols; slab += SLAB) {
    const depth = min<u32>(SLAB, cols - slab);
    for (let q: u32 = 0; q < width; q++) {
      const target = rightPanel(right, width, q, slab, depth);
      for (let lane: u32 = 0; lane < TILE_COLS; lane++) {
        const vector = from + q * TILE_COLS + lane;
        const to = target + (lane as usize) * 8;
        const end = to + (depth as usize) * TILE_ROW;
        if (vector >= vectors) {
          for (let at = to; at < end; at += TILE_ROW) store<f64>(at, 0);
          continue;
        }
        const source =
          leftPanel(left, panels, vector / TILE_ROWS, slab, depth) + ((vector % TILE_ROWS) as usize) * 8;
        // Two that stand side by side there too come together.
        if (lane + 1 < TILE_COLS && vector + 1 < vectors && (vector % TILE_ROWS) + 1 < TILE_ROWS) {
          copyPairs(source, to, end);
          lane++;
        } else copyOnes(source, to, end);
      }
    }
  }
}

function copyPairs(source: usize, to: usize, end: usize): void {
  for (; to < end; to += TILE_ROW, source += LEFT_STEP) v128.store(to, v128.load(source));
}

function copyOnes(source: usize, to: usize, end: usize): void {
  for (; to < end; to += TILE_ROW, source += LEFT_STEP) store<f64>(to, load<f64>(source));
}

/** Replaces each of `count` float64 of left panels by that times `factor` as a float32, twice; spoils one more of an odd number. */
export function narrowPanels(left: usize, count: u32, factor: f64): void {
  const f = f64x2.splat(factor);
  for (const end = left + ((count as usize) << 3); left < end; left += 16) {
    const singles = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(left), f));
    v128.store(left, v128.shuffle<i32>(singles, singles, 0, 0, 1, 1));
  }
}

/** Does what `packRight` does with panels that have been narrowed: each two vectors stand side by side, as one would. */
export function packSingles(left: usize, vectors: u32, cols: u32, from: u32, to: u32, right: usize): void {
  const panels = panelCount(vectors);
  const width = ((to - from + 1) / 2 + TILE_COLS - 1) / TILE_COLS;
  for (let slab: u32 = 0; slab < cols; slab += SLAB) {
    const depth = min<u32>(SLAB, cols - slab);
    for (let q: u32 = 0; q < width; q++) {
      const target = rightPanel(right, width, q, slab, depth);
      for (let lane: u32 = 0; lane < 2 * TILE_COLS; lane++) {
        const vector = from + 2 * q * TILE_COLS + lane;
        const to = target + ((lane as usize) << 2);
        const end = to + (depth as usize) * TILE_ROW;
        // One past the last is never read into a result: any will do.
        const v = min(vector, vectors - 1);
        let source = leftPanel(left, panels, v / TILE_ROWS, slab, depth) + ((v % TILE_ROWS) as usize) * 8;
        for (let at = to; at < end; at += TILE_ROW, source += LEFT_STEP) store<f32>(at, load<f32>(source));
      }
    }
  }
}

/** Finds slab `from` of panel `q` of a block of `width` right panels. */
export function rightPanel(right: usize, width: u32, q: u32, from: u32, depth: u32): usize {
  return right + ((from * width + q * depth) as usize) * TILE_ROW;
}
