import { stripVTControlCharacters } from 'node:util';

/** The colours of a terminal: its ground, its text, and those of the codes that the command line writes. */
interface Theme {
  readonly ground: string;
  readonly text: string;
  readonly colors: Readonly<Record<number, string>>;
}

/** GitHub's own light and dark, so that a picture sits in its page. */
export const THEMES = {
  light: {
    ground: '#f6f8fa',
    text: '#1f2328',
    colors: { 31: '#cf222e', 32: '#116329', 33: '#7d4e00', 36: '#1b6f8a' },
  },
  dark: {
    ground: '#151b23',
    text: '#d1d7e0',
    colors: { 31: '#ff7b72', 32: '#56d364', 33: '#e3b341', 36: '#76d6e8' },
  },
} as const satisfies Record<string, Theme>;

const CELL = { width: 8, height: 18, font: 13 };
const MARGIN = 16;

/** What a terminal shows of text with ANSI colours and bold, as an SVG picture; every other code is refused. */
export function terminalSvg(ansi: string, columns: number, theme: Theme): string {
  const lines = ansi.replace(/\n+$/, '').split('\n');
  const width = columns * CELL.width + 2 * MARGIN;
  const height = lines.length * CELL.height + 2 * MARGIN;
  let style = { color: 0, isBold: false };
  const rows = lines.map((line, row) => {
    const spans: string[] = [];
    let column = 0;
    for (const [i, piece] of line.split('\u001b[').entries()) {
      const end = i === 0 ? 0 : piece.indexOf('m') + 1;
      if (i > 0) style = changed(style, Number(piece.slice(0, end - 1)), theme);
      const part = piece.slice(end);
      // Columns keep their places whatever font there is: each word group has its own x and length.
      for (const { 0: text, index } of part.matchAll(/\S+(?: \S+)*/g)) {
        const x = MARGIN + (column + [...part.slice(0, index)].length) * CELL.width;
        spans.push(span(text, x, style, theme));
      }
      column += [...part].length;
    }
    const y = MARGIN + row * CELL.height + CELL.font;
    return spans.length === 0 ? '' : `<text y="${y}">${spans.join('')}</text>\n`;
  });
  const title = escaped(stripVTControlCharacters(lines[0] ?? ''));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">\n`,
    `<title>${title}</title>\n`,
    `<rect width="100%" height="100%" rx="6" fill="${theme.ground}"/>\n`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.font}" fill="${theme.text}">\n`,
    ...rows,
    '</g>\n</svg>\n',
  ].join('');
}

type Style = { readonly color: number; readonly isBold: boolean };

function changed(style: Style, code: number, theme: Theme): Style {
  if (code === 1) return { ...style, isBold: true };
  if (code === 22) return { ...style, isBold: false };
  if (code === 39) return { ...style, color: 0 };
  if (!(code in theme.colors)) throw new Error(`the picture has no colour for the ANSI code ${code}`);
  return { ...style, color: code };
}

function span(text: string, x: number, { color, isBold }: Style, theme: Theme): string {
  const fill = color === 0 ? '' : ` fill="${theme.colors[color]}"`;
  const weight = isBold ? ' font-weight="bold"' : '';
  const length = [...text].length * CELL.width;
  return `<tspan x="${x}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${fill}${weight}>${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
