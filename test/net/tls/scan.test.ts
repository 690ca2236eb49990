import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { TLS_VERSIONS, type TlsAddressFacts, tlsAddressFacts } from '../../../src/core/facts/tls.ts';
import { scanAddress } from '../../../src/net/tls/scan.ts';
import { type RelayOptions, startRelay } from '../../support/relay.ts';
import { certificateDer, recordedBytes, testCertificate } from '../../support/tls.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A real server with TLS 1.2 and 1.3 and a few suites of each. */
function realServer(): Promise<number> {
  return listen(
    createTlsServer(
      {
        ...testCertificate(),
        minVersion: 'TLSv1.2',
        ciphers:
          'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA',
        honorCipherOrder: true,
        ALPNProtocols: ['h2'],
      },
      (socket) => socket.on('error', () => {}),
    ),
  );
}

async function scan(port: number, change: { budget?: number; timeoutMs?: number; signal?: AbortSignal } = {}) {
  const counted = { connections: 0 };
  const facts = await scanAddress({
    address: '127.0.0.1',
    port,
    serverName: 'shop.example',
    signal: AbortSignal.timeout(50_000),
    timeoutMs: 5_000,
    budget: 300,
    onConnection: () => {
      counted.connections += 1;
    },
    ...change,
  });
  expect(tlsAddressFacts.safeParse(facts).error).toBeUndefined();
  expect(facts.connections).toBe(counted.connections);
  return facts;
}

async function scanThrough(options: Omit<RelayOptions, 'to'>, change?: Parameters<typeof scan>[1]) {
  const relay = await startRelay({ to: await realServer(), ...options });
  closers.push(() => relay.close());
  const facts = await scan(relay.port, change);
  return { facts, connections: relay.connections() };
}

/** Nothing that the server has is denied, and nothing that it lacks is claimed; what is not known may be left open. */
function expectHonest(facts: TlsAddressFacts): void {
  const truth: Record<string, string[]> = {
    'TLSv1.2': [
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
    ],
    'TLSv1.3': ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'],
  };
  for (const version of TLS_VERSIONS) {
    const { offered, ciphers, complete } = facts.protocols[version];
    const real = truth[version] ?? [];
    expect(offered, version).not.toBe(real.length === 0);
    for (const cipher of ciphers) expect(real).toContain(cipher);
    if (complete) expect([...ciphers].sort(), version).toEqual([...real].sort());
  }
}

