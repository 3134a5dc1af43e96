import { SLAB, TILE_COLS, TILE_ROW, TILE_ROWS } from './tile-size';
import { sumLanes } from './vector';

/**
 * Left panels hold TILE_ROWS vectors side by side, entry by entry, cut into slabs of SLAB entries; the panels of one
 * slab follow each other. What stands beside the last vector is never read into a result.
 */
export function panelCount(vectors: u32): u32 {
  return (vectors + TILE_ROWS - 1) / TILE_ROWS;
}

/** Where slab `from` (a multiple of SLAB) of left panel `panel` begins; `depth` entries are in this slab. */
export function leftPanel(left: usize, panels: u32, panel: u32, from: u32, depth: u32): usize {
  const entries = from * panels + panel * depth;
  return left + (entries as usize) * (TILE_ROWS as usize) * 8;
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
  for (let row: u32 = 0; row < count; row++) {
    const panel = (first + row) / TILE_ROWS;
    const lane = (first + row) % TILE_ROWS;
    const source = row * cols;
    let squared: f64 = 0;
    for (let from: u32 = 0; from < cols; from += SLAB) {
      const depth = min(SLAB, cols - from);
      let at = leftPanel(left, panels, panel, from, depth) + (lane as usize) * 8;
      let k = from;
      const end = from + depth;
      let pairs = f64x2.splat(0);
      for (; k + 2 <= end; k += 2, at += (TILE_ROWS as usize) * 16) {
        const o = (k as usize) << 3;
        let v = readPair(x, source + k, bytes);
        v = f64x2.sub(f64x2.sub(v, v128.load(mean + o)), v128.load(residual + o));
        v128.store64_lane(at, v, 0);
        v128.store64_lane(at + (TILE_ROWS as usize) * 8, v, 1);
        pairs = f64x2.add(pairs, f64x2.mul(v, v));
      }
      squared += sumLanes(pairs);
      for (; k < end; k++, at += (TILE_ROWS as usize) * 8) {
        const o = (k as usize) << 3;
        const v = read(x, source + k, bytes) - load<f64>(mean + o) - load<f64>(residual + o);
        store<f64>(at, v);
        squared += v * v;
      }
    }
    store<f64>(norms + (((first + row) as usize) << 3), squared);
  }
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
  const step = (TILE_ROWS as usize) * 8;
  // A few rows at a time: each panel is then written in runs of some cache lines.
  for (let top: u32 = 0; top < depth; top += 16) {
    const bottom = min(top + 16, depth);
    for (let panel: u32 = 0; panel < panels; panel++) {
      const base = leftPanel(left, panels, panel, from, depth);
      const start = panel * TILE_ROWS;
      for (let k = top; k < bottom; k++) {
        let at = base + (k as usize) * step;
        for (let j = start; j < start + TILE_ROWS; j++, at += 8) {
          if (j < cols) {
            const o = (j as usize) << 3;
            store<f64>(at, read(x, k * cols + j, bytes) - load<f64>(mean + o) - load<f64>(residual + o));
          } else store<f64>(at, 0);
        }
      }
    }
  }
}

/** Vectors `from … to` (a multiple of TILE_COLS wide, or padded with 0) from left panels into right panels. */
export function packRight(left: usize, vectors: u32, cols: u32, from: u32, to: u32, right: usize): void {
  const panels = panelCount(vectors);
  const width = (to - from + TILE_COLS - 1) / TILE_COLS;
  for (let slab: u32 = 0; slab < cols; slab += SLAB) {
    const depth = min(SLAB, cols - slab);
    for (let q: u32 = 0; q < width; q++) {
      const target = rightPanel(right, width, q, slab, depth);
      for (let lane: u32 = 0; lane < TILE_COLS; lane++) {
        const vector = from + q * TILE_COLS + lane;
        let at = target + (lane as usize) * 8;
        const end = at + (depth as usize) * TILE_ROW;
        if (vector >= vectors) {
          for (; at < end; at += TILE_ROW) store<f64>(at, 0);
          continue;
        }
        let source =
          leftPanel(left, panels, vector / TILE_ROWS, slab, depth) + ((vector % TILE_ROWS) as usize) * 8;
        for (; at < end; at += TILE_ROW, source += (TILE_ROWS as usize) * 8)
          store<f64>(at, load<f64>(source));
      }
    }
  }
}

/** Where slab `from` of panel `q` of a block of `width` right panels begins. */
export function rightPanel(right: usize, width: u32, q: u32, from: u32, depth: u32): usize {
  return right + ((from * width + q * depth) as usize) * (TILE_COLS as usize) * 8;
}
