import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { gather } from '../../src/audit/gather.ts';
import { DEFAULT_POLICY, judge } from '../../src/audit/judge.ts';
import { createDnsClient } from '../../src/net/dns.ts';
import { dnsProbe } from '../../src/probes/dns.ts';
import { exampleTarget } from '../support/targets.ts';

/** Two zones on a real name server: one that does everything right, one that does not. */
const GOOD = `$TTL 60
@ SOA ns.good.test. admin.good.test. 1 60 60 60 60
@ NS ns
ns A 127.0.0.1
@ A 127.0.0.1
@ CAA 0 issue "ca.test"
@ MX 10 mx
mx A 127.0.0.1
@ TXT "v=spf1 mx incl" "ude:_spf.good.test -all"
_spf TXT "v=spf1 ip4:127.0.0.0/8 -all"
_dmarc TXT "v=DMARC1; p=reject"
www CNAME @
*._https HTTPS 1 . alpn="h2,h3" ech="AEX+DQBBAAAgACAGByrqOKEvGMFqFOCFHKRBbVEpSNbZJMbZJMbZJMbZJAAEAAEAAQASY2xvdWRmbGFyZS1lY2guY29tAAA="
big TXT ${Array.from({ length: 12 }, (_, n) => `"${String(n).repeat(2)}${'x'.repeat(240)}"`).join(' ')}
`;
const BAD = `$TTL 60
@ SOA ns.bad.test. admin.bad.test. 1 60 60 60 60
@ NS ns
ns A 127.0.0.1
@ A 127.0.0.1
@ AAAA ::1
@ MX 10 mx
mx A 127.0.0.1
@ TXT "v=spf1 +all"
_dmarc TXT "v=DMARC1; p=none"
www CNAME gone.good.test.
`;

/** A zone whose SPF asks for more than the ten names that RFC 7208, 4.6.4 allows. */
const MANY = `$TTL 60
@ SOA ns.good.test. admin.good.test. 1 60 60 60 60
@ NS ns.good.test.
@ A 127.0.0.1
@ AAAA ::1
@ MX 10 mx
mx A 127.0.0.1
@ TXT "v=spf1 ${Array.from({ length: 11 }, (_, n) => `include:s${n}.many.test`).join(' ')} -all"
${Array.from({ length: 11 }, (_, n) => `s${n} TXT "v=spf1 ip4:192.0.2.${n} -all"`).join('\n')}
`;

/** The parent, which the search for CAA climbs to. */
const PARENT = `$TTL 60
@ SOA ns.good.test. admin.good.test. 1 60 60 60 60
@ NS ns.good.test.
good NS ns.good.test.
many NS ns.good.test.
bad NS ns.bad.test.
`;

