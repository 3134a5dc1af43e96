import { SLAB } from '../constants';
import { head, reflect } from './reflector';
import { gramTile, LEFT_STEP, TILE_BYTES, TILE_COLS, TILE_ROW, TILE_ROWS } from './tiles';
import { addFourScaled, addScaled, dot, fourDots } from './vector';

/**
 * Reduces a symmetric matrix to a band one with the same eigenvalues (Bischof, Lang & Sun 2000): nearly all of it is
 * products of tiles, where the way straight to a tridiagonal one multiplies by single columns and waits for memory.
 *
 * The matrix is whole, in panels of TILE_COLS columns, row by row: so a stack of tiles is a right panel whose entries
 * are the rows, and each tile lies in one piece. Rows and columns are padded with zeros to a multiple of GRAIN.
 */

/** Both sides of a tile divide it, and it divides the width of a band. */
export const GRAIN: u32 = TILE_ROWS === 5 ? 20 : 24;

export function padded(n: u32): u32 {
  return ((n + GRAIN - 1) / GRAIN) * GRAIN;
}

/** Finds row `i` of panel `panel` of a matrix of `order` rows. */
function panelRow(a: usize, order: u32, panel: u32, i: u32): usize {
  return a + ((panel * order + i) as usize) * TILE_ROW;
}

/**
 * Puts rows `i` and, where `count` is 2, `i + 1` into their places on both sides of the diagonal, each entry times
 * `factor`. `i` is even; the rows are at `rows`, entries 0 … i and 0 … i + 1, `step` bytes apart.
 */
export function placeRows(a: usize, n: u32, i: u32, count: u32, rows: usize, step: usize, factor: f64): void {
  const order = padded(n);
  let across = panelRow(a, order, i / TILE_COLS, 0) + ((i % TILE_COLS) as usize) * 8;
  // Both columns are written even where one is padding: it is cleared after the rows have come.
  const other = count === 2 ? rows + step : rows;
  const factors = f64x2.splat(factor);
  for (let j: u32 = 0; j < i; j += 2, across += 2 * TILE_ROW) {
    const o = (j as usize) * 8;
    const upper = f64x2.mul(v128.load(rows + o), factors);
    const lower = f64x2.mul(v128.load(other + o), factors);
    const at = panelRow(a, order, j / TILE_COLS, i) + ((j % TILE_COLS) as usize) * 8;
    v128.store(at, upper);
    v128.store(at + TILE_ROW, lower);
    v128.store(across, v128.shuffle<i64>(upper, lower, 0, 2));
    v128.store(across + TILE_ROW, v128.shuffle<i64>(upper, lower, 1, 3));
  }
  const o = (i as usize) * 8;
  store<f64>(across, load<f64>(rows + o) * factor);
  if (count < 2) return;
  const beside = load<f64>(other + o) * factor;
  store<f64>(across + 8, beside);
  store<f64>(across + TILE_ROW, beside);
  store<f64>(across + TILE_ROW + 8, load<f64>(other + o + 8) * factor);
}

/** Sets to 0 what stands past the last row and the last column. */
function clearPadding(a: usize, n: u32, order: u32): void {
  const pad = ((order - n) as usize) * TILE_ROW;
  for (let panel: u32 = 0; panel < order / TILE_COLS; panel++)
    memory.fill(panelRow(a, order, panel, n), 0, pad);
  for (let j = n; j < order; j++) {
    let at = panelRow(a, order, j / TILE_COLS, 0) + ((j % TILE_COLS) as usize) * 8;
    for (let i: u32 = 0; i < n; i++, at += TILE_ROW) store<f64>(at, 0);
  }
}

/** Counts the float64 that `reduceToBand` works in. */
export function bandWork(n: u32, width: u32): u32 {
  return 7 * width * padded(n);
}

/**
 * Leaves the lower half of a band matrix with the eigenvalues of the [n, n] matrix at `a` in `band`: `width` diagonals
 * beside the main one, column by column from the diagonal down, 2 · `width` entries each, and zeros below them.
 * `width` is a multiple of GRAIN.
 */
