import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { AbsentError } from '../../src/core/collected.ts';
import { protocolOfBanner } from '../../src/net/banner.ts';
import { recognise } from '../../src/net/recognise.ts';
import { testCertificate } from '../support/tls.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const speaker = (talk: (socket: Socket) => void) =>
  createServer((socket) => {
    socket.on('error', () => {});
    talk(socket);
  });

const ask = (port: number) => recognise('127.0.0.1', port, { signal: AbortSignal.timeout(20_000), timeoutMs: 2_000 });

describe('what speaks on a port', () => {
  it.each([
    ['ssh', 'SSH-2.0-OpenSSH_9.2p1\r\n'],
    ['smtp', '220 mail.shop.example ESMTP Postfix\r\n'],
    ['ftp', '220 (vsFTPd 3.0.3)\r\n'],
    ['imap', '* OK [CAPABILITY IMAP4rev1] ready\r\n'],
    ['pop3', '+OK ready\r\n'],
    ['mysql', '\x4a\x00\x00\x00\x0a8.0.36\x00\x08\x00\x00\x00'],
  ])('%s by its greeting', async (protocol, greeting) => {
    const port = await listen(speaker((socket) => socket.write(Buffer.from(greeting, 'latin1'))));
    expect(await ask(port)).toBe(protocol);
  });

  it('plain HTTP', async () => {
    expect(await ask(await listen(createHttpServer((_, response) => response.end())))).toBe('http');
  });

  it('HTTP inside TLS, and anything else inside TLS', async () => {
    const options = testCertificate();
    const web = createTlsServer(options, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    });
    const other = createTlsServer(options, (socket) => {
      socket.on('error', () => {});
      socket.end('* OK ready\r\n');
    });
    expect(await ask(await listen(web))).toBe('https');
    expect(await ask(await listen(other))).toBe('tls');
  });

  it('PostgreSQL by its answer to SSLRequest', async () => {
    const port = await listen(
      speaker((socket) => socket.on('data', (data) => (data[4] === 0x04 ? socket.end('N') : socket.destroy()))),
    );
    expect(await ask(port)).toBe('postgres');
  });

  it('something that never says a word', async () => {
    expect(await ask(await listen(speaker(() => {})))).toBe('tcp');
  });

  it('says that nothing listens', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await expect(ask(port)).rejects.toThrow(AbsentError);
  });

  it('reads no banner into noise, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['string', 'undefined']).toContain(typeof protocolOfBanner(bytes));
      }),
    );
  });
});
