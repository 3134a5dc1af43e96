// What TypeScript and AssemblyScript must agree on. Both compilers take this file as it is: literals and enums, and no
// type of either language.

/** A squared distance below this share of s_i + s_j has lost too many digits in s_i + s_j − 2 g_ij. */
export const TRUSTED_SHARE = 1e-4;

/** Entries of a slab. Panels are cut into slabs, so that one panel of each side stays in the first-level cache. */
export const SLAB = 256;

/** Columns that one call of `qrPanel` reflects: they stay in the first-level cache while later columns pass by. */
export const QR_PANEL = 8;

/** 2⁻¹⁰²²: what a reflector divides by is at least this, so that its reciprocal is a number. */
export const LEAST_PRODUCT = 2.2250738585072014e-308;

/** Pages of 64 KiB of a module's memory: at first, and at most, which is all that 32-bit addresses reach. */
export const INITIAL_PAGES = 16;
export const MAXIMUM_PAGES = 65536;

/** Where the words stand that threads wait for, 64 bytes each, and behind them the fields of the job, one u32 each. */
export const CONTROL = 1024;
export const JOB = 1280;
/** Room for the fields. */
export const JOB_WORDS = 20;
/** Pairs of rows that each thread may leave open. */
export const MOST_OPEN = 4096;
/** Where matrices may begin. */
export const ARENA_START = 8192;

/** What threads do together. */
export enum JobKind {
  PAIRWISE = 1,
  GRAM = 2,
  EIGENVALUES = 3,
  CHOLESKY = 4,
  PRODUCTS = 5,
  PROJECTIONS = 6,
  TRIDIAGONALS = 7,
  NORMALS = 8,
  COMPARISONS = 9,
}

/** What a job consists of. Places are byte positions; what a kind of job does not need is 0. */
export enum JobField {
  kind = 0,
  /** How many tasks there are; threads take the next one each. */
  tasks = 1,
  /** Place of the left panels of all vectors; of a factor, of the factor itself. */
  left = 2,
  /** Place of the squared norms of the vectors. */
  norms = 3,
  vectors = 4,
  /** Entries of a vector; of a factor, the columns that are done. */
  length = 5,
  /** Vectors of a block, a multiple of both sides of a tile. */
  block = 6,
  /** Place of the matrix that products go to. */
  output = 7,
  /** 1 where distances are taken by differences alone. */
  byDifferences = 8,
  /** Place of what each thread, or each task that is a whole matrix, has for itself. */
  scratch = 9,
  /** Bytes from one's own to the next one's. */
  scratchBytes = 10,
  /** Of products of two sets of vectors: how many the first has. The second begins with the next block. */
  rows = 11,
  /** Place of the sums of distances, one a task; 0 where none are wanted. */
  sums = 12,
  /** Of projections: how many directions there are, and the place of their right panels, block by block. */
  directions = 13,
  right = 14,
  /**
   * Place of two float64: what a projection is multiplied by to be an angle, and the largest that has one. Of normals: the
   * number of the first one, how many there are of a vector, and the seed.
   */
  scale = 15,
  /** Bytes from the scratch of a thread to the least squared distances of the rows, and the open pairs behind; 0 for none. */
  terms = 16,
  /** Place of the lengths of the rows, room for eight more, and the inverses; 0 where no repulsion is wanted. */
  lengths = 17,
  /** Place of two float64: the share of s_i + s_j, and the size, that a difference of squares must have. */
  trusted = 18,
  /** Of comparisons: place of the bounds of the rows, and behind them of those of the columns. */
  bounds = 19,
}
