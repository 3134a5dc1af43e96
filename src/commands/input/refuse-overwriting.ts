import { resolve } from 'node:path';
import { type InputRef, partsOf, type RunRef } from '#discovery/names/step-ref.js';
import { UsageError } from '#errors.js';
import { fileIdentity, identityBeside, identityOfDescriptor, lastNames } from '#io/file-identity.js';
import { isBinary } from '#io/regular-file.js';
import type { FlagValues } from '#options/flags.js';
import type { Plan } from '#plan.js';
import type { CommandContext } from './context.js';

/** Reports that are no text. */
const EVENTS = '-o tensorboard=';
/** Whatever is no state is left as it is (E403). */
const STATE = '--state ';

/** A file that a command will write, as the user asked for it. */
interface Written {
  readonly flag: string;
  readonly path: string;
  readonly identity: readonly string[];
}

/** Refuses files to write that are one another, or that the command reads, before any is written. */
export class OverwritingCheck {
  readonly #cwd: string;
  readonly #written: readonly Written[];

  /** Throws `UsageError` E104 where two of the files are one, or one is among `read`. */
  constructor(
    { outputs, records }: Pick<Plan, 'outputs' | 'records'>,
    { state, sentinel, normal }: Pick<FlagValues, 'state' | 'sentinel' | 'normal'>,
    read: readonly string[],
    { cwd, stdin }: Pick<CommandContext, 'cwd' | 'stdin'>,
  ) {
    this.#cwd = cwd;
    const asked = [
      ...outputs.map(({ format, path }) => ({ flag: `-o ${format}=`, path })),
      { flag: STATE, path: state },
      { flag: '--sentinel ', path: sentinel },
      { flag: '-o ', path: normal === '-' ? undefined : normal },
    ];
    this.#written = asked.flatMap(({ flag, path }) =>
      path == null ? [] : [{ flag, path, identity: fileIdentity(resolve(cwd, path)) }],
    );
    for (const { flag, path } of this.#written) {
      // Data that is read another time, or by others: an input that --last leaves out, a checkpoint.
      if (flag === EVENTS || flag === STATE || !isBinary(resolve(cwd, path))) continue;
      throw new UsageError('E104', `${flag}${path} would replace a file that is not a report`, {
        path,
        hint: 'name a different file',
      });
    }
    for (const [i, one] of this.#written.entries()) {
      const other = this.#written.slice(0, i).find((earlier) => shareOne(earlier.identity, one.identity));
      if (other === undefined) continue;
      throw new UsageError(
        'E104',
        `${other.flag}${other.path} and ${one.flag}${one.path} would be written to one file`,
        { path: one.path, hint: 'give each a file of its own' },
      );
    }
    for (const path of [...records, ...read]) {
      if (path !== '-') this.#refuse(path, fileIdentity(resolve(cwd, path)));
      else if (stdin.fd !== undefined) this.#refuse('standard input', identityOfDescriptor(stdin.fd));
    }
  }

  /** Throws `UsageError` E104 where one of the files is an input of these runs. */
  refuseInputs(runs: readonly RunRef[]): void {
    if (this.#written.length === 0) return;
    const names = lastNames(this.#written.map(({ identity }) => identity));
    const seen = new Set<string>();
    for (const { steps } of runs) {
      for (const { inputs } of steps) {
        for (const { path } of (Object.values(inputs) as InputRef[]).flatMap(partsOf)) {
          if (!seen.has(path)) this.#refuse(path, identityBeside(resolve(this.#cwd, path), names));
          seen.add(path);
        }
      }
    }
  }

  #refuse(read: string, identity: readonly string[]): void {
    const clash = this.#written.find((one) => shareOne(one.identity, identity));
    if (clash === undefined) return;
    throw new UsageError('E104', `${clash.flag}${clash.path} would replace what is read`, {
      path: read,
      hint: 'give it a file of its own',
    });
  }
}

function shareOne(a: readonly string[], b: readonly string[]): boolean {
  return a.some((name) => b.includes(name));
}
