import { JobField, JobKind, SLAB, TRUSTED_SHARE } from '../constants';
import { field, jobNumber, scratchOf } from './job';
import { leftPanel, packRight, packSingles, panelCount, rightPanel } from './panels';
import { addPairTerms } from './phases';
import { differenceTile, gramTile, singleTile, TILE_BYTES, TILE_COLS, TILE_ROW, TILE_ROWS } from './tiles';
import { sumLanes } from './vector';

/** Which block of columns is in the right panels of this thread, of which job. */
let packedBlock: u32 = 0;
let packedJob: i32 = 0;

/**
 * Finds the block column of a task. Task t of the block triangle is (row block, column block) with row ≤ column, column
 * by column.
 */
function columnOf(task: u32): u32 {
  let column = ((Math.sqrt(8 * (task as f64) + 1) - 1) / 2) as u32;
  while (((column + 1) * (column + 2)) / 2 <= task) column++;
  while ((column * (column + 1)) / 2 > task) column--;
  return column;
}

/** Does a task of the block triangle: its products, and the distances where they are wanted. */
export function runBlock(task: u32, thread: u32): void {
  const column = columnOf(task);
  const row = task - (column * (column + 1)) / 2;
  const n = field(JobField.vectors);
  const size = field(JobField.block);
  const i0 = row * size;
  const i1 = min(n, i0 + size);
  const j0 = column * size;
  const j1 = min(n, j0 + size);
  const right = rightPanels(column, j0, j1, thread);
  const sums = sumsBehind(right);
  if (field(JobField.sums) === 0)
    addTiles(right, sums, i0, i1, j0, j1, field(JobField.length), Tiles.PRODUCTS);
  else {
    const terms = field(JobField.terms) === 0 ? 0 : scratchOf(thread) + field(JobField.terms);
    const sum = field(JobField.sums) + (task as usize) * 8;
    store<f64>(sum, sumDistances(right, sums, i0, i1, j0, j1, terms));
    store<f64>(sum + (field(JobField.tasks) as usize) * 8, repelled);
  }
  if (field(JobField.kind) === JobKind.GRAM) storeGram(sums, i0, i1, j0, j1);
}

/** Finds the right panels of vectors `j0 … j1`, block `column`; packs them unless this thread did that last. */
export function rightPanels(column: u32, j0: u32, j1: u32, thread: u32): usize {
  const right = scratchOf(thread);
  if (packedJob !== jobNumber() || packedBlock !== column) {
    const n = field(JobField.vectors);
    const length = field(JobField.length);
    if (field(JobField.kind) === JobKind.COMPARISONS)
      packSingles(field(JobField.left), n, length, j0, j1, right);
    else packRight(field(JobField.left), n, length, j0, j1, right);
    packedJob = jobNumber();
    packedBlock = column;
  }
  return right;
}

/** Finds the sums of a block's tiles. */
export function sumsBehind(right: usize): usize {
  return right + (field(JobField.block) as usize) * (field(JobField.length) as usize) * 8;
}

/** Counts the bytes from the sums of a block's tiles to a spare tile behind them. */
function spareTile(): usize {
  return (field(JobField.block) as usize) * (field(JobField.block) as usize) * 8;
}

/** Finds the first entry of tile (p, q) among the tiles of a block of `width` panels of columns. */
export function tileAt(sums: usize, p: u32, q: u32, width: u32): usize {
  return sums + ((p * width + q) as usize) * TILE_BYTES;
}

/** Finds the first panel of columns with a pair i < j for row `i`. */
function firstColumn(i: u32, j0: u32): u32 {
  return i > j0 ? (i - j0) / TILE_COLS : 0;
}

/** Returns true where panel `q` of columns has no pair i < j for row `i` or any later one. */
function isBelow(i: u32, j0: u32, q: u32): bool {
  return i >= j0 + (q + 1) * TILE_COLS;
}