let folder: string;
let named: ChildProcess;
let server: string;
let web: ReturnType<typeof createServer>;
let port: number;

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port: free } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return free;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-dns-'));
  const dnsPort = await freePort();
  server = `127.0.0.1:${dnsPort}`;
  await writeFile(join(folder, 'good'), GOOD);
  await writeFile(join(folder, 'bad'), BAD);
  await writeFile(join(folder, 'many'), MANY);
  await writeFile(join(folder, 'parent'), PARENT);
  await writeFile(
    join(folder, 'named.conf'),
    `options { directory "${folder}"; listen-on port ${dnsPort} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file none;
      session-keyfile "${folder}/session.key"; managed-keys-directory "${folder}"; max-udp-size 1232; };
     controls { };
     zone "test" { type primary; file "parent"; };
     zone "good.test" { type primary; file "good"; };
     zone "many.test" { type primary; file "many"; };
     zone "bad.test" { type primary; file "bad"; };`,
  );
  named = spawn('/usr/sbin/named', ['-g', '-c', join(folder, 'named.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    named.stderr?.on('data', (chunk) => {
      said += chunk;
      if (/all zones loaded/.test(said)) resolve();
    });
    named.on('exit', () => reject(new Error(said)));
  });
  web = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const address = web.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(async () => {
  named.removeAllListeners('exit');
  const ended = new Promise((resolve) => named.once('exit', resolve));
  named.kill();
  await ended;
  await new Promise((resolve) => web.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function audit(host: string, servers = [server], at = port) {
  const base = exampleTarget({ needs: ['dns'] });
  const target = {
    ...base,
    kind: 'endpoint' as const,
    protocol: 'https' as const,
    url: `https://${host}:${at}`,
    host,
    port: at,
  };
  const { bundle } = await gather({
    target,
    plan: new Map([[dnsProbe(() => servers), new Set(['dns' as const])]]),
    signal: AbortSignal.timeout(60_000),
    now: () => 0,
  });
  const checks = CHECKS.filter((check) => check.needs.includes('dns'));
  const { findings } = judge({ target, bundle, checks, policy: DEFAULT_POLICY, now: 0 });
  return {
    fact: bundle.facts.dns,
    status: Object.fromEntries(findings.map((one) => [one.check, one.status])),
    findings,
  };
}

describe('a name on a real name server', () => {
  it('passes where all is right', async () => {
    const { status, fact } = await audit('good.test');
    expect(status).toMatchObject({
      'dns.caa': 'pass',
      'dns.spf': 'pass',
      'dns.dmarc': 'pass',
      'dns.dangling-cname': 'pass',
      'dns.mta-sts': 'fail',
      'dns.ipv6-parity': 'not-applicable',
    });
    expect(fact).toMatchObject({ ok: true, value: { zone: 'good.test', spfLookups: 2, reach: [{ result: 'open' }] } });
  });

  it('finds what is wrong', async () => {
    const { status, findings } = await audit('bad.test');
    expect(status).toMatchObject({
      'dns.caa': 'fail',
      'dns.spf': 'fail',
      'dns.dmarc': 'fail',
      'dns.dnssec': 'fail',
      'dns.ipv6-parity': 'fail',
    });
    expect(findings.find((one) => one.check === 'dns.ipv6-parity')).toMatchObject({ subject: '::1', seen: 'refused' });
  });

  it('counts what SPF asks for, and sees that both families answer', async () => {
    const both = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => both.listen({ port: 0, host: '::', ipv6Only: false }, resolve));
    const address = both.address();
    const { status, findings } = await audit(
      'many.test',
      [server],
      typeof address === 'object' && address ? address.port : 0,
    );
    await new Promise((resolve) => both.close(resolve));
    expect(status).toMatchObject({ 'dns.spf': 'fail', 'dns.ipv6-parity': 'pass' });
    expect(findings.find((one) => one.check === 'dns.spf')?.message).toContain('more than ten look-ups');
  });

  it('sees that the target of an alias is gone, and that the target of another is not', async () => {
    const { findings } = await audit('www.bad.test');
    expect(findings.find((one) => one.check === 'dns.dangling-cname')).toMatchObject({
      status: 'fail',
      subject: 'www.bad.test',
      seen: 'www.bad.test CNAME gone.good.test',
    });
    expect((await audit('www.good.test')).status['dns.dangling-cname']).toBe('pass');
  });

  it('reads the HTTPS record of the port, with the key of ECH in it', async () => {
    const good = await audit('good.test');
    expect(good.fact).toMatchObject({
      value: { https: { status: 'found', records: [{ priority: 1, target: '', alpn: ['h2', 'h3'], ech: true }] } },
    });
    expect(good.status['tls.ech']).toBe('pass');
    expect((await audit('bad.test')).status['tls.ech']).toBe('fail');
    expect((await audit('elsewhere.example')).status['tls.ech']).toBe('unknown');
  });

  it('asks again over TCP when an answer does not fit', async () => {
    const dns = createDnsClient({ servers: [server], signal: AbortSignal.timeout(20_000), count() {} });
    const { status, records } = await dns.lookup('big.good.test', 'TXT');
    expect(status).toBe('found');
    expect(JSON.stringify(records).length).toBeGreaterThan(2_000);
  });

  it('says that nobody could tell when the server refuses or is not there, and never that there is nothing', async () => {
    const { fact, status } = await audit('elsewhere.example');
    expect(fact).toMatchObject({
      ok: false,
      absence: { kind: 'unreachable', reason: expect.stringContaining('REFUSED') },
    });
    expect(new Set(Object.values(status))).toEqual(new Set(['unknown']));
    const closed = await audit('good.test', [`127.0.0.1:${await freePort()}`]);
    expect(closed.fact).toMatchObject({ ok: false, absence: { kind: 'unreachable' } });
  });

  it('does not ask for addresses and localhost', async () => {
    expect((await audit('127.0.0.1')).status['dns.caa']).toBe('not-applicable');
    expect((await audit('localhost')).status['dns.caa']).toBe('not-applicable');
  });
});
