import { formatNumber } from '../../view/format-number.js';
import { svgText } from '../svg.js';
import type { Pairs } from './pairs.js';
import { shadeAt } from './shades.js';
import type { Points } from './turn.js';

export const PLANE = { width: 360, height: 300, middle: 150, reach: 138 } as const;
const MOST_COLOURS = 8;
const FULL = 32767;
/** Told apart by most of the colour-blind (Okabe and Ito), dark enough for paper. */
const COLOURS = ['#0072b2', '#c45500', '#008a63', '#a6568b', '#7a6a00', '#3d8fc4', '#555555', '#8f2d00'];

/** The rows of a step in a plane, as the page holds them. */
export interface Cloud {
  readonly step: number | null;
  readonly why: string;
  /** Of the variance that the plane holds. */
  readonly share: number;
  readonly scale: number;
  /** Little-endian int16 in base64; a coordinate is int16 / 32767 · scale. */
  readonly target: string;
  readonly prediction?: string;
  /** Of each row, its place in the list of labels; as at the step before where they are left out. */
  readonly labels?: readonly number[];
  readonly pairs?: Pairs;
}

export interface Clouds {
  readonly steps: readonly Cloud[];
  readonly labels: readonly string[];
  /** Labels are numbers in order: light to dark. */
  readonly isOrdered: boolean;
}

export function pointsFrom(text: string, scale: number): Float64Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from(
    { length: bytes.length >> 1 },
    (_, i) => (view.getInt16(2 * i, true) / FULL) * scale,
  );
}

export function pointsText(points: Points, scale: number): string {
  const view = new DataView(new ArrayBuffer(2 * points.length));
  for (let i = 0; i < points.length; i++) {
    view.setInt16(2 * i, scale === 0 ? 0 : Math.round((points[i]! / scale) * FULL), true);
  }
  let text = '';
  for (const byte of new Uint8Array(view.buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}

/** How a label is painted: its class and its colour without a style. */
export function labelPaint({ labels, isOrdered }: Clouds, i: number): { name: string; colour: string } {
  if (isOrdered) return shadeAt(labels.length < 2 ? 1 : i / (labels.length - 1));
  return { name: `label-${i % MOST_COLOURS}`, colour: COLOURS[i % MOST_COLOURS]! };
}

/**
 * Draws the rows of a step: targets as dots, predictions as crosses, and a line between each pair. The picture's edge is
 * `reach`. Without `hasPairs` it has the targets alone, for a page of many.
 */
export function drawCloud(clouds: Clouds, i: number, reach: number, hasPairs = true): string {
  const cloud = clouds.steps[i]!;
  const target = placed(cloud.target, cloud.scale, reach);
  const prediction =
    !hasPairs || cloud.prediction === undefined ? null : placed(cloud.prediction, cloud.scale, reach);
  const rows = target.length / 2;
  const { width, height, middle } = PLANE;
  const axes = `<path class="axis" d="M20 ${middle}H${width - 20}M${width / 2} 12V${height - 12}" fill="none" stroke="#ccc"/>`;
  const labels = labelsAt(clouds, i);
  let joins = '';
  const groups = new Map<number, { dots: string; crosses: string }>();
  for (let row = 0; row < rows; row++) {
    const label = labels?.[row] ?? -1;
    const group = groups.get(label) ?? { dots: '', crosses: '' };
    const [x, y] = [target[2 * row]!, target[2 * row + 1]!];
    group.dots += `M${x} ${y}h0`;
    if (prediction !== null) {
      const [u, v] = [prediction[2 * row]!, prediction[2 * row + 1]!];
      group.crosses += `M${u - 3} ${v}h6m-3-3v6`;
      joins += `M${x} ${y}L${u} ${v}`;
    }
    groups.set(label, group);
  }
  const marks = [...groups].map(([label, { dots, crosses }]) => {
    const paint = label < 0 ? { name: '', colour: '' } : labelPaint(clouds, label);
    const [dot, cross] =
      label < 0
        ? ['class="target" stroke="#0b6b50"', 'class="prediction" stroke="#0060a8"']
        : [
            `class="${paint.name}" stroke="${paint.colour}"`,
            `class="${paint.name}" stroke="${paint.colour}"`,
          ];
    const ring = crosses === '' ? '' : `<path ${cross} stroke-width="1" fill="none" d="${crosses}"/>`;
    return `<path ${dot} stroke-width="4.5" stroke-linecap="round" fill="none" d="${dots}"/>${ring}`;
  });
  const join =
    joins === ''
      ? ''
      : `<path class="join" stroke="#999" stroke-width=".6" stroke-opacity=".5" fill="none" d="${joins}"/>`;
  const size = svgText(width - 22, middle - 5, 'end', reach === 0 ? '0' : formatNumber(reach));
  return `${axes}${join}${marks.join('')}${size}`;
}

function labelsAt({ steps }: Clouds, i: number): Cloud['labels'] {
  return steps.slice(0, i + 1).findLast(({ labels }) => labels !== undefined)?.labels;
}

function placed(text: string, scale: number, reach: number): number[] {
  const { width, middle, reach: size } = PLANE;
  return Array.from(pointsFrom(text, scale), (x, i) => {
    const share = reach === 0 ? 0 : (x / reach) * size;
    return Math.round(i % 2 === 0 ? width / 2 + share : middle - share);
  });
}

/** Says of a step what its picture shows. */
export function cloudWords({ step, why, share }: Cloud): string {
  const name = step === null ? 'the step' : `step ${step}`;
  const percent = `${Number((share * 100).toPrecision(2))} % of the variance in this plane`;
  return `${name}${why === '' ? '' : ` (${why})`}: ${percent}`;
}
