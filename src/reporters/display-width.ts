import stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;

/** Columns that text takes on a terminal; colour codes and combining marks take none, wide characters two. */
export function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}
