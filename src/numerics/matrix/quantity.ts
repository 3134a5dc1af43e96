/**
 * What several metrics need of a subject (a matrix, or the matrices of a step together), found once. The object is its
 * own key in the memo. It reads nothing of the subject but what it needs.
 */
interface Base<Of, Needs> {
  readonly name: string;
  readonly needs: Needs;
  /** What it needs besides, by the subject's shape and sampling alone. */
  alsoNeeds?(of: Of): Needs;
  /** What it needs besides, by the values of all the former: where numbers turn out to be extreme. */
  thenNeeds?(of: Of): Needs;
}

/**
 * Put together from blocks of rows. A matrix in memory is one block, whose part is the quantity itself; a longer one
 * passes by in many. What it needs is known before the rows pass by.
 */
export interface Fold<Of, Rows, Needs, Value> extends Base<Of, Needs> {
  /** Of one block. */
  part(rows: Rows): Value;
  /** Of two runs of rows, the earlier first. It may write to both. */
  join(earlier: Value, later: Value): Value;
}

/** Follows from other quantities. */
export interface Derived<Of, Needs, Value> extends Base<Of, Needs> {
  from(of: Of): Value;
  /** Finds it of several subjects at once, where all of them need it. No number depends on it. */
  together?(of: readonly Of[]): Value[];
  /** True for what the first pass finds whatever is asked: metrics and derived quantities read it undeclared. */
  readonly isGiven?: true;
}

/** Found of one block of rows alone, for the folds that share it. */
export interface Own<Rows, Value> {
  readonly name: string;
  of(rows: Rows): Value;
}

export type VisitNeed = (of: Subject, quantity: Quantity) => void;

export interface Subject {
  readonly role: string;
  /** Its rows as one block; null where they pass by. */
  readonly rowsInMemory: unknown;
  /** Visits each need with its subject, but those of matrices that the step lacks. */
  forEachNeed(needs: unknown, visit: VisitNeed): void;
  /** True where `needs`, which are of this subject, have that quantity of that subject. */
  declares(needs: unknown, of: Subject, quantity: unknown): boolean;
}

export type AnyFold = Fold<Subject, unknown, unknown, unknown>;
export type Quantity = AnyFold | Derived<Subject, unknown, unknown>;
