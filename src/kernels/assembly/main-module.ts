import { eigenvalues } from './algebra';
import { runBlock } from './blocks';
import { solveRows } from './cholesky';
import * as job from './job';
import { multiplyBlock } from './products';

export { untrustedShare } from './blocks';
export {
  choleskyBlock,
  choleskyBytes,
  choleskyTileBytes,
  placeTriangle,
  takeDiagonal,
  takeTriangle,
} from './cholesky';
export { describeJob } from './job';
export { packColumns, packRows } from './panels';

function takeTasks(thread: u32): void {
  const count = job.tasks();
  for (let task = job.nextTask(); task < count; task = job.nextTask()) {
    if (job.kind() === job.EIGENVALUES) eigenvalues(job.scratch(task), job.vectors());
    else if (job.kind() === job.CHOLESKY) solveRows(task, thread);
    else if (job.kind() === job.PRODUCTS) multiplyBlock(task, thread);
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
