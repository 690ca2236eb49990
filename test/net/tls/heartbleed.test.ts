import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Asker } from '../../../src/net/tls/asker.ts';
import { tryHeartbleed } from '../../../src/net/tls/heartbleed.ts';
import { baseHello } from '../../../src/net/tls/inventory.ts';
import { recordedBytes } from '../../support/tls.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers the hello with a recorded flight, and a heartbeat with these bytes. */
async function ask(heartbeat: Buffer | 'close'): Promise<boolean | null> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (data[0] === 22) socket.write(recordedBytes('tls12-ecdhe.hex'));
      else if (heartbeat === 'close') socket.end();
      else socket.write(heartbeat);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const asker = new Asker({
    address: '127.0.0.1',
    port: address.port,
    signal: AbortSignal.timeout(20_000),
    timeoutMs: 5_000,
    budget: 5,
    parallel: 1,
    onConnection: () => {},
    onFlight: () => {},
  });
  return tryHeartbleed(asker, { ...baseHello('shop.example'), version: 'TLSv1.2', suites: [0xc02f] });
}

describe('Heartbleed', () => {
  it('is a heartbeat that brings back what was not sent', async () => {
    expect(await ask(Buffer.from([24, 3, 3, 0, 67, 2, 0, 64, ...Buffer.alloc(64, 0x41)]))).toBe(true);
  });

  it('is not an alert, and not a close', async () => {
    expect(await ask(Buffer.from([21, 3, 3, 0, 2, 2, 10]))).toBe(false);
    expect(await ask('close')).toBe(false);
  });
});