describe('a real server', () => {
  it('is told completely, with its certificate read', async () => {
    const facts = await scan(await realServer());
    expectHonest(facts);
    for (const version of TLS_VERSIONS) expect(facts.protocols[version].complete, version).toBe(true);
    expect(facts.protocols['TLSv1.2']).toMatchObject({ serverPreference: true });
    expect(facts.protocols['TLSv1.2'].ciphers[0]).toBe('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    expect(facts.groups).toContain('x25519');
    expect(facts.trust).toMatchObject({ trusted: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(facts.features).toMatchObject({
      alpn: ['h2'],
      secureRenegotiation: true,
      extendedMasterSecret: true,
      compression: false,
    });
    expect(facts.certificateChain).toHaveLength(1);
    expect(facts.certificateChain[0]).toMatchObject({
      names: { dns: ['shop.example', '*.shop.example'], ip: ['127.0.0.1', '::1'] },
      key: { type: 'ec', bits: 256 },
      mustStaple: true,
      ocsp: ['http://ocsp.shop.example/'],
      caIssuers: ['http://ca.shop.example/ca.crt'],
      crl: ['http://ca.shop.example/crl'],
      selfSigned: true,
      ca: false,
    });
    expect(certificateDer('shop.crt').length).toBeGreaterThan(0);
  });

  it('through a slow line is told the same', async () => {
    const { facts, connections } = await scanThrough({ delayMs: 15 });
    expectHonest(facts);
    expect(facts.protocols['TLSv1.3'].complete).toBe(true);
    expect(facts.connections).toBe(connections);
  });
});

describe('a refusal is not a drop', () => {
  it.each([3, 4, 7])('every %ith connection reset: nothing is denied for it', async (nth) => {
    const { facts } = await scanThrough({ meddle: (n) => (n % nth === 0 ? 'reset' : 'pass') });
    expectHonest(facts);
    expect(facts.protocols['TLSv1.2'].offered).toBe(true);
  });

  it('resets at random, half of them', async () => {
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    const { facts } = await scanThrough({ meddle: () => (random() < 0.5 ? 'reset' : 'pass') });
    expectHonest(facts);
  });

  it.each([2, 6, 12, 20])('after %i connections no more are answered: the rest is left open', async (limit) => {
    const { facts } = await scanThrough({ meddle: (n) => (n > limit ? 'close' : 'pass') });
    expectHonest(facts);
    expect(Object.values(facts.protocols).some((protocol) => !protocol.complete)).toBe(true);
  });

  it('after some connections silence: the rest is left open, and soon', async () => {
    const { facts, connections } = await scanThrough(
      { meddle: (n) => (n > 9 ? 'swallow' : 'pass') },
      { timeoutMs: 150 },
    );
    expectHonest(facts);
    expect(connections).toBeLessThan(40);
  });

  it('a server that says no by hanging up is understood all the same', async () => {
    const { facts } = await scanThrough({ muteAlerts: true });
    expectHonest(facts);
    expect(facts.protocols['TLSv1.0'].offered).toBe(false);
    expect(facts.protocols['TLSv1.3']).toMatchObject({ offered: true, complete: true });
  });

  it.each([1, 2, 5])(
    'a server that takes %i connections at a time and resets the rest: nothing is denied for it',
    async (cap) => {
      const { facts } = await scanThrough({ cap });
      expectHonest(facts);
      if (cap > 1) expect(facts.protocols['TLSv1.2'].offered).toBe(true);
    },
  );

  it.each([0, 1, 5, 9, 43, 60, 200, 900])(
    'reset after %i bytes of every answer: nothing is made up',
    async (resetAfter) => {
      const { facts } = await scanThrough({ resetAfter }, { timeoutMs: 500 });
      for (const version of TLS_VERSIONS) {
        const { offered, complete } = facts.protocols[version];
        // Alerts are short: a refusal that came whole is one, whatever happens to longer answers.
        if (version === 'TLSv1.2' || version === 'TLSv1.3') expect(offered === false && complete, version).toBe(false);
      }
    },
  );

  it('a spent budget leaves the rest open', async () => {
    const { facts, connections } = await scanThrough({}, { budget: 12 });
    expectHonest(facts);
    expect(connections).toBeLessThanOrEqual(12);
    expect(facts.groupsComplete).toBe(false);
  });
});

describe('what is no TLS server', () => {
  const talker = (talk: (socket: Socket) => void): Promise<number> => listen(createServer(talk));

  it.each([
    ['closed port', async (): Promise<number> => 1, 'unreachable', /refused/],
    [
      'plain HTTP',
      (): Promise<number> => listen(createHttpServer((_, response) => void response.end())),
      'unreadable',
      /not TLS: HTTP/,
    ],
    ['an SSH banner', () => talker((socket) => socket.write('SSH-2.0-x\r\n')), 'unreadable', /not TLS: SSH/],
    ['a reset at once', () => talker((socket) => socket.resetAndDestroy()), 'unreachable', /reset|closed/],
    ['a close at once', () => talker((socket) => socket.end()), 'unreachable', /reset|closed/],
    ['silence', () => talker((socket) => socket.resume()), 'timeout', /no answer to a TLS hello/],
    ['garbage', () => talker((socket) => socket.write(Buffer.alloc(100_000, 0xa5))), 'unreadable', /not TLS/],
    ['a message of 16 MiB', () => talker(endlessMessage), 'unreachable', /./],
    ['records without end', () => talker(endless), 'unreachable', /./],
  ] as const)('%s', async (_, start, kind, reason) => {
    const facts = await scan(await start(), { timeoutMs: 300 });
    expect(facts.absence?.kind).toMatch(kind === 'unreachable' ? /unreachable|timeout|unreadable/ : kind);
    expect(facts.absence?.reason).toMatch(reason);
    expect(facts.absence?.reason).toContain('127.0.0.1:');
    for (const version of TLS_VERSIONS) expect(facts.protocols[version].offered).toBeNull();
  });

  it('an alert to whatever is asked leaves all open: no hello is known that would have worked', async () => {
    const port = await talker((socket) => socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40]))));
    const facts = await scan(port, { timeoutMs: 300 });
    for (const version of TLS_VERSIONS) expect(facts.protocols[version].offered, version).not.toBe(true);
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) expect(facts.protocols[version].offered).toBeNull();
  });

  it("a certificate before the hello that it belongs to is not read as this server's", async () => {
    const facts = await scan(await talker(reordered), { timeoutMs: 300 });
    expect(facts.certificateChain).toEqual([]);
    expect(facts.protocols['TLSv1.3'].offered).not.toBe(true);
  });

  it('a flight that stops anywhere ends at the deadline, with nothing made up', async () => {
    const flight = recordedBytes('tls12-ecdhe.hex');
    let at = 0;
    const port = await talker((socket) => {
      at = (at + 97) % flight.length;
      socket.once('data', () => socket.write(flight.subarray(0, at)));
    });
    const facts = await scan(port, { timeoutMs: 100, signal: AbortSignal.timeout(3_000) });
    expect(facts.protocols['TLSv1.3'].offered).not.toBe(true);
    expect(facts.protocols['TLSv1.2'].complete && facts.protocols['TLSv1.2'].ciphers.length > 1).toBe(false);
  });

  it('a cancelled scan ends at once and keeps what it has', async () => {
    const port = await talker((socket) => socket.resume());
    const facts = await scan(port, { timeoutMs: 30_000, signal: AbortSignal.timeout(200) });
    expect(facts.absence?.kind).toBe('timeout');
  });
});

/** A message that claims 16 MiB, and all of it. */
function endlessMessage(socket: Socket): void {
  const full = Buffer.concat([Buffer.from([22, 3, 3, 64, 0]), Buffer.alloc(16_384, 0x5a)]);
  socket.write(Buffer.from([22, 3, 3, 0, 4, 2, 255, 255, 255]));
  const send = (): void => {
    while (socket.writable && socket.write(full));
  };
  socket.on('drain', send);
  send();
}

/** The certificate first, then the hello it belongs to. */
function reordered(socket: Socket): void {
  const flight = recordedBytes('tls12-ecdhe.hex');
  const firstRecord = 5 + flight.readUInt16BE(3);
  socket.once('data', () => socket.end(Buffer.concat([flight.subarray(firstRecord), flight.subarray(0, firstRecord)])));
}

/** Empty handshake records as fast as they go. */
function endless(socket: Socket): void {
  const noise = Buffer.concat(Array.from({ length: 2_000 }, () => Buffer.from([22, 3, 3, 0, 4, 99, 0, 0, 0])));
  const send = (): void => {
    while (socket.writable && socket.write(noise));
  };
  socket.on('drain', send);
  send();
}
