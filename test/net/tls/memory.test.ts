import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TLS_VERSIONS } from '../../../src/core/facts/tls.ts';
import { recordedBytes } from '../../support/tls.ts';
import { scanPort } from '../../support/tls-scan.ts';

const MIB = 1024 * 1024;
const ENDPOINTS = 100;

/** Sends the same bytes for as long as anybody listens. */
function endlessly(bytes: Buffer, first: Buffer = Buffer.alloc(0)): (socket: Socket) => void {
  return (socket) => {
    socket.on('error', () => {});
    socket.resume();
    const send = (): void => {
      while (socket.writable && socket.write(bytes));
    };
    socket.on('drain', send);
    socket.write(first);
    send();
  };
}

const record = (type: number, body: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff]), body]);
const filler = record(22, Buffer.alloc(16_384, 0x5a));
/** A message that says that 16 MiB of it are to come. */
const endlessMessage = record(22, Buffer.from([2, 255, 255, 255]));
/** A whole ServerHello, then a Certificate message without end. */
const endlessChain = Buffer.concat([
  recordedBytes('tls12-ecdhe.hex').subarray(0, 90),
  record(22, Buffer.from([11, 255, 255, 255])),
]);

describe('a hundred endpoints that never stop sending, looked at together', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const ports: number[] = [];
  let sent = 0;

  beforeAll(async () => {
    const habits = [
      endlessly(filler, endlessMessage),
      endlessly(filler, endlessChain),
      endlessly(Buffer.alloc(65_536, 0x41)),
      endlessly(record(22, Buffer.from([99, 0, 0, 0]))),
    ];
    for (const habit of habits) {
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => {
          sent += socket.bytesWritten;
          sockets.delete(socket);
        });
        habit(socket);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      ports.push(typeof address === 'object' && address ? address.port : 0);
    }
  });
  afterAll(() => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  });

  it('keep nothing of what they sent, and nothing is made up of it', async () => {
    const before = process.memoryUsage();
    let peak = 0;
    const watch = setInterval(() => {
      const now = process.memoryUsage();
      peak = Math.max(peak, now.heapUsed + now.external - before.heapUsed - before.external);
    }, 20);
    const signal = AbortSignal.timeout(20_000);
    const scans = Array.from({ length: ENDPOINTS }, (_, index) =>
      scanPort(ports[index % ports.length] ?? 0, undefined, { timeoutMs: 2_000, signal }),
    );
    const all = await Promise.all(scans).finally(() => clearInterval(watch));
    // One of the four begins with a whole ServerHello of TLS 1.2: that much it may be said to speak.
    for (const [index, facts] of all.entries()) {
      const spoken = index % ports.length === 1 ? ['TLSv1.2'] : [];
      const said = TLS_VERSIONS.filter((version) => facts.protocols[version].offered === true);
      expect(spoken).toEqual(expect.arrayContaining(said));
    }
    expect(JSON.stringify(all).length).toBeLessThan(ENDPOINTS * 20_000);
    // What has been sent by then was far more than may be kept of it. The servers' own buffers are in this process too.
    expect(sent).toBeGreaterThan(4 * MIB);
    expect(peak / MIB).toBeLessThan(200);
  });
});
