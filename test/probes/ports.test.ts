import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { portsFacts } from '../../src/core/facts/ports.ts';
import { rangesOf, scanHost } from '../../src/probes/ports.ts';

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

it('stops when it is told to', async () => {
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(scanHost('127.0.0.1', open, { signal: stop.signal, count: () => {} })).rejects.toThrow('enough');
});

it('writes ports as ranges', () => {
  expect(rangesOf([22, 80, 81, 82, 443, 80])).toBe('22,80-82,443');
  expect(rangesOf(Array.from({ length: 65_535 }, (_, at) => at + 1))).toBe('1-65535');
});
