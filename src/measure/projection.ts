import { ABOUT_MEANS, CENTRE } from '#numerics/matrix/column-moments.js';
import { gathered } from '#numerics/matrix/gather-rows.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { MatrixView, Rows } from '#numerics/matrix/matrix-view.js';
import type { Batch, StepNeeds } from '#numerics/matrix/step-view.js';
import { randomRows } from '#numerics/random/random-rows.js';
import { PRINCIPAL_PLANE, type PrincipalPlane } from '#numerics/spectra/principal-plane.js';
import type { StepRecord } from '#report/record.js';
import { packedCosines, rowsOfPairs } from './pair-cosines.js';

const MOST_ROWS = 200;
/** A stream of random numbers of its own. */
const ROWS_STREAM = 5;
/** Of shares and of the scale: these are for drawing. */
const DIGITS = 6;
/** The largest coordinate as an integer. */
const FULL_SCALE = 2 ** 15 - 1;

/** By the number of rows and the seed alone: steps of one size show the same samples. */
const SHOWN = gathered('rows of the projection', ({ rows, sampling }) =>
  randomRows(Math.min(MOST_ROWS, rows), rows, sampling.seed, ROWS_STREAM),
);

const NEEDS = [SHOWN.places, SHOWN.rows, PRINCIPAL_PLANE, ...ABOUT_MEANS];
export const PROJECTION_NEEDS: StepNeeds = { prediction: NEEDS, target: NEEDS };

/**
 * Some rows of a step in the plane of the first two principal components of its target, or of the single embedding; the
 * prediction's about the same centre. Where the target is constant the plane is the prediction's; nothing where both
 * are, or where a coordinate overflows.
 */
export function projectionOf({ prediction, target, label }: Batch): Pick<StepRecord, 'projection'> {
  const first = target ?? prediction;
  const plane = first.get(PRINCIPAL_PLANE) ?? prediction.get(PRINCIPAL_PLANE);
  if (plane === null) return {};
  const of = (view: MatrixView) => coordinates(view.get(SHOWN.rows), first, plane);
  const [ofFirst, ofPrediction] = [of(first), target === null ? null : of(prediction)];
  let largest = 0;
  for (const x of [...ofFirst, ...(ofPrediction ?? [])]) largest = Math.max(largest, Math.abs(x));
  if (!Number.isFinite(largest)) return {};
  const scale = short(largest);
  const [x, y] = plane.shares;
  const labels = label === null ? undefined : labelsOf(label, first.get(SHOWN.places));
  return {
    projection: {
      rows: ofFirst.length / 2,
      share: [short(x), short(y)],
      scale,
      target: packed(ofFirst, scale),
      ...(ofPrediction === null ? {} : { prediction: packed(ofPrediction, scale) }),
      ...(labels === undefined ? {} : { labels }),
      ...cosinesOf(first.get(SHOWN.rows), target === null ? null : prediction.get(SHOWN.rows), labels),
    },
  };
}

function cosinesOf(
  { matrix }: Rows,
  prediction: Rows | null,
  labels: readonly string[] | undefined,
): Pick<NonNullable<StepRecord['projection']>, 'cosines'> {
  const rows = rowsOfPairs(matrix.rows, labels);
  if (rows.length < 2) return {};
  const target = packedCosines(matrix, rows);
  const other = prediction === null ? {} : { prediction: packedCosines(prediction.matrix, rows) };
  return { cosines: { rows: rows.length, target, ...other } };
}

/** x₀, y₀, x₁, y₁, … of the rows about the centre of `origin`. */
function coordinates({ matrix }: Rows, origin: MatrixView, { directions }: PrincipalPlane): Float64Array {
  const { mean, residual } = origin.get(CENTRE);
  const { data, rows, cols } = matrix;
  const out = new Float64Array(2 * rows);
  const [along, across] = directions;
  for (let i = 0, k = 0; i < rows; i++) {
    let [x, y] = [0, 0];
    for (let j = 0; j < cols; j++, k++) {
      const apart = data[k]! - mean[j]! - residual[j]!;
      x += along[j]! * apart;
      y += across[j]! * apart;
    }
    out[2 * i] = x;
    out[2 * i + 1] = y;
  }
  return out;
}

/** Coordinates as 16-bit integers, little-endian, in units of `scale` / FULL_SCALE, in base64. */
function packed(coordinates: Float64Array, scale: number): string {
  const bytes = Buffer.alloc(2 * coordinates.length);
  for (const [i, x] of coordinates.entries()) {
    const whole = scale === 0 ? 0 : Math.round((x / scale) * FULL_SCALE);
    bytes.writeInt16LE(Math.max(-FULL_SCALE, Math.min(FULL_SCALE, whole)), 2 * i);
  }
  return bytes.toString('base64');
}

/** Of factors the first. */
function labelsOf({ data, cols }: Matrix, rows: Float64Array): string[] {
  return Array.from(rows, (row) => {
    const value = data[row * cols]!;
    return String(Number.isInteger(value) ? value : short(value));
  });
}

function short(x: number): number {
  return Number(x.toPrecision(DIGITS));
}
