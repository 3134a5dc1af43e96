/** From faint to strong on light paper; the style has others for dark. */
const SHADES = [
  '#a9cbe8',
  '#8fb8de',
  '#75a4d2',
  '#5c90c5',
  '#457bb5',
  '#3067a3',
  '#1e5490',
  '#0f417a',
  '#053061',
  '#001f47',
];

export interface Shade {
  readonly name: string;
  readonly colour: string;
}

/** Chooses a shade by how far along the steps it is, 0 to 1. */
export function shadeAt(share: number): Shade {
  const i = Math.min(SHADES.length - 1, Math.round(share * (SHADES.length - 1)));
  return { name: `shade-${i}`, colour: SHADES[i]! };
}
