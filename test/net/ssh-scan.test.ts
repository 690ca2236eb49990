import { createDiffieHellman, getDiffieHellman } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { KEX_METHODS } from '../../src/net/ssh-kex/methods.ts';
import { mpint, packet, packetReader, sshString } from '../../src/net/ssh-kex/packets.ts';
import { expectKnown } from '../../src/net/ssh-known-hosts.ts';
import { scanSsh } from '../../src/net/ssh-scan.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that does a group exchange and nothing else; `p` says which modulus a request gets. */
async function gexServer(p: (min: number, preferred: number, max: number) => Buffer | null): Promise<number> {
  const lists = [
    ['diffie-hellman-group-exchange-sha256'],
    ['ssh-ed25519'],
    ['x'],
    ['x'],
    ['x'],
    ['x'],
    ['none'],
    ['none'],
    [],
    [],
  ];
  const hello = Buffer.concat([
    Buffer.of(20),
    Buffer.alloc(16),
    ...lists.map((list) => sshString(list.join(','))),
    Buffer.alloc(5),
  ]);
  const server = createServer((socket) => {
    const reader = packetReader();
    socket.on('error', () => {});
    socket.write(Buffer.concat([Buffer.from('SSH-2.0-fake\r\n'), packet(hello)]));
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      for (let message = reader.next(); message; message = reader.next()) {
        if (message[0] === 32) return socket.destroy();
        if (message[0] !== 34) continue;
        const modulus = p(message.readUInt32BE(1), message.readUInt32BE(5), message.readUInt32BE(9));
        if (!modulus) return socket.destroy();
        socket.write(packet(Buffer.concat([Buffer.of(31), mpint(modulus), mpint(Buffer.of(2))])));
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

async function groupsOf(port: number): Promise<{ max: number; bits: number | null }[]> {
  const { sshd } = await scanSsh({
    host: '127.0.0.1',
    port,
    signal: AbortSignal.timeout(20_000),
    timeoutMs: 10_000,
    expectation: expectKnown([], '127.0.0.1', port),
    onConnection() {},
    log() {},
  });
  return (sshd.groups ?? []).map(({ max, bits }) => ({ max, bits }));
}

const prime = (name: string) => getDiffieHellman(name).getPrime();

describe('asking for groups', () => {
  it('sees 1024 bits where a client that prefers them gets them', async () => {
    const port = await gexServer(() => prime('modp2'));
    expect(await groupsOf(port)).toEqual([{ max: 8192, bits: 1024 }]);
  });

  it('asks a server that chose a large one again, and insists on a small one', async () => {
    const port = await gexServer((_min, _preferred, max) => (max < 2048 ? prime('modp5') : prime('modp15')));
    expect(await groupsOf(port)).toEqual([
      { max: 8192, bits: 3072 },
      { max: 1536, bits: 1536 },
    ]);
  });

  it('takes a refusal for one', async () => {
    const port = await gexServer((_min, _preferred, max) => (max < 2048 ? null : prime('modp15')));
    expect(await groupsOf(port)).toEqual([
      { max: 8192, bits: 3072 },
      { max: 1536, bits: null },
    ]);
  });

  it('is not held up by a modulus that would take minutes to prove', async () => {
    const port = await gexServer(() => Buffer.alloc(4_000, 0xff));
    expect((await groupsOf(port))[0]).toEqual({ max: 8192, bits: 32_000 });
  });
});

describe('our half of a key exchange', () => {
  it('comes to the same secret as OpenSSL, for every group with a fixed size', () => {
    for (const name of ['modp2', 'modp14', 'modp16']) {
      const method = KEX_METHODS.find((one) => one.name === 'diffie-hellman-group-exchange-sha256');
      const theirs = createDiffieHellman(prime(name), Buffer.of(2));
      const half = method?.start({ p: prime(name), g: Buffer.of(2) });
      const secret = half?.secret(theirs.generateKeys());
      expect(mpint(secret ?? Buffer.alloc(0))).toEqual(
        mpint(theirs.computeSecret(half?.own.subarray(4) ?? Buffer.alloc(0))),
      );
    }
  }, 60_000);

  it('writes packets that it can read itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), (bytes) => {
        const payload = Buffer.concat([Buffer.of(50), bytes]);
        const whole = packet(payload);
        expect(whole.length % 8).toBe(0);
        expect(whole[4]).toBeGreaterThanOrEqual(4);
        const reader = packetReader();
        reader.push(Buffer.concat([Buffer.from('SSH-2.0-x\n'), whole]));
        expect(reader.next()).toEqual(payload);
      }),
    );
  });
});