/**
 * Left panels that take turns with each right one. They and it stay in the first-level cache, where the right panels
 * pass by: the more take turns, the fewer times.
 */
const TOGETHER: u32 = TILE_COLS === 8 ? 1 : 3;

/** What tiles are sums of. */
export enum Tiles {
  PRODUCTS,
  DIFFERENCES,
  /** Products in float32: two columns stand for one. */
  SINGLES,
}

/** Past the number of any row: with columns from here on, no tile is left out for being below the diagonal. */
export const BEHIND: u32 = 1 << 30;

/** Sets the tiles of a block to their sums over the entries before `end`. */
export function addTiles(
  right: usize,
  sums: usize,
  i0: u32,
  i1: u32,
  j0: u32,
  j1: u32,
  end: u32,
  kind: Tiles,
): void {
  const left = field(JobField.left);
  const panels = panelCount(field(JobField.vectors));
  const top = i0 / TILE_ROWS;
  const rowPanels = (i1 - i0 + TILE_ROWS - 1) / TILE_ROWS;
  const width = (j1 - j0 + TILE_COLS - 1) / TILE_COLS;
  memory.fill(sums, 0, ((width * rowPanels) as usize) * TILE_BYTES);
  for (let slab: u32 = 0; slab < end; slab += SLAB) {
    const depth = min<u32>(SLAB, end - slab);
    for (let from: u32 = 0; from < rowPanels; from += TOGETHER) {
      const to = min(rowPanels, from + TOGETHER);
      for (let q = firstColumn(i0 + from * TILE_ROWS, j0); q < width; q++) {
        const b = rightPanel(right, width, q, slab, depth);
        for (let p = from; p < to; p++) {
          if (isBelow(i0 + p * TILE_ROWS, j0, q)) break;
          const a = leftPanel(left, panels, top + p, slab, depth);
          const c = tileAt(sums, p, q, width);
          if (kind === Tiles.PRODUCTS) gramTile(a, b, depth, c);
          else if (kind === Tiles.DIFFERENCES) differenceTile(a, b, depth, c);
          else {
            const slabOnly = sums + spareTile();
            singleTile(a, b, depth, slabOnly);
            addSingles(slabOnly, c);
          }
        }
      }
    }
  }
}

/** Adds a tile of float32 to another. */
function addSingles(tile: usize, to: usize): void {
  for (const end = to + TILE_BYTES; to < end; to += 16, tile += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(tile)));
  }
}

/** Copies a block of products: entry (i, j) of a tile goes to the lower triangle, row j. */
function storeGram(sums: usize, i0: u32, i1: u32, j0: u32, j1: u32): void {
  const n = field(JobField.vectors);
  const rowPanels = (i1 - i0 + TILE_ROWS - 1) / TILE_ROWS;
  const width = (j1 - j0 + TILE_COLS - 1) / TILE_COLS;
  for (let j = j0; j < j1; j++) {
    const q = (j - j0) / TILE_COLS;
    const lane = (j - j0) % TILE_COLS;
    const row = field(JobField.output) + (j as usize) * (n as usize) * 8;
    for (let p: u32 = 0; p < rowPanels; p++) {
      let i = i0 + p * TILE_ROWS;
      const end = min(min(i + TILE_ROWS, i1), j + 1);
      let c = tileAt(sums, p, q, width) + (lane as usize) * 8;
      for (; i < end; i++, c += TILE_ROW) store<f64>(row + (i as usize) * 8, load<f64>(c));
    }
  }
}

/** What `sumDistances` found beside distances: see `addPairTerms`. */
let repelled: f64 = 0;

/**
 * Sums the distances of a block's pairs. Each tile's are taken as soon as its last slab is added: their roots overlap
 * with the next tile's products. What else is wanted of the pairs is taken there too, with what is at `terms`.
 */
