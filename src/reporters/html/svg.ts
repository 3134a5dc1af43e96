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

/** A coordinate to a tenth of a pixel. */
export function px(x: number): number {
  return Math.round(x * 10) / 10;
}

/** A line of a legend: what a mark looks like, drawn in 28 by 10, and what it means. */
export function legendKey(mark: string, meaning: string): string {
  return `<span class="key">${keyMark(mark)} ${meaning}</span>`;
}

export function keyMark(mark: string): string {
  return `<svg viewBox="0 0 28 10" width="28" height="10" aria-hidden="true">${mark}</svg>`;
}
