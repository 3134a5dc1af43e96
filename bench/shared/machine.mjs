import { arch, cpus, totalmem } from 'node:os';

/** What the figures were measured on, in a line. */
export function machine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${arch()}, ${memory} GiB, Node ${process.version}`;
}
