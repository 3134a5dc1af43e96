import { JobField, SLAB } from '../constants';
import { field, scratchOf } from './job';
import { gramTile, LEFT_STEP, TILE_BYTES, TILE_COLS, TILE_ROW, TILE_ROWS } from './tiles';
import { dot } from './vector';

/**
 * Factors by Cholesky, a block of columns at a time: what the columns before a block take from it is products of tiles;
 * its own square is factored; then each panel of rows below is solved against that square, by whichever thread.
 *
 * The lower triangle lies in left panels: TILE_ROWS rows side by side, column by column. So the columns that are done
 * are panels as products take them. What is past the last row is that of the unit matrix.
 */

/** Columns of a block: a multiple of both sides of a tile. */
const BLOCK: u32 = TILE_ROWS === 5 ? 40 : 48;
/** Panels of rows that make one task. */
const TASK_PANELS: u32 = 4;

function padded(n: u32): u32 {
  return ((n + BLOCK - 1) / BLOCK) * BLOCK;
}

/** Finds entry (i, j) of a factor of `order` padded rows. */
function entry(a: usize, order: u32, i: u32, j: u32): usize {
  return a + ((((i / TILE_ROWS) * order + j) * TILE_ROWS + (i % TILE_ROWS)) as usize) * 8;
}

/** Counts the bytes of one thread's tiles: a panel of rows against a block of columns. */
export function choleskyTileBytes(): u32 {
  return TILE_ROWS * BLOCK * 8;
}

/** Counts the bytes that factoring [n, n] takes, tiles apart; as float64: there may be more than can be addressed. */
export function choleskyBytes(n: u32): f64 {
  const order = padded(n) as f64;
  return 8 * (order * order + (BLOCK as f64) * (order + (BLOCK as f64)));
}

/**
 * Puts the lower triangle's part of rows `i … i + count`, which are at `rows`, `n` float64 each, into their places:
 * each entry over `divisor`, those on the diagonal plus `shift`.
 */
export function placeTriangle(
  a: usize,
  n: u32,
  i: u32,
  count: u32,
  rows: usize,
  divisor: f64,
  shift: f64,
): void {
  const end = i + count;
  for (; i < end; i++, rows += (n as usize) * 8) {
    let to = entry(a, padded(n), i, 0);
    let from = rows;
    for (let j: u32 = 0; j < i; j++, to += LEFT_STEP, from += 8) store<f64>(to, load<f64>(from) / divisor);
    store<f64>(to, load<f64>(from) / divisor + shift);
  }
}

/** Copies the diagonal [n] of the factor to `out`. */
export function takeDiagonal(a: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++, out += 8) store<f64>(out, load<f64>(entry(a, padded(n), i, i)));
}

/** Copies entries `from … i` of row `i` of the factor to `row`. */
export function takeTriangle(a: usize, n: u32, i: u32, from: u32, row: usize): void {
  let at = entry(a, padded(n), i, from);
  for (let j = from; j <= i; j++, at += LEFT_STEP, row += 8) store<f64>(row, load<f64>(at));
}

/**
 * Factors the square of the BLOCK columns from `first` on, all before them being done. Returns how many tasks the rows
 * below make, -1 at the first pivot that is not above 0. `tiles` holds `choleskyTileBytes`.
 */
export function choleskyBlock(a: usize, n: u32, first: u32, tiles: usize): i32 {
  const order = padded(n);
  if (first === 0) placeUnitRows(a, n, order);
  packRows(a, order, first);
  const end = first + BLOCK;
  for (let panel = first / TILE_ROWS; panel < end / TILE_ROWS; panel++) {
    subtractEarlier(a, order, panel, first, tiles);
  }
  if (!factorSquare(a, order, first)) return -1;
  return (((order - end) / TILE_ROWS + TASK_PANELS - 1) / TASK_PANELS) as i32;
}

/** Solves task `task` of the rows below the job's block. */
export function solveRows(task: u32, thread: u32): void {
  const first = field(JobField.length);
  const order = padded(field(JobField.vectors));
  const panel = (first + BLOCK) / TILE_ROWS + task * TASK_PANELS;
  const end = min(order / TILE_ROWS, panel + TASK_PANELS);
  for (let p = panel; p < end; p++) {
    subtractEarlier(field(JobField.left), order, p, first, scratchOf(thread));
    if (TILE_ROWS === 6) solveSix(field(JobField.left), order, p, first);
    else solvePanel(field(JobField.left), order, p, first);
  }
}

/** Puts rows of the unit matrix past the last one. */
function placeUnitRows(a: usize, n: u32, order: u32): void {
  for (let i = n; i < order; i++) {
    for (let j: u32 = 0; j <= i; j++) store<f64>(entry(a, order, i, j), i === j ? 1 : 0);
  }
}

/** Finds the right panels of a block's rows, behind the factor: entries before `first`, negated. */
function rightPanels(a: usize, order: u32): usize {
  return a + (order as usize) * (order as usize) * 8;
}

