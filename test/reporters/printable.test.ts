import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '#reporters/view/printable.js';

describe('printable', () => {
  it.each([
    ['colour codes', '\u001b[31mred', '\\x1b[31mred'],
    ['the one-character CSI', '\u009b2J', '\\x9b2J'],
    ['line breaks', 'a\r\nb\u2028c\u2029d', 'a\\x0d\\x0ab\\u{2028}c\\u{2029}d'],
    ['bell, backspace and delete', '\u0007\b\u007f', '\\x07\\x08\\x7f'],
    ['what reorders text', 'a\u202egnp.\u2066x\u2069', 'a\\u{202e}gnp.\\u{2066}x\\u{2069}'],
    ['what cannot be seen', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
    ['half a pair', 'a\ud800b', 'a\\u{d800}b'],
  ])('shows %s as escapes', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves letters of every script', () => {
    const text = 'läufe/実験-1/δοκιμή 😀';
    expect(printable(text)).toBe(text);
    expect(printable(text, true)).toBe(
      'l\\xe4ufe/\\u{5b9f}\\u{9a13}-1/\\u{3b4}\\u{3bf}\\u{3ba}\\u{3b9}\\u{3bc}\\u{3ae} \\u{1f600}',
    );
  });

  it('lets no control character through, whatever the text', () => {
    const check = (text: string) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(printable(text, true)).toMatch(/^[\x20-\x7e]*$/);
    };
    assert(property(string({ unit: 'binary' }), check));
  });
});
