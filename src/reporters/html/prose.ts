import { xmlText } from '../view/xml-text.js';

/** Escapes a sentence, and shows what stands between backticks in it as code, whose flags break at no hyphen. */
export function prose(text: string): string {
  return xmlText(text).replace(
    /`([^`<>]+)`/g,
    (_, code: string) => `<code>${code.replace(/--\S+/g, '<span>$&</span>')}</code>`,
  );
}
