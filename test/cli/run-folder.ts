import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type NpyToWrite, writeNpy } from '../formats/write-npy.js';

/** A temporary directory with files written by relative path. */
export class RunFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'collapse-run-'));

  write(name: string, bytes: Uint8Array | string): void {
    const full = join(this.path, name);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, bytes);
  }

  /** An array of `shape`; its values are given, or well spread. */
  npy(name: string, shape: readonly number[], options: Partial<NpyToWrite> = {}): void {
    const count = shape.reduce((all, n) => all * n, 1);
    const values = options.values ?? Array.from({ length: count }, (_, i) => Math.sin(i * i + name.length));
    this.write(
      name,
      writeNpy({ descr: '<f4', fortran: false, version: 1, padding: 0, ...options, shape, values }),
    );
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
