export const CHART = { width: 360, height: 178, left: 54, right: 14, top: 12, bottom: 27 } as const;

export type Level = 'error' | 'warn';

/** What a line is of, which is also how it looks. */
export type LineKind =
  | 'prediction'
  | 'target'
  | 'horizon'
  | 'bound'
  | 'warning-bound'
  | 'baseline'
  | 'reference'
  | 'reference-bound'
  | 'ok'
  | 'early'
  | 'warning'
  | 'alert'
  | 'error'
  | 'no-data';

/** A line over the steps; it breaks where a value is null. */
export interface Line {
  readonly name: string;
  readonly kind: LineKind;
  /** Ascending, as long as `y`. */
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** Of a run among others: its place in the table of runs. */
  readonly run?: number;
  /** Of a bound, the rule's id. */
  readonly rule?: string;
}

/** Steps in a row at which something failed, from half way to the step before to half way to the one after. */
export interface Failing {
  readonly level: Level;
  readonly from: number;
  readonly to: number;
  /** The first of them. */
  readonly first: number;
}

export interface Chart {
  readonly lines: readonly Line[];
  readonly failing: readonly Failing[];
}

/** The part of the steps that is drawn, and how. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly isLog: boolean;
  /** Stretches of which each line keeps the least and the greatest value. */
  readonly buckets: number;
}

/** Tests whether a chart can have a scale by powers of ten. */
export function isPositive({ lines }: Chart): boolean {
  return lines.every(({ y }) => y.every((value) => value === null || value > 0));
}

export function isBound({ kind }: Line): boolean {
  return kind.endsWith('bound') || kind === 'baseline' || kind === 'reference';
}

/** Tests whether a bound has a letter: those of a reference are the edges of its band. */
export function isLettered(line: Line): boolean {
  return isBound(line) && !line.kind.startsWith('reference');
}