export function reduceToBand(a: usize, n: u32, width: u32, band: usize, work: usize): void {
  const order = padded(n);
  clearPadding(a, n, order);
  memory.fill(band, 0, (2 * width * n * 8) as usize);
  for (let first: u32 = 0; first < n; first += width) {
    storeDiagonalBlock(a, n, order, width, first, band);
    if (first + width < n) reducePanel(a, n, order, width, first, band, work);
  }
}

function storeDiagonalBlock(a: usize, n: u32, order: u32, width: u32, first: u32, band: usize): void {
  const end = min(n, first + width);
  for (let j = first; j < end; j++) {
    let to = band + ((j * 2 * width) as usize) * 8;
    let from = panelRow(a, order, j / TILE_COLS, j) + ((j % TILE_COLS) as usize) * 8;
    for (let i = j; i < end; i++, to += 8, from += TILE_ROW) store<f64>(to, load<f64>(from));
  }
}

/**
 * Takes the QR of columns `first … first + width` below the band; its Q goes on both sides of what is right of them.
 */
function reducePanel(a: usize, n: u32, order: u32, width: u32, first: u32, band: usize, work: usize): void {
  const start = first + width;
  const row = (order as usize) * 8;
  const size = (width as usize) * row;
  const v = work;
  const z = v + size;
  const w = z + size;
  const packed = w + size;
  const products = packed + size;
  factorPanel(a, n, order, width, first, band, v, z);
  accumulate(v, z, row, width, start, n);
  packLeft(z, row, order, width, start, packed);
  multiply(a, order, width, start, packed, products);
  unpackProducts(products, order, width, start, w);
  completeUpdate(v, z, w, row, width, start, n);
  // The packed columns have done their work: the update's panels take their place and that of the products.
  const right = packed + 2 * size;
  packUpdate(v, w, row, width, start, packed, right);
  updateTrailing(a, order, width, start, packed, right);
}

/**
 * Makes the columns of v: reflectors from row `start` on, zeros above. The first entry of each row of z becomes its τ.
 */
function factorPanel(
  a: usize,
  n: u32,
  order: u32,
  width: u32,
  first: u32,
  band: usize,
  v: usize,
  z: usize,
): void {
  const start = first + width;
  const row = (order as usize) * 8;
  for (let c: u32 = 0; c < width; c++) {
    const j = first + c;
    let from = panelRow(a, order, j / TILE_COLS, start) + ((j % TILE_COLS) as usize) * 8;
    const column = v + (c as usize) * row;
    const end = column + row;
    for (let at = column + (start as usize) * 8; at < end; at += 8, from += TILE_ROW) {
      store<f64>(at, load<f64>(from));
    }
  }
  for (let c: u32 = 0; c < width; c++) {
    const column = v + (c as usize) * row;
    const top = start + c;
    // What stays in the band: row `start` is `width` below the diagonal of column `first`.
    const kept = min(c, n - start);
    const to = band + (((first + c) * 2 * width + width - c) as usize) * 8;
    memory.copy(to, column + (start as usize) * 8, (kept as usize) * 8);
    let tau: f64 = 0;
    if (top < n) {
      const at = column + (top as usize) * 8;
      tau = reflect(at, at + 8, n - top);
      store<f64>(to + (c as usize) * 8, head());
    }
    memory.fill(column + (start as usize) * 8, 0, (kept as usize) * 8);
    if (tau === 0) memory.fill(column + (start as usize) * 8, 0, ((order - start) as usize) * 8);
    store<f64>(z + (c as usize) * row, tau);
    if (tau === 0) continue;
    const from = column + (top as usize) * 8;
    for (let d = c + 1; d < width; d++) {
      const other = v + (d as usize) * row + (top as usize) * 8;
      addScaled(-tau * dot(from, other, n - top), from, other, n - top);
    }
  }
}

