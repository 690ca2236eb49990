import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingOldNodes } from '../support/old-nodes.ts';
import { dhParameters, oldNodeServer, TLS_FLEET } from '../support/tls-fleet.ts';
import { failures, scanPort } from '../support/tls-scan.ts';
import { freePort, TlsServers } from '../support/tls-servers.ts';

const missing = [
  ...['/usr/sbin/nginx', '/usr/bin/openssl', '/usr/sbin/haproxy'].filter((tool) => !existsSync(tool)),
  ...missingOldNodes().map((version) => `Node ${version}`),
];
const suite = missing.length > 0 && process.env.CI !== 'true' ? describe.skip : describe;

let servers: TlsServers;
beforeAll(() => {
  servers = new TlsServers();
});
afterAll(() => servers.close());

const nginx = (name: string, ...directives: string[]) => {
  const { key, cert } = servers.keyPair(name, 'rsa:2048');
  return servers.nginx(name, [`ssl_certificate ${cert}`, `ssl_certificate_key ${key}`, ...directives]);
};

const SOUND = { heartbleed: false, ccsInjection: false, ticketbleed: false };

suite(`holes, on servers that have them and on servers that do not (needs ${missing.join(', ') || 'nothing more'})`, () => {
  it('OpenSSL 1.0.1e has Heartbleed and CCS injection, SSLv2, SSLv3 and export suites, and each is a finding', async () => {
    const pair = servers.keyPair('ancient', 'rsa:512');
    const facts = await scanPort(await oldNodeServer(servers, '0.10.0', pair, "ciphers:'ALL:COMPLEMENTOFALL'"));
    expect(facts.holes).toEqual({ heartbleed: true, ccsInjection: true, ticketbleed: false });
    const failed = failures(facts);
    for (const check of ['heartbleed', 'ccs-injection', 'drown', 'poodle', 'freak', 'ciphers', 'certificate-key'])
      expect(failed, check).toContain(check);
  });

  it.each([
    ['nginx', () => nginx('plain')],
    ['nginx without session tickets', () => nginx('no-tickets', 'ssl_session_tickets off')],
    ['Node 8 with OpenSSL 1.0.2', () => TLS_FLEET['OpenSSL 1.0.2 (Node 8) with everything on']?.start(servers)],
    ['HAProxy', () => TLS_FLEET['HAProxy with RSA and ECDSA certificates']?.start(servers)],
    ['openssl s_server', () => TLS_FLEET['openssl s_server, TLS 1.0 only']?.start(servers)],
  ])('%s has none of them', async (_, start) => {
    const facts = await scanPort((await start()) ?? 0);
    expect(facts.holes).toEqual(SOUND);
    const failed = failures(facts);
    for (const check of ['heartbleed', 'ccs-injection', 'ticketbleed']) expect(failed).not.toContain(check);
  });

  it('Ticketbleed is a session id that comes back longer than it went', async () => {
    const behind = await nginx('tickets', 'ssl_protocols TLSv1.2');
    const port = await ticketbleeding(behind);
    const facts = await scanPort(port);
    expect(facts.holes).toMatchObject({ ...SOUND, ticketbleed: true });
    expect(failures(facts)).toContain('ticketbleed');
    expect((await scanPort(behind)).holes).toEqual(SOUND);
  });

  it('early data is seen where nginx takes it, and not where it does not', async () => {
    const on = await scanPort(await nginx('early', 'ssl_protocols TLSv1.2 TLSv1.3', 'ssl_early_data on'));
    expect(on.features.earlyData).toBe(16_384);
    expect(failures(on)).toContain('early-data');
    const off = await scanPort(await nginx('no-early', 'ssl_protocols TLSv1.3'));
    expect(off.features.earlyData).toBe(0);
    expect(failures(off)).not.toContain('early-data');
    const older = await scanPort(await nginx('no-thirteen', 'ssl_protocols TLSv1.2'));
    expect(older.features.earlyData).toBeNull();
    expect(failures(older)).not.toContain('early-data');
  });

  it('a 1024-bit DH group is Logjam, a renegotiation that clients may start is said', async () => {
    const read = `require('fs').readFileSync('${dhParameters(servers, 1024)}')`;
    const pair = servers.keyPair('dh', 'rsa:2048');
    const facts = await scanPort(
      await oldNodeServer(servers, '8.17.0', pair, `ciphers:'DHE-RSA-AES128-SHA:AES128-SHA',dhparam:${read}`),
    );
    expect(facts.dh).toMatchObject([{ bits: 1024 }]);
    expect(facts.features.clientRenegotiation).toBe(true);
    expect(failures(facts)).toEqual(expect.arrayContaining(['dh-params', 'renegotiation']));
    expect((await scanPort(await nginx('refuses', 'ssl_protocols TLSv1.2'))).features.clientRenegotiation).toBe(false);
  });
});

/** A relay that fills up short session ids in ServerHello, as the TLS of BIG-IP did. */
async function ticketbleeding(behindPort: number): Promise<number> {
  const port = await freePort();
  const server = createServer((client) => {
    const behind = connect(behindPort, '127.0.0.1');
    for (const socket of [client, behind]) socket.on('error', () => {});
    client.pipe(behind);
    let first = true;
    behind.on('data', (data) => {
      client.write(first ? fillUp(data) : data);
      first = false;
    });
    behind.on('end', () => client.end());
    client.on('close', () => behind.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  servers.onClose(() => new Promise((resolve) => server.close(() => resolve())));
  return port;
}

/** Record header (5), message header (4), version (2), random (32), then the id. */
function fillUp(flight: Buffer): Buffer {
  const length = flight[43] ?? 0;
  if (flight[0] !== 22 || flight[5] !== 2 || length === 0 || length >= 32) return flight;
  const more = 32 - length;
  const filled = Buffer.concat([
    flight.subarray(0, 44 + length),
    Buffer.alloc(more, 0x41),
    flight.subarray(44 + length),
  ]);
  filled.writeUInt16BE(filled.readUInt16BE(3) + more, 3);
  filled.writeUIntBE(filled.readUIntBE(6, 3) + more, 6, 3);
  filled[43] = 32;
  return filled;
}
