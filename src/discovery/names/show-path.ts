/** Quotes a path for a message, on one line whatever its name holds. */
export function showPath(path: string): string {
  const printable = path.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (char) => `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
  return `'${printable.length > 300 ? `${printable.slice(0, 120)}…${printable.slice(-160)}` : printable}'`;
}