/** Computes Z = V T, where I − V T Vᵀ is the product of all reflectors. */
function accumulate(v: usize, z: usize, row: usize, width: u32, start: u32, n: u32): void {
  const from = (start as usize) * 8;
  const length = n - start;
  for (let c: u32 = 0; c < width; c++) memory.fill(z + (c as usize) * row + from, 0, row - from);
  for (let c: u32 = 0; c < width; c++) {
    const vc = v + (c as usize) * row;
    const zc = z + (c as usize) * row;
    const tau = load<f64>(zc);
    if (tau === 0) continue;
    addScaled(tau, vc + from, zc + from, length);
    // The factors stand above row `start`, where the columns have nothing else to hold; the last may be of no column.
    const top = ((start + c) as usize) * 8;
    for (let q: u32 = 0; q < c; q += 4) {
      const factors = zc + (q as usize) * 8;
      fourDots(v + (q as usize) * row + top, row, vc + top, length - c, factors);
      for (let i: u32 = 0; i < 4; i++) {
        const at = factors + (i as usize) * 8;
        store<f64>(at, q + i < c ? -tau * load<f64>(at) : 0);
      }
      addFourScaled(z + (q as usize) * row + from, row, factors, zc + from, length);
    }
  }
}

/** Packs the columns of z from row `start` on as left panels, a row after the other. */
function packLeft(z: usize, row: usize, order: u32, width: u32, start: u32, packed: usize): void {
  for (let c: u32 = 0; c < width; c++) {
    let to =
      packed + (((c / TILE_ROWS) * (order - start)) as usize) * LEFT_STEP + ((c % TILE_ROWS) as usize) * 8;
    const end = z + (c as usize) * row + row;
    for (let at = z + (c as usize) * row + (start as usize) * 8; at < end; at += 8, to += LEFT_STEP) {
      store<f64>(to, load<f64>(at));
    }
  }
}

/** Panels of the matrix that one left panel meets before it makes room for the next in the first-level cache. */
const PANELS_TOGETHER: u32 = TILE_COLS === 8 ? 1 : 2;

/** Computes Zᵀ A, in tiles: those of one panel of columns follow each other. */
function multiply(a: usize, order: u32, width: u32, start: u32, packed: usize, products: usize): void {
  const groups = width / TILE_ROWS;
  const rows = order - start;
  const last = order / TILE_COLS;
  const step = (groups as usize) * TILE_BYTES;
  memory.fill(products, 0, (rows as usize) * (width as usize) * 8);
  for (let slab: u32 = 0; slab < rows; slab += SLAB) {
    const depth = min<u32>(SLAB, rows - slab);
    let c = products;
    for (let panel = start / TILE_COLS; panel < last; panel += PANELS_TOGETHER) {
      const end = min(last, panel + PANELS_TOGETHER);
      for (let g: u32 = 0; g < groups; g++) {
        const left = packed + ((g * rows + slab) as usize) * LEFT_STEP;
        let tile = c + (g as usize) * TILE_BYTES;
        for (let q = panel; q < end; q++, tile += step) {
          gramTile(left, panelRow(a, order, q, start + slab), depth, tile);
        }
      }
      c += ((end - panel) as usize) * step;
    }
  }
}

/** Copies the products' columns, from row `start` on, into the rows of w. */
function unpackProducts(products: usize, order: u32, width: u32, start: u32, w: usize): void {
  const row = (order as usize) * 8;
  let from = products;
  for (let j = start; j < order; j += TILE_COLS) {
    for (let c: u32 = 0; c < width; c++, from += TILE_ROW) {
      memory.copy(w + (c as usize) * row + (j as usize) * 8, from, TILE_ROW);
    }
  }
}

/** Computes W = P − ½ V (Zᵀ P), P being A Z: then Qᵀ A Q = A − V Wᵀ − W Vᵀ. */
function completeUpdate(v: usize, z: usize, w: usize, row: usize, width: u32, start: u32, n: u32): void {
  const from = (start as usize) * 8;
  const length = n - start;
  // Zᵀ P is kept above row `start`, where the columns have nothing else to hold.
  for (let c: u32 = 0; c < width; c++) {
    const wc = w + (c as usize) * row;
    for (let d: u32 = 0; d < width; d += 4) {
      const factors = wc + (d as usize) * 8;
      fourDots(z + (d as usize) * row + from, row, wc + from, length, factors);
      for (let i: usize = 0; i < 32; i += 8) store<f64>(factors + i, -0.5 * load<f64>(factors + i));
    }
  }
  for (let c: u32 = 0; c < width; c++) {
    const wc = w + (c as usize) * row;
    for (let d: u32 = 0; d < width; d += 4) {
      addFourScaled(v + (d as usize) * row + from, row, wc + (d as usize) * 8, wc + from, length);
    }
  }
}

