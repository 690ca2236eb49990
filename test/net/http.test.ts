import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/net/http.ts';
import { follow } from '../../src/net/http-follow.ts';
import { closedPort, rawServer } from '../support/hostile.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(onRequest: (socket: Socket, head: string) => void) {
  const server = await rawServer(onRequest);
  cleanups.push(server.close);
  return server;
}

function client(more: Partial<HttpClientOptions> = {}): HttpClient & { connections(): number } {
  let connections = 0;
  const made = createHttpClient({
    home: '127.0.0.1',
    signal: new AbortController().signal,
    count: (what) => {
      if (what === 'connections') connections += 1;
    },
    ...more,
  });
  cleanups.push(() => made.close());
  return { ...made, connections: () => connections };
}

const answer = (body: string | Buffer, headers: string[] = []) =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\n${[...headers, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n`,
      'latin1',
    ),
    Buffer.from(body),
  ]);

describe('header lines', () => {
  it('come as sent: order, spelling, duplicates and bytes', async () => {
    const { url } = await serve((socket) =>
      socket.write(
        answer('hi', [
          'X-Frame-Options: DENY',
          'set-cookie: a=1',
          'X-FRAME-options: SAMEORIGIN',
          'Set-Cookie: b=2',
          'X-Name: caf\xe9',
        ]),
      ),
    );
    const result = await client().request(url);
    expect(result).toMatchObject({ ok: true, status: 200, body: 'hi', bodyTruncated: false });
    expect(result.ok && result.headers.slice(0, 5)).toEqual([
      ['X-Frame-Options', 'DENY'],
      ['set-cookie', 'a=1'],
      ['X-FRAME-options', 'SAMEORIGIN'],
      ['Set-Cookie', 'b=2'],
      ['X-Name', 'caf\xe9'],
    ]);
  });

  it('of informational answers are not those of the answer', async () => {
    const { url } = await serve((socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${answer('page', ['X-Real: yes'])}`),
    );
    const result = await client().request(url);
    expect(result.ok && result.headers[0]).toEqual(['X-Real', 'yes']);
  });
});

describe('a server that is not there', () => {
  it('listens on nothing', async () => {
    const port = await closedPort();
    expect(await client().request(`http://127.0.0.1:${port}/`)).toMatchObject({ ok: false, kind: 'refused' });
  });

  it('has a name that does not resolve', async () => {
    const result = await client({ home: 'no-such-host.invalid' }).request('http://no-such-host.invalid/');
    expect(result).toMatchObject({ ok: false, kind: 'unresolvable' });
  });
});

