/**
 * One job at a time, shared by all threads: who comes takes the next task. Every task leaves its result in a place of
 * its own, so that nothing depends on which thread took it.
 */
const CONTROL: usize = 1024;
const SEQUENCE: usize = CONTROL;
const OPEN: usize = CONTROL + 64;
const ACTIVE: usize = CONTROL + 128;
const NEXT: usize = CONTROL + 192;
const JOB: usize = CONTROL + 256;

export const PAIRWISE: u32 = 1;
export const GRAM: u32 = 2;
export const EIGENVALUES: u32 = 3;
export const CHOLESKY: u32 = 4;
export const PRODUCTS: u32 = 5;

export function kind(): u32 {
  return load<u32>(JOB);
}
export function tasks(): u32 {
  return load<u32>(JOB, 4);
}
/** The left panels of all vectors. */
export function left(): usize {
  return load<u32>(JOB, 8);
}
export function norms(): usize {
  return load<u32>(JOB, 12);
}
export function vectors(): u32 {
  return load<u32>(JOB, 16);
}
/** Entries of a vector. */
export function length(): u32 {
  return load<u32>(JOB, 20);
}
/** Vectors of a block, a multiple of TILE_ROWS and of TILE_COLS. */
export function block(): u32 {
  return load<u32>(JOB, 24);
}
/** The matrix that products go to. */
export function output(): usize {
  return load<u32>(JOB, 28);
}
/** 1 where distances are taken by differences alone. */
export function byDifferences(): u32 {
  return load<u32>(JOB, 32);
}
/** Each thread's own memory: right panels, then a block of sums. Where a task is a whole matrix, each task's own. */
export function scratch(owner: u32): usize {
  return (load<u32>(JOB, 36) + owner * load<u32>(JOB, 40)) as usize;
}
/** Sums of distances, one a task; 0 where none are wanted. */
export function sums(): usize {
  return load<u32>(JOB, 48);
}
/** Of products of two sets of vectors: how many the first has. The second begins with the next block. */
export function rows(): u32 {
  return load<u32>(JOB, 44);
}
export function serial(): i32 {
  return atomic.load<i32>(SEQUENCE);
}
export function nextTask(): u32 {
  return atomic.add<i32>(NEXT, 1) as u32;
}

export function describeJob(
  kind: u32,
  tasks: u32,
  left: u32,
  norms: u32,
  vectors: u32,
  length: u32,
  block: u32,
  output: u32,
  byDifferences: u32,
  scratch: u32,
  scratchBytes: u32,
  rows: u32,
  sums: u32,
): void {
  store<u32>(JOB, kind);
  store<u32>(JOB, tasks, 4);
  store<u32>(JOB, left, 8);
  store<u32>(JOB, norms, 12);
  store<u32>(JOB, vectors, 16);
  store<u32>(JOB, length, 20);
  store<u32>(JOB, block, 24);
  store<u32>(JOB, output, 28);
  store<u32>(JOB, byDifferences, 32);
  store<u32>(JOB, scratch, 36);
  store<u32>(JOB, scratchBytes, 40);
  store<u32>(JOB, rows, 44);
  store<u32>(JOB, sums, 48);
}

/** Lets the other threads in. */
export function openJob(): void {
  atomic.store<i32>(NEXT, 0);
  atomic.store<i32>(OPEN, 1);
  atomic.add<i32>(SEQUENCE, 1);
  atomic.notify(SEQUENCE, -1);
}

/** Returns when every thread has left: then all tasks are done, and the job may be described anew. */
export function closeJob(): void {
  atomic.store<i32>(OPEN, 0);
  let active = atomic.load<i32>(ACTIVE);
  while (active > 0) {
    atomic.wait<i32>(ACTIVE, active, -1);
    active = atomic.load<i32>(ACTIVE);
  }
}

/** Waits for a job after `seen`; returns its number. */
export function awaitJob(seen: i32): i32 {
  atomic.wait<i32>(SEQUENCE, seen, -1);
  return atomic.load<i32>(SEQUENCE);
}

export function enterJob(): bool {
  atomic.add<i32>(ACTIVE, 1);
  return atomic.load<i32>(OPEN) === 1;
}

export function leaveJob(): void {
  if (atomic.sub<i32>(ACTIVE, 1) === 1) atomic.notify(ACTIVE, -1);
}