/** Packs V and W as the panels of a product: left by TILE_ROWS rows, and right by TILE_COLS with W first, negated. */
function packUpdate(v: usize, w: usize, row: usize, width: u32, start: u32, left: usize, right: usize): void {
  const depth = (2 * width) as usize;
  for (let p: u32 = 0; p < 2 * width; p++) {
    const own = p < width ? v + (p as usize) * row : w + ((p - width) as usize) * row;
    const other = p < width ? w + (p as usize) * row : v + ((p - width) as usize) * row;
    const from = (start as usize) * 8;
    let to = left + (p as usize) * LEFT_STEP;
    for (let o = from; o < row; o += LEFT_STEP, to += depth * LEFT_STEP) {
      for (let r: usize = 0; r < LEFT_STEP; r += 8) store<f64>(to + r, load<f64>(own + o + r));
    }
    to = right + (p as usize) * TILE_ROW;
    for (let o = from; o < row; o += TILE_ROW, to += depth * TILE_ROW) {
      for (let r: usize = 0; r < TILE_ROW; r += 16) v128.store(to + r, f64x2.neg(v128.load(other + o + r)));
    }
  }
}

/** Rows whose left panels stay in a second-level cache while the columns pass by: a multiple of TILE_ROWS. */
const BLOCK_ROWS: u32 = 24 * TILE_ROWS;

/**
 * Takes V Wᵀ + W Vᵀ from A, row and column `start` on: in tiles that touch the lower triangle, and their mirror images.
 */
function updateTrailing(a: usize, order: u32, width: u32, start: u32, left: usize, right: usize): void {
  const depth = 2 * width;
  for (let top = start; top < order; top += BLOCK_ROWS) {
    const bottom = min(order, top + BLOCK_ROWS);
    // From the right: a tile across the diagonal changes entries above it too, which one further left then mends.
    for (let j = min(order, ((bottom + TILE_COLS - 1) / TILE_COLS) * TILE_COLS); j > start; ) {
      j -= TILE_COLS;
      const b = right + (((j - start) * depth) as usize) * 8;
      const first = max(top, start + ((j - start) / TILE_ROWS) * TILE_ROWS);
      for (let i = first; i < bottom; i += TILE_ROWS) {
        const c = panelRow(a, order, j / TILE_COLS, i);
        gramTile(left + (((i - start) * depth) as usize) * 8, b, depth, c);
        if (TILE_ROWS % 2 === 0 && i >= j + TILE_COLS) mirror(a, order, i, j, c);
        else mirrorBelow(a, order, i, j, c);
      }
    }
  }
}

/** Copies the tile at `c` of pairs of rows, whose first entry is (i, j), across the diagonal. */
function mirror(a: usize, order: u32, i: u32, j: u32, c: usize): void {
  for (let r: u32 = 0; r < TILE_ROWS; r += 2, c += 2 * TILE_ROW) {
    const to = panelRow(a, order, (i + r) / TILE_COLS, j) + (((i + r) % TILE_COLS) as usize) * 8;
    for (let t: usize = 0; t < TILE_COLS; t += 2) {
      const upper = v128.load(c + t * 8);
      const lower = v128.load(c + TILE_ROW + t * 8);
      v128.store(to + t * TILE_ROW, v128.shuffle<i64>(upper, lower, 0, 2));
      v128.store(to + (t + 1) * TILE_ROW, v128.shuffle<i64>(upper, lower, 1, 3));
    }
  }
}

/** Does the same with its entries below the diagonal alone. */
function mirrorBelow(a: usize, order: u32, i: u32, j: u32, c: usize): void {
  for (let r: u32 = 0; r < TILE_ROWS; r++) {
    const column = i + r;
    const to = panelRow(a, order, column / TILE_COLS, j) + ((column % TILE_COLS) as usize) * 8;
    for (let t: u32 = 0; t < TILE_COLS; t++, c += 8) {
      if (column > j + t) store<f64>(to + (t as usize) * TILE_ROW, load<f64>(c));
    }
  }
}
