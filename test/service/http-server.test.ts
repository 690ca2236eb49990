import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/service/http-server.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close(0));

const QUICK = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 };

/** Sends a part of a request and nothing more; everything that came back until the server hung up. */
function halfRequest(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      answer += part;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('a client of our own server', () => {
  it.each([
    ['half a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['half a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
    ['nothing', ''],
  ])('that sends %s and waits is cut off', async (_, text) => {
    const read = async (request: Request) => new Response(await request.text());
    server = await startHttpServer(read, { host: '127.0.0.1', port: 0 }, QUICK);
    expect(await halfRequest(server.listen.port, text)).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('that sends too much of a header is refused', async () => {
    server = await startHttpServer(() => new Response('ok'), { host: '127.0.0.1', port: 0 });
    const text = `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`;
    expect(await halfRequest(server.listen.port, text)).toMatch(/^HTTP\/1\.1 431 /);
  });
});
