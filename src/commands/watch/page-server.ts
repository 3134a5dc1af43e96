import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { OutputError } from '#errors.js';
import { systemCode, systemReason } from '#io/system-error.js';
import type { ServePlace } from '#options/parse/serve-place.js';
import { livePage } from '#reporters/html/html.js';
import type { ReportDocument } from '#reporters/view/define-reporter.js';

/** What a browser that looks at the last page still has to take it before the server goes. */
const GRACE_MS = 1500;
const MOST_CONNECTIONS = 32;
/** Of those, what events may take: the page can always be had. */
const MOST_LISTENERS = 24;
/** A client that says nothing, or says it a byte at a time, keeps a connection no longer. */
const SILENCE_MS = 10_000;
/** Of one connection, which a browser then opens anew. */
const MOST_REQUESTS = 100;
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Shows the page of a report that grows: `/` is the page, `/events` says when there is a newer one, and there is nothing else.
 * It only answers requests that name it by an address, localhost, or the host it was started with: another site's name
 * that leads here is refused.
 */
export class PageServer {
  readonly #server: Server;
  readonly #place: ServePlace;
  readonly #listeners = new Set<ServerResponse>();
  #document: ReportDocument;
  /** As bytes: clients that ask and do not read share them. */
  #page: Buffer | null = null;
  /** Ascends from a time, so that a page of an earlier watch is not taken for the newest. */
  #version = Date.now();
  /** Resolves the wait for browsers to take the last page. */
  #taken: (() => void) | null = null;

  private constructor(place: ServePlace, document: ReportDocument) {
    this.#place = place;
    this.#document = document;
    const limits = {
      headersTimeout: SILENCE_MS,
      requestTimeout: SILENCE_MS,
      connectionsCheckingInterval: SILENCE_MS / 2,
    };
    this.#server = createServer(limits, (request, response) => this.#answer(request, response));
    this.#server.maxRequestsPerSocket = MOST_REQUESTS;
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** Listens at a place, or refuses it; a port of 0 is any that is free. */
  static async start(place: ServePlace, document: ReportDocument): Promise<PageServer> {
    const own = new PageServer(place, document);
    const { host, port } = place;
    await new Promise<void>((resolve, reject) => {
      own.#server.once('error', (cause) => {
        const reason =
          systemCode(cause) === 'EADDRINUSE' ? 'another program listens there' : systemReason(cause);
        const message = `cannot serve the page at ${host}:${port}: ${reason}`;
        reject(
          new OutputError('E401', message, {
            cause,
            hint: 'choose another port, or none for any that is free',
          }),
        );
      });
      own.#server.listen(port, host, resolve);
    });
    // What goes wrong with one connection ends that one.
    own.#server.on('error', () => {});
    return own;
  }

  get address(): string {
    const { host } = this.#place;
    const { port } = this.#server.address() as AddressInfo;
    return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`;
  }

  /** Takes another report, and tells those who look. */
  show(document: ReportDocument): void {
    this.#document = document;
    this.#page = null;
    this.#version++;
    for (const listener of this.#listeners) this.#tell(listener);
  }

  /** Shows the last report, tells those who look that it is the last, and closes. */
  async end(document: ReportDocument): Promise<void> {
    if (this.#listeners.size > 0) {
      this.show(document);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, GRACE_MS);
        let left = this.#listeners.size;
        this.#taken = () => {
          if (--left > 0) return;
          clearTimeout(timer);
          resolve();
        };
      });
      for (const listener of this.#listeners) listener.end('event: end\ndata:\n\n');
    }
    await this.stop();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    setTimeout(() => this.#server.closeAllConnections(), 100).unref();
    await closed;
  }

  #tell(listener: ServerResponse): void {
    listener.write(`event: change\ndata: ${this.#version}\n\n`);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    const refuse = (code: number, more = {}) =>
      response.writeHead(code, { ...HEADERS, connection: 'close', ...more }).end();
    if (!isOwnName(headers.host, this.#place.host)) refuse(403);
    else if (method !== 'GET' && method !== 'HEAD') refuse(405, { allow: 'GET, HEAD' });
    else if (url === '/') this.#answerPage(response);
    else if (url === '/events' && method === 'GET') {
      if (this.#listeners.size < MOST_LISTENERS) this.#answerEvents(response);
      else refuse(503);
    } else refuse(404);
  }

  #answerPage(response: ServerResponse): void {
    try {
      this.#page ??= Buffer.from(livePage(this.#document, this.#version));
    } catch (error) {
      // A page that cannot be made is no reason for the watch to end.
      response.writeHead(500, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
      response.end(`the page cannot be made: ${error instanceof Error ? error.message : error}`);
      return;
    }
    const body = this.#page;
    response.writeHead(200, {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
    });
    const version = this.#version;
    response.end(body, () => {
      if (version === this.#version) this.#taken?.();
    });
  }

  #answerEvents(response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    response.write('retry: 2000\n\n');
    this.#tell(response);
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
    response.on('error', () => {});
  }
}

/** Tests whether a request's Host is an address, localhost, or the name that the server was given. */
function isOwnName(header: string | undefined, own: string): boolean {
  const name = /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::\d+)?$/i.exec(header ?? '');
  const host = (name?.[1] ?? name?.[2] ?? '').toLowerCase();
  return host === 'localhost' || host === own.toLowerCase() || isIP(host) !== 0;
}
