import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { createServer } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Running, startCollapse, startExecutable } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';
import { writeRun } from '../support/small-runs.js';
import { FAST } from '../support/watching.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Asks a server, with headers that fetch would not send. */
function ask(
  address: string,
  path: string,
  method = 'GET',
  headers: OutgoingHttpHeaders = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

/** Reads events until their end. */
function events(address: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    request(new URL('events', address), (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      response.on('end', () => resolve([...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name!)));
    })
      .on('error', reject)
      .end();
  });
}

/** Resolves to the address that a watch says. */
async function addressOf(watching: Running, said: () => string): Promise<string> {
  await watching.printed('the page is at ', 'stderr');
  return /the page is at (\S+)/.exec(said())![1]!;
}

function startWatch(...more: string[]) {
  let said = '';
  const watching = startCollapse(['watch', 'run', ...FAST, '--serve', ...more], {
    cwd,
    onStderr: (text) => {
      said = text;
    },
  });
  return { watching, address: () => addressOf(watching, () => said) };
}

describe('collapse watch --serve', () => {
  it('always has the page beside clients that keep events, and lets no refused request keep a connection', async () => {
    writeRun(cwd, [{}]);
    const { watching, address } = startWatch('--until', '200');
    const at = await address();
    const streams: IncomingMessage[] = [];
    for (let i = 0; i < 30; i++) {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request(new URL('events', at), { agent: false }, resolve).on('error', reject).end();
      });
      answer.resume().on('error', () => {});
      streams.push(answer);
    }
    expect(streams.map(({ statusCode }) => statusCode).sort()).toEqual([
      ...new Array(24).fill(200),
      ...new Array(6).fill(503),
    ]);
    expect((await ask(at, '/')).status).toBe(200);
    const posted = await ask(at, '/', 'POST', { 'content-length': '1000000000', connection: 'keep-alive' });
    expect(posted).toMatchObject({ status: 405, headers: { connection: 'close' } });
    for (const stream of streams) stream.destroy();
    writeRun(cwd, [{}, {}]);
    expect((await watching.ended).code).toBe(0);
  }, 20_000);

  it('shows a page that grows with each step, and ends with the watch', async () => {
    const { watching, address } = startWatch('--until', '300');
    const at = await address();
    expect(at).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const empty = await ask(at, '/');
    expect(empty).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(empty.body).toContain('no data');
    const told = events(at);
    writeRun(cwd, [{}]);
    await watching.printed('step 100');
    const first = await ask(at, '/');
    expect(first.body).toContain('data-steps="100"');
    expect(first.body).toContain('<h3>Spectrum</h3>');
    expect(first.body).toContain('<h3>Embeddings</h3>');
    expect(first.body).toContain("connect-src 'self'");
    writeRun(cwd, [{}, {}, {}]);
    const { code } = await watching.ended;
    expect(code).toBe(0);
    const names = await told;
    // The version at the start, one for each step or more of a look, and the last.
    expect(names.length).toBeGreaterThan(3);
    expect(names.indexOf('end')).toBe(names.length - 1);
    await expect(ask(at, '/')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('answers nothing but the page and its events, to nobody who calls it by another name', async () => {
    writeRun(cwd, [{}]);
    const { watching, address } = startWatch('--until', '200');
    const at = await address();
    const { port } = new URL(at);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      'a b',
    ]) {
      expect((await ask(at, '/', 'GET', { host })).status, host).toBe(403);
    }
    for (const host of [
      `localhost:${port}`,
      'LOCALHOST',
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      'localhost:9999',
    ]) {
      expect((await ask(at, '/', 'GET', { host })).status, host).toBe(200);
    }
    for (const path of ['/run', '/../package.json', '/?x', '/events/', '//', '/%2e%2e/etc/passwd', '*']) {
      expect((await ask(at, path)).status, path).toBe(404);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await ask(at, '/', method);
      expect({ method, status, allow: headers.allow }).toEqual({ method, status: 405, allow: 'GET, HEAD' });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect(await ask(at, '/', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect((await ask(at, '/')).headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "frame-ancestors 'none'",
    });
    writeRun(cwd, [{}, {}]);
    expect((await watching.ended).code).toBe(0);
  });

  it('listens at a port that is named, and refuses one that is taken or none', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
    });
    const { watching } = startWatch(String(port));
    const { code, stderr } = await watching.ended;
    expect(code).toBe(3);
    expect(stderr).toContain(`cannot serve the page at 127.0.0.1:${port}: another program listens there`);
    await new Promise((resolve) => taken.close(resolve));
    writeRun(cwd, [{}]);
    const second = startWatch(`localhost:${port}`, '--until', '100');
    expect(await second.address()).toBe(`http://localhost:${port}/`);
    expect((await second.watching.ended).code).toBe(0);
    for (const bad of ['65536', '-1', 'x', '1.5', ':80', '::1:80']) {
      const refused = await startCollapse(['watch', 'run', `--serve=${bad}`], { cwd }).ended;
      expect({ bad, code: refused.code }).toEqual({ bad, code: 2 });
      expect(refused.stderr).toContain('--serve takes a port or HOST:PORT');
    }
  });

  it('says where the path goes that was taken for a port', async () => {
    const { code, stderr } = await startCollapse(['watch', '--serve', 'runs/exp1'], { cwd }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('a path goes before it: `collapse watch runs/exp1 --serve`');
  });

  it('ends at a signal though a browser looks on', async () => {
    writeRun(cwd, [{}]);
    let said = '';
    const { child, ...watching } = startExecutable(['watch', 'run', '--interval', '50ms', '--serve'], {
      cwd,
      onStderr: (text) => {
        said = text;
      },
    });
    const at = await addressOf(watching, () => said);
    // One that never takes the last page.
    const told = events(at);
    await watching.printed('step 100');
    child.kill('SIGINT');
    expect((await watching.ended).code).toBe(130);
    expect((await told).at(-1)).toBe('end');
  });
});
