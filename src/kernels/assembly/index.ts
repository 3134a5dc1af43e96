import { runBlock } from './blocks';
import * as job from './job';
import { tridiagonalise } from './tridiagonal';
import { TILE_COLS, TILE_ROWS } from './vector';

export { untrustedShare } from './blocks';
export { choleskyBlock } from './cholesky';
export { qrPanel } from './householder-qr';
export { describeJob } from './job';
export { packColumns, packRows } from './panels';
export { tridiagonalPanel } from './tridiagonal';

export function tileRows(): u32 {
  return TILE_ROWS;
}
export function tileCols(): u32 {
  return TILE_COLS;
}

function takeTasks(thread: u32): void {
  const count = job.tasks();
  for (let task = job.nextTask(); task < count; task = job.nextTask()) {
    if (job.kind() === job.TRIDIAGONAL) tridiagonalise(job.scratch(task), job.vectors(), job.length());
    else runBlock(task, thread);
  }
}

/** The job described last, with whoever else serves; returns when it is done. */
export function runJob(): void {
  job.openJob();
  takeTasks(0);
  job.closeJob();
}

/** A worker's whole life: it ends with its thread. */
export function serve(thread: u32): void {
  let seen: i32 = 0;
  while (true) {
    seen = job.awaitJob(seen);
    if (job.enterJob()) takeTasks(thread);
    job.leaveJob();
  }
}
