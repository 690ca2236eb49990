import { createServer, type Server, type Socket } from 'node:net';
import { Server as Grpc, ServerCredentials } from '@grpc/grpc-js';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { lookAt, monitorOf, portOf } from './support.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that says the bytes, after something was said to it where `afterWord` is set. */
async function says(bytes: string | Buffer, afterWord = false): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    if (afterWord) socket.once('data', () => socket.write(bytes));
    else socket.write(bytes);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}

describe('a greeting', () => {
  it.each([
    { protocol: 'ssh', bytes: 'a line before\r\nSSH-2.0-OpenSSH_9.2p1\r\n', reason: null },
    { protocol: 'ssh', bytes: 'SSH-1.5-old\r\n', reason: 'speaks another version: "SSH-1.5-old"' },
    { protocol: 'smtp', bytes: '220-first\r\n220 mx ESMTP\r\n', reason: null },
    { protocol: 'smtp', bytes: '421 too busy\r\n', reason: 'answers "421 too busy"' },
    { protocol: 'smtp', bytes: 'SSH-2.0-x\r\n', reason: 'does not speak SMTP: "SSH-2.0-x"' },
    { protocol: 'ftp', bytes: '220 ready\r\n', reason: null },
    { protocol: 'imap', bytes: '* PREAUTH hello\r\n', reason: null },
    { protocol: 'imap', bytes: '* BYE full\r\n', reason: 'answers "* BYE full"' },
    { protocol: 'pop3', bytes: '+OK\r\n', reason: null },
    { protocol: 'pop3', bytes: '-ERR no\r\n', reason: 'answers "-ERR no"' },
    { protocol: 'ssh', bytes: 'x'.repeat(2_000), reason: 'what it says is no line of text' },
    { protocol: 'ssh', bytes: 'nothing\r\n'.repeat(4_000), reason: 'the answer is longer than 16384 bytes' },
  ])('of $protocol: $bytes', async ({ protocol, bytes, reason }) => {
    const beat = await lookAt(`${protocol}://127.0.0.1:${await says(bytes)}`);
    expect(beat).toMatchObject({ state: reason === null ? 'up' : 'down', reason });
  });

  it.each([
    { bytes: '+PONG\r\n', reason: null },
    { bytes: '-NOAUTH Authentication required.\r\n', reason: null },
    { bytes: '-LOADING Redis is loading the dataset in memory\r\n', reason: 'answers "-LOADING' },
    { bytes: 'HTTP/1.1 400 Bad Request\r\n', reason: 'does not speak Redis' },
  ])('of Redis: $bytes', async ({ bytes, reason }) => {
    const beat = await lookAt(`redis://127.0.0.1:${await says(bytes, true)}`);
    expect(beat.state).toBe(reason === null ? 'up' : 'down');
    if (reason !== null) expect(beat.reason).toContain(reason);
  });

  it.each([
    { what: 'wants a password', bytes: Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 5]), reason: null },
    {
      what: 'is starting',
      bytes: pgError('57P03', 'the database system is starting up'),
      reason: 'answers 57P03: the database system is starting up',
    },
    { what: 'is full', bytes: pgError('53300', 'too many clients'), reason: 'answers 53300: too many clients' },
    { what: 'refuses the stranger', bytes: pgError('28000', 'no pg_hba.conf entry'), reason: null },
    {
      what: 'is another program',
      bytes: Buffer.from('HTTP/1.1 400'),
      reason: 'does not speak PostgreSQL: "HTTP/1.1 400"',
    },
  ])('of a PostgreSQL that $what', async ({ bytes, reason }) => {
    const beat = await lookAt(`postgres://127.0.0.1:${await says(bytes, true)}`);
    expect(beat).toMatchObject({ state: reason === null ? 'up' : 'down', reason });
  });

  it.each([
    { what: 'is full', code: 1040, reason: 'answers 1040: said' },
    { what: 'has blocked us', code: 1129, reason: 'answers 1129: said' },
    { what: 'does not know this host', code: 1130, reason: null },
  ])('of a MySQL that $what', async ({ code, reason }) => {
    const payload = Buffer.concat([Buffer.from([255, code & 255, code >> 8]), Buffer.from('said')]);
    const beat = await lookAt(
      `mysql://127.0.0.1:${await says(Buffer.concat([Buffer.from([payload.length, 0, 0, 0]), payload]))}`,
    );
    expect(beat).toMatchObject({ state: reason === null ? 'up' : 'down', reason, code });
  });

  it('of a real SMTP server, with a word that it has to say', async () => {
    const server = new SMTPServer({ banner: 'mail for us', disabledCommands: ['AUTH'] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const address = server.server.address();
    const at = `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    expect(await lookAt(at, { expect: { body: [{ contains: 'mail for us' }] } })).toMatchObject({
      state: 'up',
      code: 220,
    });
    expect((await lookAt(at, { expect: { body: [{ contains: 'nobody' }] } })).reason).toContain(
      'does not contain "nobody"',
    );
  });

  it('is not waited for longer than the timeout', async () => {
    const beat = await lookAt(`ssh://127.0.0.1:${await says('')}`, { timeout: '100ms' });
    expect(beat).toMatchObject({ state: 'down', reason: 'no answer within 100 ms' });
  });
});

