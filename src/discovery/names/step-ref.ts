import type { CollapseError } from '#errors.js';
import type { RowRange } from '#formats/shared/define-format.js';

export { stepName as stepLabel } from '#errors.js';

export const ROLES = ['prediction', 'target', 'context', 'mask', 'kl_reg'] as const;
export type Role = (typeof ROLES)[number];

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

export interface RunRef {
  /** The run's name in every output: the path the user gave, or the subdirectory below it. */
  readonly run: string;
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
