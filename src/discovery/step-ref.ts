import type { CollapseError } from '../errors.js';
import type { RowRange } from '../formats/define-format.js';

export const ROLES = ['prediction', 'target', 'context', 'mask', 'kl_reg'] as const;
export type Role = (typeof ROLES)[number];

/** Where one role of one step lies. */
export interface InputRef {
  readonly path: string;
  /** Array or column inside the file; null where the file holds one unnamed array. */
  readonly key: string | null;
  /** Rows of that array that belong to the step; null for all. */
  readonly rows: readonly RowRange[] | null;
  /** 'metadata': the number stands in the file's key-value metadata under `key`; 'json': the file is a JSON number or `{kl_reg}`. */
  readonly source: 'array' | 'metadata' | 'json';
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
  /** Files no role claims, with the reason; shown with --verbose. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
}
