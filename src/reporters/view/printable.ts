/**
 * Makes text from outside (names, messages) safe to print: control characters, line breaks and characters that
 * reorder text are shown as escapes, and with `ascii` everything beyond ASCII too.
 */
export function printable(text: string, ascii = false): string {
  const unsafe = ascii ? /[^\x20-\x7e]/gu : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
