import { eastAsianWidth } from 'get-east-asian-width';

const ESCAPE = '\u001b';
const COLOR_CODES = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g');
/** ASCII and the table's own signs, a column each. */
const ONE_COLUMN_EACH = /^[\x20-\x7e²×–…≤≥▁-█]*$/;
const MARK = /^[\p{Mn}\p{Me}]$/u;
/** Makes an emoji, two columns, of what would be one. */
const EMOJI_STYLE = '\ufe0f';

/**
 * Counts the columns that text takes on a terminal: colour codes and combining marks take none, wide characters two.
 * Never less than string-width says, whose exactness for sequences of emoji costs tens of milliseconds at its first
 * use.
 */
export function displayWidth(text: string): number {
  const bare = text.includes(ESCAPE) ? text.replace(COLOR_CODES, '') : text;
  if (ONE_COLUMN_EACH.test(bare)) return bare.length;
  let width = 0;
  for (const character of bare) {
    if (character === EMOJI_STYLE) width += 1;
    else if (!MARK.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return width;
}
