import { xmlText } from '../view/xml-text.js';

/** The opening tag of a picture that says what it shows. */
export function svgOpen(
  { width, height }: { readonly width: number; readonly height: number },
  label: string,
): string {
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="11" fill="currentColor" role="img" aria-label="${xmlText(label)}">`;
}

/** Small text in the colour of what is around it. */
export function svgText(
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  content: string,
  name = '',
): string {
  const own = name === '' ? '' : ` class="${name}"`;
  const side = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text${own} x="${px(x)}" y="${px(y)}"${side}>${xmlText(content)}</text>`;
}

/** Texts on one side of their places. */
export function svgTexts(
  anchor: 'middle' | 'end',
  texts: readonly (readonly [x: number, y: number, content: string])[],
): string {
  const shown = texts.map(([x, y, content]) => svgText(x, y, 'start', content));
  return shown.length === 0 ? '' : `<g text-anchor="${anchor}">${shown.join('')}</g>`;
}

/** A coordinate to a tenth of a pixel. */
export function px(x: number): number {
  return Math.round(x * 10) / 10;
}

/** Writes a line through points, each as its distance from the one before, which is half of what places take; one is a dot. */
export function lineThrough(points: readonly (readonly [number, number])[]): string {
  const tenths = points.map(([x, y]) => [Math.round(x * 10), Math.round(y * 10)] as const);
  const [first, ...others] = tenths;
  if (first === undefined) return '';
  const start = `M${first[0] / 10} ${first[1] / 10}`;
  if (others.length === 0) return `${start}h0`;
  const moves = others.flatMap(([x, y], i) => [x - tenths[i]![0], y - tenths[i]![1]]);
  const text = moves.map((move) => String(move / 10).replace(/^(-?)0\./, '$1.')).join(' ');
  // A sign, or a second point, says itself that a number begins.
  return `${start}l${text.replace(/ (?=-)|(?<=\.\d) (?=\.)/g, '')}`;
}

/** A line of a legend: what a mark looks like, drawn in 28 by 10, and what it means. */
export function legendKey(mark: string, meaning: string): string {
  return `<span class="key">${keyMark(mark)} ${meaning}</span>`;
}

export function keyMark(mark: string): string {
  return `<svg viewBox="0 0 28 10" width="28" height="10" aria-hidden="true">${mark}</svg>`;
}
