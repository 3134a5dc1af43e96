import { showPath } from '#discovery/names/show-path.js';
import type { Role } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import { type PlacedRows, type RowPlaces, rowPlaces } from '#numerics/positions/row-places.js';
import type { HorizonInput } from './horizon-axis.js';
import type { LoadedPart } from './loaded-input.js';

export interface SampleAxis {
  /** As --sample-axis names it; negative: from the end. Absent: the first axis that is not the horizons'. */
  readonly sampleAxis?: number | undefined;
  readonly perStepAxis?: number | undefined;
}

/**
 * Finds the sample and the position of each row of a step; null where its arrays have two axes, or lie differently.
 * Throws `InputError` E228 for an array of three axes or more without the axis that --sample-axis names.
 *
 * @param kept The rows that a mask keeps; null where there is none.
 */
export function placeRows(
  asked: SampleAxis,
  roles: ReadonlyMap<Role, HorizonInput>,
  kept: Uint32Array | null,
): RowPlaces | null {
  const { rows } = roles.get('prediction')!;
  const found = [...roles]
    .filter(([, input]) => input.rows === rows && input.parts.every(({ shape }) => shape.length > 2))
    .map(([role, { parts }]) => piecesOf(asked, role, parts));
  const [first, ...others] = found;
  if (first == null) return null;
  const text = JSON.stringify(first);
  if (others.some((other) => JSON.stringify(other) !== text)) return null;
  const places = rowPlaces(first, roles.get('prediction')!.parts[0]!.shape.length - 2);
  return kept === null ? places : places.keep(kept);
}

/** null where the arrays of several ranks have other positions than each other. */
function piecesOf(asked: SampleAxis, role: string, parts: readonly LoadedPart[]): PlacedRows[] | null {
  const pieces: PlacedRows[] = [];
  let firstSample = 0;
  for (const part of parts) {
    const axes = axesOf(asked, role, part);
    // Ranks that pad to their own longest sequence still count positions alike; grids of another shape do not.
    const isAlike =
      part.shape.length === 3 && axes.outer === 1
        ? parts.every(({ shape }) => shape.length === 3)
        : String(otherAxes(axes.axis, part)) === String(otherAxes(axes.axis, parts[0]!));
    if (!isAlike) return null;
    const { inner, samples, outer } = axes;
    for (const [start, end] of part.from.rows ?? [[0, part.rows]]) {
      pieces.push({ from: start, count: end - start, inner, samples, outer, firstSample });
    }
    firstSample += samples;
  }
  return pieces;
}

function axesOf({ sampleAxis, perStepAxis }: SampleAxis, role: string, { from, shape }: LoadedPart) {
  const fromStart = (axis: number) => (axis < 0 ? shape.length + axis : axis);
  const isHorizons = perStepAxis !== undefined && fromStart(perStepAxis) === 0;
  const axis = fromStart(sampleAxis ?? (isHorizons ? 1 : 0));
  if (!(axis >= 0 && axis < shape.length - 1)) {
    const why = axis === shape.length - 1 ? `axis ${axis} is its dimensions` : `it has no axis ${sampleAxis}`;
    throw new InputError('E228', `the ${role} ${showPath(from.path)} is [${shape.join(', ')}]: ${why}`, {
      path: from.path,
      fields: { axis: sampleAxis, shape },
      hint: `--sample-axis names one of the axes 0 to ${shape.length - 2}`,
    });
  }
  const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);
  return {
    axis,
    outer: product(shape.slice(0, axis)),
    samples: shape[axis]!,
    inner: product(shape.slice(axis + 1, -1)),
  };
}

function otherAxes(axis: number, { shape }: LoadedPart): readonly number[] {
  return shape.slice(0, -1).filter((_, i) => i !== axis);
}
