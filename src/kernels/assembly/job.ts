import { CONTROL, JOB, JobField } from '../constants';

/**
 * One job at a time, shared by all threads: each takes the next task. Every task leaves its result in a place of its
 * own, so that nothing depends on which thread took it.
 */
const SEQUENCE: usize = CONTROL;
const OPEN: usize = CONTROL + 64;
/** The pages that the memory had when the job began. */
const PAGES: usize = OPEN + 4;
/** How many threads are in the job; below 0 once one has ended in the midst of a task. */
const ACTIVE: usize = CONTROL + 128;
const NEXT: usize = CONTROL + 192;

/** Reads a field of the job. */
export function field(name: JobField): u32 {
  return load<u32>(JOB + ((name as usize) << 2));
}

/** Finds the memory of one thread, or of one task that is a whole matrix. */
export function scratchOf(owner: u32): usize {
  return (field(JobField.scratch) + owner * field(JobField.scratchBytes)) as usize;
}

/** Counts the jobs so far: the number of the present one. */
export function jobNumber(): i32 {
  return atomic.load<i32>(SEQUENCE);
}

/** Takes the next task; there is one only below the number of tasks. */
export function nextTask(): u32 {
  return atomic.add<i32>(NEXT, 1) as u32;
}

/** Lets the other threads in. */
export function openJob(): void {
  atomic.store<i32>(NEXT, 0);
  atomic.store<i32>(PAGES, memory.size());
  atomic.store<i32>(OPEN, 1);
  atomic.add<i32>(SEQUENCE, 1);
  atomic.notify(SEQUENCE, -1);
}

/**
 * Waits until every thread has left: then all tasks are done, and the job may be described anew. Traps where a thread
 * ended in the midst of a task, whose result is missing.
 */
export function closeJob(): void {
  atomic.store<i32>(OPEN, 0);
  let active = atomic.load<i32>(ACTIVE);
  while (active > 0) {
    atomic.wait<i32>(ACTIVE, active, -1);
    active = atomic.load<i32>(ACTIVE);
  }
  if (active < 0) unreachable();
}

/** Waits for a job after `seen`; returns its number. */
export function awaitJob(seen: i32): i32 {
  atomic.wait<i32>(SEQUENCE, seen, -1);
  return atomic.load<i32>(SEQUENCE);
}

/**
 * Joins the job; false where it is closed already, or where this thread does not see all of the memory: an engine may
 * miss to tell a thread that starts just then how far the memory grew, and filling or copying would trap beyond that.
 */
export function enterJob(): bool {
  atomic.add<i32>(ACTIVE, 1);
  if (atomic.load<i32>(OPEN) !== 1) return false;
  const pages = atomic.load<i32>(PAGES);
  if (memory.size() < pages) memory.grow(0);
  return memory.size() >= pages;
}

/** Leaves the job, and wakes who waits for the last to leave. */
export function leaveJob(): void {
  if (atomic.sub<i32>(ACTIVE, 1) === 1) atomic.notify(ACTIVE, -1);
}

/** Leaves from the midst of a task, whose result is then missing. */
export function abandonJob(): void {
  atomic.store<i32>(ACTIVE, i32.MIN_VALUE);
  atomic.notify(ACTIVE, -1);
}
