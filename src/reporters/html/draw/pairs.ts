import { bitmap, COLOURS } from './bitmap.js';
import { PLANE } from './points.js';

const FULL = 127;
const NONE = -128;
const SIDE = 2 * PLANE.reach;

/** Cosines of all pairs of some rows of a step, by role, as a record holds them. */
export interface Pairs {
  readonly rows: number;
  readonly target: string;
  readonly prediction?: string;
}

/** Draws the cosine of each pair of rows as a square, the first row at the top and at the left; from -1, dark, to 1, light. */
export function drawPairs(text: string, rows: number): string {
  const codes = codesOf(text);
  const at = (i: number, j: number): number => {
    if (i === j) return FULL;
    const [a, b] = i < j ? [i, j] : [j, i];
    return codes[a * rows - (a * (a + 1)) / 2 + b - a - 1] ?? NONE;
  };
  const levels = Array.from({ length: rows }, (_, fromFoot) =>
    Array.from({ length: rows }, (_, j) => levelOf(at(rows - 1 - fromFoot, j))),
  );
  const { width, middle, reach } = PLANE;
  return `<image x="${width / 2 - reach}" y="${middle - reach}" width="${SIDE}" height="${SIDE}" preserveAspectRatio="none" image-rendering="pixelated" href="${bitmap(levels)}"/>`;
}

function levelOf(code: number): number {
  return code === NONE ? 0 : 1 + Math.round(((code / FULL + 1) / 2) * (COLOURS - 2));
}

function codesOf(text: string): Int8Array {
  return Int8Array.from(atob(text), (character) => (character.charCodeAt(0) << 24) >> 24);
}

/** Says of a step what the pairs show: their mean. */
export function pairWords(text: string, step: number | null): string {
  const known = codesOf(text).filter((code) => code !== NONE);
  const mean = known.reduce((sum, code) => sum + code, 0) / known.length / FULL;
  const name = step === null ? 'the step' : `step ${step}`;
  return known.length === 0 ? `${name}: no pair` : `${name}: mean cosine ${mean.toFixed(2)}`;
}
