import { xmlText } from '../view/xml-text.js';

/** Escapes a sentence, and shows what stands between backticks in it as code. */
export function prose(text: string): string {
  return xmlText(text).replace(/`([^`<>]+)`/g, '<code>$1</code>');
}