/** Finds the factor of the block's own square, row by row, behind the right panels. */
function square(a: usize, order: u32): usize {
  return rightPanels(a, order) + (BLOCK as usize) * (order as usize) * 8;
}

function packRows(a: usize, order: u32, first: u32): void {
  const right = rightPanels(a, order);
  for (let i: u32 = 0; i < BLOCK; i++) {
    let from = entry(a, order, first + i, 0);
    let to =
      right + ((i / TILE_COLS) as usize) * (first as usize) * TILE_ROW + ((i % TILE_COLS) as usize) * 8;
    const end = to + (first as usize) * TILE_ROW;
    for (; to < end; to += TILE_ROW, from += LEFT_STEP) store<f64>(to, -load<f64>(from));
  }
}

/** Takes from the block's columns, in one panel of rows, what the columns before `first` leave of them. */
function subtractEarlier(a: usize, order: u32, panel: u32, first: u32, tiles: usize): void {
  if (first === 0) return;
  const right = rightPanels(a, order);
  const width = BLOCK / TILE_COLS;
  memory.fill(tiles, 0, (width as usize) * TILE_BYTES);
  const rows = entry(a, order, panel * TILE_ROWS, 0);
  for (let slab: u32 = 0; slab < first; slab += SLAB) {
    const depth = min<u32>(SLAB, first - slab);
    const left = rows + (slab as usize) * LEFT_STEP;
    for (let q: u32 = 0; q < width; q++) {
      const b = right + ((q * first + slab) as usize) * TILE_ROW;
      gramTile(left, b, depth, tiles + (q as usize) * TILE_BYTES);
    }
  }
  let to = rows + (first as usize) * LEFT_STEP;
  for (let j: u32 = 0; j < BLOCK; j++) {
    let from = tiles + ((j / TILE_COLS) as usize) * TILE_BYTES + ((j % TILE_COLS) as usize) * 8;
    for (let r: u32 = 0; r < TILE_ROWS; r++, to += 8, from += TILE_ROW) {
      store<f64>(to, load<f64>(to) + load<f64>(from));
    }
  }
}

function factorSquare(a: usize, order: u32, first: u32): bool {
  const s = square(a, order);
  const row = (BLOCK as usize) * 8;
  for (let i: u32 = 0; i < BLOCK; i++) takeTriangle(a, order, first + i, first, s + (i as usize) * row);
  for (let j: u32 = 0; j < BLOCK; j++) {
    const own = s + (j as usize) * row;
    const column = (j as usize) * 8;
    const pivot = load<f64>(own + column) - dot(own, own, j);
    if (!(pivot > 0)) return false;
    const root = sqrt(pivot);
    store<f64>(own + column, root);
    for (let i = j + 1; i < BLOCK; i++) {
      const other = s + (i as usize) * row;
      store<f64>(other + column, (load<f64>(other + column) - dot(other, own, j)) / root);
    }
  }
  for (let i: u32 = 0; i < BLOCK; i++) {
    for (let j: u32 = 0; j <= i; j++) {
      store<f64>(entry(a, order, first + i, first + j), load<f64>(s + ((i * BLOCK + j) as usize) * 8));
    }
  }
  return true;
}

/** Solves X Lᵀ = C for X, L being the square's factor and C the block's columns in one panel of rows, in place. */
function solvePanel(a: usize, order: u32, panel: u32, first: u32): void {
  const s = square(a, order);
  const x = entry(a, order, panel * TILE_ROWS, first);
  for (let c: u32 = 0; c < BLOCK; c++) {
    const factors = s + ((c * BLOCK) as usize) * 8;
    const own = x + (c as usize) * LEFT_STEP;
    for (let r: usize = 0; r < LEFT_STEP; r += 8) {
      let value = load<f64>(own + r);
      for (let d: u32 = 0; d < c; d++) {
        value -= load<f64>(x + (d as usize) * LEFT_STEP + r) * load<f64>(factors + (d as usize) * 8);
      }
      store<f64>(own + r, value / load<f64>(factors + (c as usize) * 8));
    }
  }
}

/** Does the same with six rows. */
function solveSix(a: usize, order: u32, panel: u32, first: u32): void {
  const s = square(a, order);
  const x = entry(a, order, panel * 6, first);
  let own = x;
  for (let c: u32 = 0; c < BLOCK; c++, own += 48) {
    let factor = s + ((c * BLOCK) as usize) * 8;
    let p = v128.load(own);
    let q = v128.load(own, 16);
    let r = v128.load(own, 32);
    for (let from = x; from < own; from += 48, factor += 8) {
      const f = v128.load64_splat(factor);
      p = f64x2.sub(p, f64x2.mul(f, v128.load(from)));
      q = f64x2.sub(q, f64x2.mul(f, v128.load(from, 16)));
      r = f64x2.sub(r, f64x2.mul(f, v128.load(from, 32)));
    }
    const pivot = v128.load64_splat(factor);
    v128.store(own, f64x2.div(p, pivot));
    v128.store(own, f64x2.div(q, pivot), 16);
    v128.store(own, f64x2.div(r, pivot), 32);
  }
}
