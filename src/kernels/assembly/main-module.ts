import { JobField, JobKind } from '../constants';
import { tridiagonal, tridiagonalEigenvalues } from './algebra';
import { runBlock } from './blocks';
import { solveRows } from './cholesky';
import { compareBlock } from './comparisons';
import { awaitJob, closeJob, enterJob, field, leaveJob, nextTask, openJob, scratchOf } from './job';
import { addNormalProjections } from './phases';
import { multiplyBlock } from './products';
import { projectBlock } from './projections';

export { untrustedShare } from './blocks';
export {
  choleskyBlock,
  choleskyBytes,
  choleskyTileBytes,
  placeTriangle,
  takeDiagonal,
  takeTriangle,
} from './cholesky';
export { boundsRoom } from './comparisons';
export { abandonJob } from './job';
export { narrowPanels, packColumns, packRight, packRows } from './panels';
export { projectionScratchBytes } from './projections';

function takeTasks(thread: u32): void {
  const kind = field(JobField.kind);
  const count = field(JobField.tasks);
  for (let task = nextTask(); task < count; task = nextTask()) {
    if (kind === JobKind.TRIDIAGONALS) tridiagonal(scratchOf(task), field(JobField.vectors));
    else if (kind === JobKind.EIGENVALUES) {
      const first = (task as u32) * 2;
      tridiagonalEigenvalues(
        scratchOf(first),
        first + 1 < field(JobField.vectors) ? scratchOf(first + 1) : 0,
      );
    } else if (kind === JobKind.CHOLESKY) solveRows(task, thread);
    else if (kind === JobKind.PRODUCTS) multiplyBlock(task, thread);
    else if (kind === JobKind.COMPARISONS) compareBlock(task, thread);
    else if (kind === JobKind.NORMALS) addNormalProjections(task, thread);
    else if (kind === JobKind.PROJECTIONS) projectBlock(task, thread);
    else runBlock(task, thread);
  }
}

/** Does the job that the fields describe, with the threads that serve; returns when it is done. */
export function runJob(): void {
  openJob();
  takeTasks(0);
  closeJob();
}

/** Takes part in every job until the thread ends. */
export function serve(thread: u32): void {
  let seen: i32 = 0;
  while (true) {
    seen = awaitJob(seen);
    if (enterJob()) takeTasks(thread);
    leaveJob();
  }
}
