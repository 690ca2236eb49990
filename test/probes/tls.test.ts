import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { AbsentError } from '../../src/core/collected.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { tlsFacts } from '../../src/core/facts/tls.ts';
import type { EndpointTarget } from '../../src/core/target.ts';
import type { ProbeContext } from '../../src/probes/probe.ts';
import { tlsProbe } from '../../src/probes/tls.ts';
import { exampleTarget } from '../support/targets.ts';
import { testCertificate } from '../support/tls.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server, host: string, port = 0): Promise<number> {
  servers.push(server);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const tlsServer = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
  createTlsServer({ ...testCertificate(), maxVersion }, (socket) => socket.on('error', () => {}));

function look(change: Partial<EndpointTarget>) {
  const target: EndpointTarget = {
    kind: 'endpoint',
    id: 'shop-web',
    name: 'shop-web',
    service: null,
    environment: 'test',
    labels: {},
    protocol: 'https',
    url: 'https://shop.example/',
    host: 'shop.example',
    port: 443,
    ...change,
  };
  const counted = { connections: 0 };
  const context: ProbeContext = {
    signal: AbortSignal.timeout(30_000),
    now: () => 0,
    log: () => {},
    count: (_, n = 1) => {
      counted.connections += n;
    },
  };
  return tlsProbe.collect(target, context, new Set(['tls'])).then((gathered) => {
    const tls = gathered.tls;
    if (!tls?.ok) throw new Error('no fact');
    expect(tlsFacts.safeParse(tls.value).error).toBeUndefined();
    return { tls: tls.value, counted };
  });
}

describe('the TLS of an endpoint', () => {
  it('is looked at on every address, with the name of the target', async () => {
    const port = await listen(tlsServer('TLSv1.3'), '127.0.0.1');
    await listen(tlsServer('TLSv1.2'), '127.0.0.2', port);
    const { tls, counted } = await look({ port, addresses: ['127.0.0.1', '127.0.0.2', '127.0.0.3'] });
    expect(tls.serverName).toBe('shop.example');
    expect(tls.addresses.map((one) => [one.address, one.protocols['TLSv1.3'].offered, one.absence?.kind])).toEqual([
      ['127.0.0.1', true, undefined],
      ['127.0.0.2', false, undefined],
      ['127.0.0.3', null, 'unreachable'],
    ]);
    expect(counted.connections).toBe(tls.addresses.reduce((sum, one) => sum + one.connections, 0));
  });

  it('finds the node that is stale, on its address and port: one still speaks TLS 1.0, one is not there', async () => {
    const ports = await Promise.all([
      listen(tlsServer('TLSv1.3'), '127.0.0.1'),
      listen(tlsServer('TLSv1.3'), '127.0.0.2'),
      listen(tlsServer('TLSv1.2'), '127.0.0.1'),
    ]);
    const [first, second, stale] = ports;
    const addresses = [`127.0.0.1:${first}`, `127.0.0.2:${second}`, `127.0.0.1:${stale}`, '127.0.0.3:1'];
    const { tls } = await look({ addresses });
    const bundle = { schema: 1 as const, targetId: 'shop-web', kind: 'endpoint' as const, collectedAt: 0 };
    const findings = evaluate({
      target: exampleTarget({ needs: ['tls'] }),
      bundle: { ...bundle, facts: { tls: { ok: true, value: tls, at: 0, ms: 0 } } },
      checks: CHECKS.filter((check) => check.id === 'tls.address-consistency'),
      settings: (check) => ({ enabled: true, options: check.options.parse({}) }),
      now: 0,
    });
    expect(findings.map((one) => [one.status, one.subject])).toEqual([
      ['fail', `127.0.0.1:${stale}`],
      ['unknown', '127.0.0.3:1'],
    ]);
  });

  it("takes the target's own authority for trusted", async () => {
    const port = await listen(tlsServer('TLSv1.3'), '127.0.0.1');
    const addresses = ['127.0.0.1'];
    expect((await look({ port, addresses })).tls.addresses[0]?.trust.trusted).toBe(false);
    const trusted = await look({ port, addresses, ca: [testCertificate().cert] });
    expect(trusted.tls.addresses[0]?.trust).toMatchObject({ trusted: true, code: null });
  });

  it.each([
    ['a plain port', { protocol: 'http' }, 'not-applicable'],
    ['an SSH port', { protocol: 'ssh' }, 'not-applicable'],
    ['a closed port', { port: 1, addresses: ['127.0.0.1'] }, 'unreachable'],
    ['a name that does not resolve', { host: 'nowhere.invalid' }, 'unreachable'],
  ] as const)('%s gives a typed absence', async (_, change, kind) => {
    const thrown: unknown = await look({
      ...change,
      addresses: 'addresses' in change ? [...change.addresses] : undefined,
    } as Partial<EndpointTarget>).catch((error: unknown) => error);
    expect(thrown instanceof AbsentError && thrown.absence.kind).toBe(kind);
  });

  it('plain words on a TLS port are told from TLS', async () => {
    const port = await listen(
      createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      '127.0.0.1',
    );
    await expect(look({ port, addresses: ['127.0.0.1'] })).rejects.toThrow(/not TLS: HTTP/);
  });
});
