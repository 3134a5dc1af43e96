/** A fenced block of code of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** Lists the fenced blocks of code of a page. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** Returns the anchor that GitHub makes of a heading. */
export function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
