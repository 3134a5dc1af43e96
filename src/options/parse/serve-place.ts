import { UsageError } from '#errors.js';
import type { Parser } from './value-parsers.js';

/** Where a page is served. */
export interface ServePlace {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';

/** Reads a port, a host with a port, or nothing: any free port of this machine alone. */
export const servePlace: Parser<ServePlace> = (text, flag) => {
  if (text === '') return { host: LOOPBACK, port: 0 };
  const [, address, name, digits] = /^(?:(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port <= 65_535)) {
    throw new UsageError('E102', `${flag} takes a port or HOST:PORT, not '${text}'`, {
      fields: { flag, value: text },
      hint: /^[-\d]|:/.test(text)
        ? 'ports are whole numbers up to 65535'
        : `a path goes before it: \`collapse watch ${text} ${flag}\``,
    });
  }
  return { host: address ?? name ?? LOOPBACK, port };
};