function pgError(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

describe('a WebSocket', () => {
  it('is up where the upgrade is taken', async () => {
    const closed: number[] = [];
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/live' });
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const bye = new Promise<void>((resolve) => {
      server.on('connection', (socket) => socket.on('close', (code) => resolve(void closed.push(code))));
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await lookAt(`ws://127.0.0.1:${port}/live`)).toMatchObject({ state: 'up', code: 101 });
    await bye;
    expect(closed).toEqual([1000]);
    expect(await lookAt(`ws://127.0.0.1:${port}/other`)).toMatchObject({
      state: 'down',
      reason: 'answered 400, not 101',
    });
  });

  it('is down where the answer is to nobody', async () => {
    const head = 'HTTP/1.1 101 x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: AAAA\r\n\r\n';
    const beat = await lookAt(`ws://127.0.0.1:${await says(head, true)}/`);
    expect(beat).toMatchObject({ state: 'down', reason: 'does not take the upgrade as RFC 6455 says' });
  });
});

describe('gRPC health', () => {
  async function grpc(check: (service: string) => number | null): Promise<number> {
    const server = new Grpc();
    const bytes = (value: Buffer): Buffer => value;
    server.addService(
      {
        check: {
          path: '/grpc.health.v1.Health/Check',
          requestStream: false,
          responseStream: false,
          requestSerialize: bytes,
          requestDeserialize: bytes,
          responseSerialize: bytes,
          responseDeserialize: bytes,
        },
      },
      {
        check: (call: { request: Buffer }, done: (error: { code: number } | null, value?: Buffer) => void) => {
          const status = check(call.request.subarray(2).toString());
          if (status === null) done({ code: 5 });
          else done(null, status === 0 ? Buffer.alloc(0) : Buffer.from([8, status]));
        },
      },
    );
    closing.push(() => server.forceShutdown());
    return new Promise((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  it('tells serving from not serving, service by service', async () => {
    const port = await grpc((service) => ({ '': 1, shop: 1, cart: 2, new: 0 })[service] ?? null);
    const at = (service: string) => lookAt(`grpc://127.0.0.1:${port}/${service}`);
    expect(await at('')).toMatchObject({ state: 'up', code: 0 });
    expect(await at('shop')).toMatchObject({ state: 'up' });
    expect(await at('cart')).toMatchObject({ state: 'down', reason: 'is NOT_SERVING' });
    expect(await at('new')).toMatchObject({ state: 'down', reason: 'is UNKNOWN' });
    expect(await at('gone')).toMatchObject({ state: 'down', reason: 'does not know that service', code: 5 });
  });

  it('is down where there is no health service, and where there is no gRPC', async () => {
    const server = new Grpc();
    closing.push(() => server.forceShutdown());
    const port = await new Promise<number>((resolve) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, bound) => resolve(bound)),
    );
    expect((await lookAt(`grpc://127.0.0.1:${port}`)).reason).toBe('has no health service (grpc.health.v1)');
    expect(await lookAt(`grpc://127.0.0.1:${await says('HTTP/1.1 400 Bad Request\r\n\r\n')}`)).toMatchObject({
      state: 'down',
    });
  });
});

describe('a configuration', () => {
  it.each([
    { endpoint: 'icmp://h:80', says: 'must be icmp://host without port or path' },
    { endpoint: 'dns://shop.test?type=ANY', says: 'type "ANY" is not known' },
    { endpoint: 'dns://shop.test?server=ns.test', says: 'server "ns.test" is not an address' },
    { endpoint: 'dns://shop.test?sever=10.0.0.1', says: '"sever" is not known' },
    { endpoint: 'grpc://shop.test', says: 'needs a port' },
    {
      endpoint: 'ssh://h',
      monitor: { expect: { status: [200] } },
      says: 'expect.status is nothing that ssh://h:22 can be asked for',
    },
    {
      endpoint: 'http://h/',
      monitor: { expect: { certificate: { validFor: '1d' } } },
      says: 'expect.certificate is nothing',
    },
    {
      endpoint: 'smtp://h',
      monitor: { expect: { certificate: { validFor: '1d' } } },
      says: 'expect.certificate is nothing',
    },
    { endpoint: 'imap://h', monitor: { expect: { body: [{ jsonPath: '$.a', equals: 1 }] } }, says: 'use contains' },
    { endpoint: 'icmp://h', monitor: { expect: { loss: 1 } }, says: 'nrecognized key' },
    { endpoint: 'tcp://h:1', monitor: { redirects: 3 }, says: 'redirects are for http' },
  ])('is refused: $endpoint $monitor', ({ endpoint, monitor, says: wanted }) => {
    expect(monitorOf(endpoint, monitor)).toContain(wanted);
  });

  it.each([
    { endpoint: 'wss://h/live?x=1', look: { kind: 'websocket', url: 'wss://h/live?x=1' } },
    { endpoint: 'grpcs://h/shop.Cart', look: { kind: 'grpc', port: 443, service: 'shop.Cart', tls: { ca: [] } } },
    {
      endpoint: 'dns://shop.test?type=mx&server=10.0.0.53:5353',
      look: { kind: 'dns', name: 'shop.test', type: 'MX', server: '10.0.0.53:5353' },
    },
    { endpoint: 'icmp://[::1]', look: { kind: 'icmp', host: '::1' } },
    { endpoint: 'imap://h:993', look: { kind: 'greeting', tls: { ca: [] } } },
  ])('is understood: $endpoint', ({ endpoint, look }) => {
    expect(monitorOf(endpoint)).toMatchObject({ look });
  });
});