function sumDistances(right: usize, sums: usize, i0: u32, i1: u32, j0: u32, j1: u32, terms: usize): f64 {
  const n = field(JobField.vectors);
  const left = field(JobField.left);
  const panels = panelCount(n);
  const top = i0 / TILE_ROWS;
  const rowPanels = (i1 - i0 + TILE_ROWS - 1) / TILE_ROWS;
  const width = (j1 - j0 + TILE_COLS - 1) / TILE_COLS;
  const byDifferences = field(JobField.byDifferences) === 1;
  const last = ((field(JobField.length) - 1) / SLAB) * SLAB;
  const depth = field(JobField.length) - last;
  addTiles(right, sums, i0, i1, j0, j1, last, byDifferences ? Tiles.DIFFERENCES : Tiles.PRODUCTS);
  let total: f64 = 0;
  repelled = 0;
  for (let from: u32 = 0; from < rowPanels; from += TOGETHER) {
    const to = min(rowPanels, from + TOGETHER);
    let group: f64 = 0;
    let repelledByGroup: f64 = 0;
    for (let q = firstColumn(i0 + from * TILE_ROWS, j0); q < width; q++) {
      const j = j0 + q * TILE_COLS;
      const b = rightPanel(right, width, q, last, depth);
      for (let p = from; p < to; p++) {
        const i = i0 + p * TILE_ROWS;
        if (isBelow(i, j0, q)) break;
        const a = leftPanel(left, panels, top + p, last, depth);
        const c = tileAt(sums, p, q, width);
        let roots = c;
        const whole = i + TILE_ROWS <= j && j + TILE_COLS <= n;
        let sum: f64 = -1;
        if (byDifferences) differenceTile(a, b, depth, c);
        else {
          gramTile(a, b, depth, c);
          sum = whole ? distancesOf(c, i, j) : distancesAbove(c, i, j);
          if (sum < 0) {
            // The products stay as they are: they may be wanted too.
            roots = sums + spareTile();
            takeDifferences(right, width, i, q, roots);
          }
        }
        const isProducts = sum >= 0;
        if (!isProducts) sum = whole ? sumOfRoots(roots) : sumOfRootsAbove(roots, i, j);
        group += sum;
        if (terms !== 0)
          repelledByGroup += addPairTerms(roots, isProducts, i, j, TILE_ROWS, TILE_COLS, terms);
      }
    }
    total += group;
    repelled += repelledByGroup;
  }
  return total;
}

/** Takes the tile of rows `i …` and panel `q` of columns by differences alone. */
function takeDifferences(right: usize, width: u32, i: u32, q: u32, c: usize): void {
  const panels = panelCount(field(JobField.vectors));
  memory.fill(c, 0, TILE_BYTES);
  for (let slab: u32 = 0; slab < field(JobField.length); slab += SLAB) {
    const depth = min<u32>(SLAB, field(JobField.length) - slab);
    const a = leftPanel(field(JobField.left), panels, i / TILE_ROWS, slab, depth);
    differenceTile(a, rightPanel(right, width, q, slab, depth), depth, c);
  }
}

/** Sums √(s_i + s_j − 2 g_ij) over a whole tile of products; −1 where one of them cannot be trusted (NaN included). */
function distancesOf(c: usize, i: u32, j: u32): f64 {
  const rows = field(JobField.norms) + (i as usize) * 8;
  const end = rows + (TILE_ROWS as usize) * 8;
  const share = f64x2.splat(TRUSTED_SHARE);
  let trusted = i64x2.splat(-1);
  let p = f64x2.splat(0);
  let q = f64x2.splat(0);
  for (let o: usize = 0; o < TILE_ROW; o += 32) {
    const columns = field(JobField.norms) + (j as usize) * 8 + o;
    const left = v128.load(columns);
    const right = v128.load(columns, 16);
    let at = c + o;
    for (let row = rows; row < end; row += 8, at += TILE_ROW) {
      const s = v128.load64_splat(row);
      let both = f64x2.add(s, left);
      let g = v128.load(at);
      let d = f64x2.sub(both, f64x2.add(g, g));
      trusted = v128.and(trusted, f64x2.ge(d, f64x2.mul(both, share)));
      p = f64x2.add(p, f64x2.sqrt(d));
      both = f64x2.add(s, right);
      g = v128.load(at, 16);
      d = f64x2.sub(both, f64x2.add(g, g));
      trusted = v128.and(trusted, f64x2.ge(d, f64x2.mul(both, share)));
      q = f64x2.add(q, f64x2.sqrt(d));
    }
  }
  return i64x2.all_true(trusted) ? sumLanes(f64x2.add(p, q)) : -1;
}

