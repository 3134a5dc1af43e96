import type { ArrayDescription } from './define-format.js';

/** The limit of numpy and of PyTorch. */
export const MAX_AXES = 64;

/** Multiplies the axes of a shape; 1 for none, as numpy has it. */
export function product(axes: readonly number[]): number {
  return axes.reduce((all, axis) => all * axis, 1);
}

/** Counts the rows of an array, its leading axes flattened; null where only the values show it. */
export function storedRows({ shape }: Pick<ArrayDescription, 'shape'>): number | null {
  const leading = shape.slice(0, -1);
  return leading.every((side) => side !== null) ? product(leading) : null;
}

/**
 * Says how more than two stored axes became rows and columns, and of what looks like maps of a convolution, [B, C, H, W], that
 * channels must come last; nothing for a plain matrix.
 */
export function flattenNotes(shape: readonly number[], rows: number): string[] {
  if (shape.length <= 2) return [];
  const [width = 0, height = 0] = shape.toReversed();
  const areMaps = shape.length > 3 && width === height && width < shape[1]!;
  const channels = areMaps
    ? ` of ${width}; if axis 1 holds the channels, put them last: \`np.moveaxis(x, 1, -1)\``
    : '';
  return [`${shape.length}-D [${shape.join(', ')}] flattened to ${rows} rows${channels}`];
}

/** Names the compression of an array's parts; nothing where none is compressed. */
export function compressionOf(codecs: Iterable<string | null>): Pick<ArrayDescription, 'compression'> {
  const names = [...new Set(codecs)].filter((name) => name !== null);
  return names.length === 0 ? {} : { compression: names.sort().join(', ') };
}
