/** Lone surrogates, which UTF-8 cannot hold, replaced by U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
