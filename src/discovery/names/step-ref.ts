import type { CollapseError } from '#errors.js';
import type { RowRange } from '#formats/shared/define-format.js';

export { stepName as stepLabel } from '#errors.js';

export const ROLES = ['prediction', 'target', 'context', 'mask', 'label', 'group', 'kl_reg'] as const;
export type Role = (typeof ROLES)[number];

/** Is true for the roles that say something of each row and that no step must have. */
export function describesRows(role: Role): role is 'label' | 'group' {
  return role === 'label' || role === 'group';
}

/** Where one array, or a part of one, lies. */
export interface InputPart {
  readonly path: string;
  /** Array or column inside the file; null where the file holds one unnamed array. */
  readonly key: string | null;
  /** Rows of that array that belong to the step; null for all. */
  readonly rows: readonly RowRange[] | null;
  /** 'metadata': the number stands in the file's key-value metadata under `key`; 'json': the file is a JSON number or `{kl_reg}`. */
  readonly source: 'array' | 'metadata' | 'json';
}

/** Where one role of one step lies; the first part where it is in several. */
export interface InputRef extends InputPart {
  /** Of a mask: the value that keeps a row; 1 unless said. */
  readonly keeps?: 0 | 1;
  /** One for each shard, by their numbers, to be joined by rows; absent where the names say no shard. */
  readonly parts?: readonly ShardPart[];
}

export interface ShardPart extends InputPart {
  readonly shard: number;
}

/** Returns the parts of an input that is in several, else the input itself. */
export function partsOf(input: InputRef): readonly InputPart[] {
  return input.parts ?? [input];
}

/** One step's inputs. `step` is null for a single unnumbered step. */
export interface StepRef {
  readonly step: number | null;
  readonly inputs: Readonly<Partial<Record<Role, InputRef>>>;
}

/** What is true of every step of a run and stands in its records. */
export interface RunMarks {
  /** Which pair of several that each step has: `video`, `layer4`. */
  readonly branch?: string;
  /** The only step, given by itself: two files, a directory of a step, one array. */
  readonly byHand?: true;
  /** Steps of one array and no target: an encoder's output. */
  readonly role?: 'embeddings';
  /** From what the steps were read, where no word such as `step_500` says it. */
  readonly stepsFrom?: string;
}

export interface RunRef {
  /** The run's name in every output: the path the user gave, or the subdirectory below it. */
  readonly run: string;
  readonly marks: RunMarks;
  /** Sorted by step as numbers. */
  readonly steps: readonly StepRef[];
  /** Steps that cannot be loaded: two files for one role, a prediction without a target. */
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
  /** Files that take no role, with the reason; shown with --verbose. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
}

/** Compares by step, what has none first. */
export function byStep(
  a: { readonly step: number | null | undefined },
  b: { readonly step: number | null | undefined },
): number {
  return (a.step ?? -1) - (b.step ?? -1);
}
