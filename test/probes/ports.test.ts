import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { portsFacts } from '../../src/core/facts/ports.ts';
import { scanPorts } from '../../src/net/port-scan.ts';
import { chooseAddresses, subnet } from '../../src/probes/ports/choose-addresses.ts';
import { rangesOf, scanHost } from '../../src/probes/ports.ts';

const context = { signal: new AbortController().signal, now: () => 0, count: () => {} };
const servers: Server[] = [];
const open: number[] = [];

beforeAll(async () => {
  for (let at = 0; at < 3; at += 1) {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    const address = server.address();
    if (address && typeof address === 'object') open.push(address.port);
  }
});
afterAll(() => {
  for (const server of servers) server.close();
});

it('tells open ports from closed ones, and counts its connections', async () => {
  let connections = 0;
  const closed = 1; // tcpmux: nothing of this century listens there
  const facts = await scanHost('127.0.0.1', [...open, closed], {
    signal: new AbortController().signal,
    now: () => 0,
    count: (_what, n = 1) => {
      connections += n;
    },
  });
  expect(portsFacts.parse(facts)).toMatchObject({
    address: '127.0.0.1',
    open: [...open].sort((a, b) => a - b),
    closed: 1,
    filtered: 0,
  });
  expect(facts.addresses[0]?.refusedPorts).toEqual([closed]);
  expect(connections).toBe(4);
});

it('looks at all addresses of a host at the same time', async () => {
  const order: string[] = [];
  const listeners = await Promise.all(
    ['127.0.0.2', '127.0.0.3'].flatMap((host) =>
      [20_101, 20_102, 20_103].map(
        (port) =>
          new Promise<Server>((resolve, reject) => {
            const server = createServer((socket) => {
              order.push(host);
              socket.destroy();
            });
            server.once('error', reject).listen(port, host, () => resolve(server));
          }),
      ),
    ),
  );
  servers.push(...listeners);
  const closed = Array.from({ length: 400 }, (_, at) => at + 20_104);
  const facts = await scanHost('127.0.0.2', [20_101, 20_102, 20_103, ...closed], context, { besides: ['127.0.0.3'] });
  expect(facts.addresses.map((one) => [one.address, one.open.length])).toEqual([
    ['127.0.0.2', 3],
    ['127.0.0.3', 3],
  ]);
  expect(order.indexOf('127.0.0.3')).toBeLessThan(order.lastIndexOf('127.0.0.2'));
});

it('shares the bound on the rate with the scans beside it', async () => {
  const began = performance.now();
  const ports = Array.from({ length: 264 }, (_, at) => at + 20_600);
  const options = { address: '127.0.0.4', ports, signal: context.signal, concurrency: 64, timeoutMs: 1_000 };
  await scanPorts({ ...options, perSecond: 1_000, sharers: () => 4 });
  // 64 at once, the other 200 by 250 in a second.
  expect(performance.now() - began).toBeGreaterThan(780);
});

it('stops when it is told to', async () => {
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(scanHost('127.0.0.1', open, { signal: stop.signal, now: () => 0, count: () => {} })).rejects.toThrow(
    'enough',
  );
});

it('writes ports as ranges', () => {
  expect(rangesOf([22, 80, 81, 82, 443, 80])).toBe('22,80-82,443');
  expect(rangesOf(Array.from({ length: 65_535 }, (_, at) => at + 1))).toBe('1-65535');
});

const NEAR = subnet('10.0.0.1/24');
const device = (name: string, address: string) => ({
  device: name,
  family: address.includes(':') ? (6 as const) : (4 as const),
  address,
  prefix: 24,
});

it('looks at the addresses that a host names, but at no private one of a network that is not ours', () => {
  const addresses = [
    device('lo', '127.0.0.1'),
    device('eth0', '10.0.0.5'),
    device('eth0', '198.18.0.5'),
    device('eth1', '192.168.7.5'),
    device('docker0', '10.0.0.77'),
    device('eth0', '8.8.4.4'),
    device('eth0', '2a00:1450::5'),
    device('eth0', 'fe80::5'),
    device('eth0', '169.254.169.254'),
  ];
  const choice = chooseAddresses({ addresses, forwarding: { ipv4: false, ipv6: false } }, ['10.0.0.5'], NEAR);
  expect(choice.scan).toEqual(['8.8.4.4', '2a00:1450::5']);
  expect(choice.skipped.map((one) => one.address)).toEqual(['198.18.0.5', '192.168.7.5']);
  expect(chooseAddresses({ addresses, forwarding: { ipv4: false, ipv6: false } }, [], NEAR).scan).toContain('10.0.0.5');
});

it('asks no more than four addresses of a family that a host names', () => {
  const addresses = Array.from({ length: 300 }, (_, at) => device('eth0', `8.8.4.${at % 256}`));
  const choice = chooseAddresses({ addresses, forwarding: { ipv4: false, ipv6: false } }, [], NEAR);
  expect(choice.scan).toHaveLength(4);
  expect(choice.skipped.length).toBeLessThanOrEqual(64);
});

it('looks at addresses that the host tells while the scan runs', async () => {
  const facts = await scanHost(
    '127.0.0.1',
    open,
    {
      signal: new AbortController().signal,
      now: () => 0,
      count: () => {},
    },
    {
      besides: ['127.0.0.2'],
      told: Promise.resolve({ addresses: [device('eth0', '192.0.2.5')], forwarding: { ipv4: null, ipv6: null } }),
    },
  );
  expect(facts.addresses.map((one) => one.address)).toEqual(['127.0.0.1', '127.0.0.2']);
  expect(facts.addresses[0]?.source).toBe('127.0.0.1');
  expect(facts.skipped).toEqual([{ address: '192.0.2.5', reason: 'reserved addresses are not asked' }]);
});