describe('a hostile server', () => {
  it('never answers', async () => {
    const { url } = await serve(() => {});
    const result = await client({ timeoutMs: 200 }).request(url);
    expect(result).toMatchObject({ ok: false, kind: 'timeout', reason: 'no complete answer within 0.2 s' });
  });

  it('answers one byte at a time', async () => {
    const { url } = await serve((socket) => {
      const text = `HTTP/1.1 200 OK\r\nX-Slow: ${'a'.repeat(1_000)}`;
      let sent = 0;
      const timer = setInterval(() => socket.write(text[sent++ % text.length] ?? 'a'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await client({ timeoutMs: 300 }).request(url)).toMatchObject({ ok: false, kind: 'timeout' });
  });

  it('sends headers without end', async () => {
    const { url } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write(`X-More-${'m'.repeat(500)}: ${'v'.repeat(500)}\r\n`));
        if (!socket.destroyed) socket.once('drain', more);
      };
      more();
    });
    expect(await client().request(url)).toMatchObject({ ok: false, kind: 'headers-too-large' });
  });

  it('sends a body without end: the headers count, the body is cut', async () => {
    const { url } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Kept: yes\r\n\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
        if (!socket.destroyed) socket.once('drain', more);
      };
      more();
    });
    const result = await client().request(url);
    expect(result).toMatchObject({ ok: true, headers: [['X-Kept', 'yes']], bodyTruncated: true });
    expect(result.ok && result.body.length).toBe(512 * 1024);
  });

  it('sends headers and then nothing: the headers count', async () => {
    const { url } = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'));
    const result = await client({ timeoutMs: 200 }).request(url);
    expect(result).toMatchObject({ ok: true, body: 'part', bodyTruncated: true });
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(200 * 1024 * 1024))],
    ['br', brotliCompressSync(Buffer.alloc(64 * 1024 * 1024))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(200 * 1024 * 1024)))],
  ])('sends a decompression bomb (%s)', async (encoding, bomb) => {
    const { url } = await serve((socket) => socket.write(answer(bomb, [`Content-Encoding: ${encoding}`])));
    const before = process.memoryUsage().rss;
    const result = await client().request(url);
    expect(result.ok && result.body.length).toBe(512 * 1024);
    expect(result).toMatchObject({ bodyTruncated: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('names an encoding that is not the one it used', async () => {
    const { url } = await serve((socket) => socket.write(answer('plain text', ['Content-Encoding: gzip'])));
    expect(await client().request(url)).toMatchObject({ ok: true, body: '', bodyTruncated: true });
  });

  it.each([
    ['a bad header name', 'HTTP/1.1 200 OK\r\nX\x00Y: 1\r\n\r\n'],
    ['a NUL in a value', 'HTTP/1.1 200 OK\r\nX-A: a\x00b\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('sends %s', async (_, bytes) => {
    const { url } = await serve((socket) => socket.end(bytes, 'latin1'));
    expect(await client().request(url)).toMatchObject({ ok: false, kind: 'not-http' });
  });

  it('resets the connection', async () => {
    const { url } = await serve((socket) => socket.resetAndDestroy());
    expect(await client().request(url)).toMatchObject({ ok: false, kind: 'reset' });
  });

  it('closes without a word', async () => {
    const { url } = await serve((socket) => socket.end());
    expect(await client().request(url)).toMatchObject({ ok: false, kind: 'reset' });
  });

  it('does not speak TLS where https is asked for', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const result = await client().request(`https://127.0.0.1:${port}/`);
    expect(result).toMatchObject({ ok: false, kind: 'tls', reason: 'the port does not speak TLS' });
  });

  it('says nothing where https is asked for', async () => {
    const { port } = await serve(() => {});
    const result = await client({ timeoutMs: 300 }).request(`https://127.0.0.1:${port}/`);
    expect(result).toMatchObject({ ok: false, kind: 'timeout' });
  });
});

describe('connections', () => {
  it('are kept and counted', async () => {
    const { url } = await serve((socket) => socket.write(answer('ok')));
    const http = client();
    for (let round = 0; round < 5; round += 1) expect(await http.request(url)).toMatchObject({ ok: true });
    expect(http.connections()).toBe(1);
  });

  it('that the server closed while idle are opened again', async () => {
    const { url } = await serve((socket) => socket.end(answer('ok')));
    const http = client();
    expect(await http.request(url)).toMatchObject({ ok: true });
    expect(await http.request(url)).toMatchObject({ ok: true });
    expect(http.connections()).toBe(2);
  });

  it('stop when the run is cancelled', async () => {
    const { url } = await serve(() => {});
    const controller = new AbortController();
    const pending = client({ signal: controller.signal }).request(url);
    controller.abort();
    expect(await pending).toMatchObject({ ok: false, kind: 'cancelled' });
    expect(await client({ signal: controller.signal }).request(url)).toMatchObject({ ok: false, kind: 'cancelled' });
  });

  it('carry no credentials', async () => {
    let head = '';
    const { port } = await serve((socket, request) => {
      head = request;
      socket.write(answer('ok'));
    });
    await client().request(`http://user:secret@127.0.0.1:${port}/#part`);
    expect(head).not.toMatch(/authorization|secret|cookie/i);
  });
});

describe('redirects', () => {
  const redirect = (to: string) => `HTTP/1.1 302 Found\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`;

  it('are followed hop by hop', async () => {
    const { url } = await serve((socket, head) =>
      socket.write(head.startsWith('GET / ') ? redirect('/next?a=1#x') : answer('page')),
    );
    const { replies, stopped } = await follow(client(), url);
    expect(stopped).toBeNull();
    expect(replies.map((reply) => [reply.url, reply.status])).toEqual([
      [url, 302],
      [`${url}next?a=1`, 200],
    ]);
  });

  it('in a loop end', async () => {
    const { url } = await serve((socket, head) => socket.write(redirect(head.startsWith('GET /a ') ? '/b' : '/a')));
    const { replies, stopped } = await follow(client(), url);
    expect(stopped?.kind).toBe('redirect-loop');
    expect(replies).toHaveLength(3);
  });

  it('without end stop after ten', async () => {
    let n = 0;
    const { url } = await serve((socket) => socket.write(redirect(`/${++n}`)));
    const { replies, stopped } = await follow(client(), url);
    expect(stopped?.kind).toBe('too-many-redirects');
    expect(replies).toHaveLength(11);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://0.0.0.0/',
    'http://2852039166/',
  ])('to %s are refused', async (to) => {
    const { url } = await serve((socket) => socket.write(redirect(to)));
    const { replies, stopped } = await follow(client(), url);
    expect(replies).toHaveLength(1);
    expect(stopped?.kind).toBe('blocked');
  });

  it('from a public target into loopback are refused', async () => {
    const inside = await serve((socket) => socket.write(answer('inside')));
    const { port } = await serve((socket) => socket.write(redirect(`http://127.0.0.1:${inside.port}/`)));
    // The name is given a loopback address for the connection and a public one for the judgement.
    const http = client({ home: 'shop.example', addresses: ['93.184.216.34'], timeoutMs: 300 });
    expect(await http.request(`http://127.0.0.1:${port}/`)).toMatchObject({ ok: false, kind: 'blocked' });
  });

  it.each(['file:///etc/passwd', 'gopher://x/', 'javascript:alert(1)', 'http://[bad'])(
    'to %s are not followed',
    async (to) => {
      const { url } = await serve((socket) => socket.write(redirect(to)));
      expect((await follow(client(), url)).stopped?.kind).toBe('bad-redirect');
    },
  );
});