/** Does the same over the pairs i < j of a tile on the diagonal or past the last row. */
function distancesAbove(c: usize, i: u32, j: u32): f64 {
  const n = field(JobField.vectors);
  const norms = field(JobField.norms);
  let sum: f64 = 0;
  for (let r: u32 = 0; r < TILE_ROWS; r++) {
    for (let t: u32 = 0; t < TILE_COLS; t++, c += 8) {
      if (i + r >= j + t || j + t >= n) continue;
      const both = load<f64>(norms + ((i + r) as usize) * 8) + load<f64>(norms + ((j + t) as usize) * 8);
      const d = both - 2 * load<f64>(c);
      if (!(d >= both * TRUSTED_SHARE)) return -1;
      sum += Math.sqrt(d);
    }
  }
  return sum;
}

/** Sums the roots of a tile of squared distances. */
function sumOfRoots(c: usize): f64 {
  let sum = f64x2.splat(0);
  const end = c + TILE_BYTES;
  for (; c < end; c += 16) sum = f64x2.add(sum, f64x2.sqrt(v128.load(c)));
  return sumLanes(sum);
}

/** Sums the roots of only the pairs i < j of a tile on the diagonal or past the last row. */
function sumOfRootsAbove(c: usize, i: u32, j: u32): f64 {
  const n = field(JobField.vectors);
  let sum: f64 = 0;
  for (let r: u32 = 0; r < TILE_ROWS; r++) {
    for (let t: u32 = 0; t < TILE_COLS; t++, c += 8) {
      if (i + r < j + t && j + t < n) sum += Math.sqrt(load<f64>(c));
    }
  }
  return sum;
}

/**
 * Finds the share of `samples` tiles, spread over all pairs by a fixed sequence, that could not be trusted. One far
 * outlier makes it 1: then differences from the start cost less than products and differences.
 */
export function untrustedShare(samples: u32): f64 {
  const n = field(JobField.vectors);
  const cols = field(JobField.length);
  const panels = panelCount(n);
  const right = scratchOf(0);
  const c = sumsBehind(right);
  packedJob = -1;
  let state: u32 = 1;
  let tried: u32 = 0;
  let untrusted: u32 = 0;
  for (let s: u32 = 0; s < samples; s++) {
    state = state * 1664525 + 1013904223;
    const a = (((state >>> 8) as f64) / 16777216) * (n as f64);
    state = state * 1664525 + 1013904223;
    const b = (((state >>> 8) as f64) / 16777216) * (n as f64);
    const i = ((min(a, b) as u32) / TILE_ROWS) * TILE_ROWS;
    const j = ((max(a, b) as u32) / TILE_COLS) * TILE_COLS;
    if (i + TILE_ROWS > j || j + TILE_COLS > n) continue;
    packRight(field(JobField.left), n, cols, j, j + TILE_COLS, right);
    memory.fill(c, 0, TILE_BYTES);
    for (let slab: u32 = 0; slab < cols; slab += SLAB) {
      const depth = min<u32>(SLAB, cols - slab);
      const panel = leftPanel(field(JobField.left), panels, i / TILE_ROWS, slab, depth);
      gramTile(panel, rightPanel(right, 1, 0, slab, depth), depth, c);
    }
    tried++;
    if (distancesOf(c, i, j) < 0) untrusted++;
  }
  return tried === 0 ? 0 : (untrusted as f64) / (tried as f64);
}
