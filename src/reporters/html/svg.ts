import { xmlText } from '../view/xml-text.js';

/** The opening tag of a picture that says what it shows. */
export function svgOpen(
  { width, height }: { readonly width: number; readonly height: number },
  label: string,
): string {
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${xmlText(label)}">`;
}

/** Small text in the colour of what is around it. */
export function svgText(x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string): string {
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="currentColor" font-size="11">${xmlText(content)}</text>`;
}

/** A coordinate to a tenth of a pixel. */
export function px(x: number): number {
  return Math.round(x * 10) / 10;
}

/** A line of a legend: what a mark looks like, drawn in 28 by 10, and what it means. */
export function legendKey(mark: string, meaning: string): string {
  return `<span class="key"><svg viewBox="0 0 28 10" width="28" height="10" aria-hidden="true">${mark}</svg> ${meaning}</span>`;
}
