/** Levels of a picture: the first is for no value, the others go from dark to light. */
export const COLOURS = 64;
const HEAD = 14 + 40 + 4 * COLOURS;

/** From dark blue to light yellow: lightness alone tells them apart, also in grey and to the colour-blind (cividis). */
const STOPS = [
  [0, 34, 78],
  [53, 69, 108],
  [102, 105, 112],
  [148, 142, 119],
  [200, 184, 102],
  [254, 232, 56],
] as const;
const NO_VALUE = [208, 208, 216] as const;

/** A picture of numbers: `levels[row][column]`, from the bottom row on, as it lies in a BMP file. */
export type Levels = readonly (readonly number[])[];

function colour(share: number): readonly number[] {
  const at = Math.max(0, Math.min(1, share)) * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(at));
  return [0, 1, 2].map((c) => Math.round(STOPS[i]![c]! + (at - i) * (STOPS[i + 1]![c]! - STOPS[i]![c]!)));
}

export function colourAt(share: number): string {
  return `#${colour(share)
    .map((x) => x.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Writes a picture as the address of a BMP file: it has no compression, so that the page's script can read it again. */
export function bitmap(levels: Levels): string {
  const [height, width] = [levels.length, levels[0]?.length ?? 0];
  const stride = Math.ceil(width / 4) * 4;
  const bytes = new Uint8Array(HEAD + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [at, value] of [
    [2, bytes.length],
    [10, HEAD],
    [14, 40],
    [18, width],
    [22, height],
    [46, COLOURS],
  ] as const) {
    view.setUint32(at, value, true);
  }
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  for (let i = 0; i < COLOURS; i++) {
    const [red = 0, green = 0, blue = 0] = i === 0 ? NO_VALUE : colour((i - 1) / (COLOURS - 2));
    bytes.set([blue, green, red, 0], 54 + 4 * i);
  }
  for (const [row, own] of levels.entries()) bytes.set(own, HEAD + row * stride);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:image/bmp;base64,${btoa(text)}`;
}

/** Reads the levels of such a picture. */
export function levelsOf(address: string): number[][] {
  const text = atob(address.slice(address.indexOf(',') + 1));
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const [width, height] = [view.getUint32(18, true), view.getUint32(22, true)];
  const stride = Math.ceil(width / 4) * 4;
  return Array.from({ length: height }, (_, row) => [
    ...bytes.subarray(HEAD + row * stride, HEAD + row * stride + width),
  ]);
}
