import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { gather } from '../../src/audit/gather.ts';
import { DEFAULT_POLICY, judge } from '../../src/audit/judge.ts';
import { replay } from '../../src/audit/replay.ts';
import { fromFactsEntry, toFactsEntry } from '../../src/core/facts/bundle.ts';
import type { FactKey } from '../../src/core/facts/index.ts';
import { worstStatus } from '../../src/core/finding.ts';
import type { EndpointTarget } from '../../src/core/target.ts';
import type { Resolve } from '../../src/net/addresses.ts';
import { makeExposedFilesProbe } from '../../src/probes/exposed-files.ts';
import { makeHttpProbe } from '../../src/probes/http.ts';
import type { Probe } from '../../src/probes/probe.ts';
import { closedPort } from '../support/hostile.ts';
import { missingPackages } from '../support/packages.ts';
import { exampleTarget } from '../support/targets.ts';
import { type Nginx, startNginx } from './lab/nginx.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const OURS = CHECKS.filter((check) => check.category === 'headers' || check.id === 'secrets.exposed-files');
const SIX = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');
/** The third node; a machine without IPv6 has another one of IPv4. */
const THIRD = SIX ? '::1' : '127.0.0.3';
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

const HEADERS = `add_header X-Content-Type-Options nosniff always; add_header X-Frame-Options DENY always;
  add_header Set-Cookie "sid=c00k1e-$request_id; Path=/; HttpOnly; SameSite=Lax";
  add_header Content-Security-Policy "script-src 'nonce-$request_id'; object-src 'none'" always;`;
const PAGE = '<!doctype html><title>Shop</title><p>the same page at every node';

/** Three nodes of one name; the third has missed the last deployment. */
const CONF = `server_tokens off; root {dir}/www; ${HEADERS}
server { listen 127.0.0.1:{httpPort}; listen 127.0.0.2:{httpPort}; location /moved { return 302 http://www.shop.test:{httpPort}/; } }
server { listen ${bracketed(THIRD)}:{httpPort}; root {dir}/www/old; add_header X-Frame-Options DENY always;
  add_header Content-Security-Policy "script-src 'nonce-$request_id'; object-src 'none'" always; }
server { listen 127.0.0.1:{httpsPort}; root {dir}/www/old; add_header X-Frame-Options SAMEORIGIN; }`;
const FILES = { 'index.html': PAGE, 'old/index.html': PAGE, 'old/.git/HEAD': 'ref: refs/heads/main\n' };

const NAMES: Record<string, string[]> = {
  'shop.test': ['127.0.0.1', '127.0.0.2', THIRD],
  'even.test': ['127.0.0.1', '127.0.0.2'],
  'half.test': ['127.0.0.1', '127.0.0.9'],
  'moved.shop.test': ['127.0.0.1'],
  'www.shop.test': ['127.0.0.1', '127.0.0.2', THIRD],
};
const asked: string[] = [];
const resolve: Resolve = async (host) => {
  asked.push(host);
  const found = NAMES[host];
  if (!found) throw Object.assign(new Error(host), { code: 'ENOTFOUND' });
  return found;
};

const lacks = missingPackages().filter((name) => name === 'nginx' || name === 'openssl');
describe.skipIf(lacks.length > 0)(`nodes of one name${lacks.length > 0 ? ` (needs ${lacks.join(', ')})` : ''}`, () => {
  let nginx: Nginx;
  let port: number;
  let otherPort: number;
  beforeAll(async () => {
    nginx = await startNginx({ conf: CONF, files: FILES });
    port = Number(new URL(nginx.http).port);
    otherPort = Number(new URL(nginx.https).port);
  });
  afterAll(() => nginx.stop());

  async function audit(host: string, more: Partial<EndpointTarget> = {}, path = '/') {
    const change: Partial<EndpointTarget> = { protocol: 'http', url: `http://${host}:${port}${path}`, host, port };
    const needs = { needs: ['http' as const], on: ['endpoint' as const] };
    const target = exampleTarget(needs, { ...change, ...more });
    const { bundle } = await gather({
      target,
      plan: new Map<Probe, ReadonlySet<FactKey>>([
        [makeHttpProbe(resolve), new Set<FactKey>(['http'])],
        [makeExposedFilesProbe(resolve), new Set<FactKey>(['exposed'])],
      ]),
      signal: AbortSignal.timeout(60_000),
      now: () => NOW,
    });
    const { findings } = judge({ target, bundle, checks: OURS, policy: DEFAULT_POLICY, now: NOW });
    const failing = (check: string) =>
      findings.filter((one) => one.check === check && one.status === 'fail').map((one) => one.subject);
    return { target, bundle, findings, failing };
  }

  it('the one that missed a deployment is a finding on its address, in every check that sees a difference', async () => {
    const { failing, findings, bundle } = await audit('shop.test');
    const stale = `${bracketed(THIRD)}:${port}`;
    expect(bundle.facts.http).toMatchObject({
      ok: true,
      value: { address: `127.0.0.1:${port}`, others: [{ address: `127.0.0.2:${port}` }, { address: stale }] },
    });
    expect(failing('headers.content-type-options')).toEqual([stale]);
    expect(failing('headers.address-consistency')).toEqual([stale]);
    expect(failing('secrets.exposed-files')).toEqual([`/.git/HEAD at ${stale}`]);
    expect(failing('headers.cookies')).toEqual([`sid at 127.0.0.1:${port}`, `sid at 127.0.0.2:${port}`]);
    expect(findings.find((one) => one.subject === stale && one.check === 'headers.content-type-options')).toMatchObject(
      { message: 'X-Content-Type-Options is missing', details: { address: stale } },
    );
    // All three lack it: that is one finding, not three.
    expect(failing('headers.referrer-policy')).toEqual(['']);
    expect(findings.filter((one) => one.check === 'headers.frame-protection')).toHaveLength(1);
  });

  it('that are alike give the findings of one', async () => {
    const { findings, bundle } = await audit('even.test');
    const one = await audit('moved.shop.test');
    const brief = (list: typeof findings) =>
      list
        .filter(({ check }) => check !== 'headers.address-consistency')
        .map(({ check, status, subject, message }) => [
          check,
          status,
          subject,
          message.replace(/\w+\.shop\.test|even\.test/, 'HOST'),
        ]);
    expect(brief(findings)).toEqual(brief(one.findings));
    expect(findings.find(({ check }) => check === 'headers.address-consistency')?.status).toBe('pass');
    // The page is kept once, however many nodes have it.
    expect(JSON.stringify(bundle.facts.http).split('the same page at every node')).toHaveLength(2);
  });

  it('one that is down is said to be down, and nothing passes in its name', async () => {
    const { findings, failing } = await audit('half.test');
    expect(failing('headers.address-consistency')).toEqual([`127.0.0.9:${port}`]);
    const list = findings.filter(({ check }) => check === 'headers.frame-protection');
    expect(list.map(({ status, subject }) => [status, subject])).toEqual([
      ['pass', ''],
      ['unknown', `127.0.0.9:${port}`],
    ]);
  });

  it('behind another name of the site that the first one leads to are looked at, too', async () => {
    const { failing, bundle } = await audit('moved.shop.test', {}, '/moved');
    expect(failing('headers.content-type-options')).toEqual([`${bracketed(THIRD)}:${port}`]);
    expect(bundle.facts.http).toMatchObject({ ok: true, value: { others: { length: 2 } } });
  });

  it('are looked at where a list of host:port says they are', async () => {
    const addresses = [`even.test:${port}`, `127.0.0.1:${otherPort}`, `127.0.0.1:${await closedPort()}`];
    const { failing, bundle } = await audit('shop.test', { addresses });
    const nodes = bundle.facts.http?.ok ? bundle.facts.http.value.others.map(({ address }) => address) : [];
    expect(nodes.slice(0, 2)).toEqual([`127.0.0.2:${port}`, `127.0.0.1:${otherPort}`]);
    expect(nodes).toHaveLength(3);
    expect(failing('headers.content-type-options')).toEqual([`127.0.0.1:${otherPort}`]);
    expect(failing('secrets.exposed-files')).toEqual([`/.git/HEAD at 127.0.0.1:${otherPort}`]);
  });

  it('are judged the same when their facts are replayed from a file, and hold no cookie', async () => {
    const { target, bundle, findings } = await audit('shop.test');
    const file = JSON.stringify(toFactsEntry(bundle));
    expect(file).not.toMatch(/c00k1e-[0-9a-f]/);
    const again = replay(target, fromFactsEntry(JSON.parse(file)), OURS);
    expect(again.findings).toEqual(findings);
    expect(worstStatus(again.findings.map(({ status }) => status))).toBe('fail');
  });

  it('that nobody can find are no answer', async () => {
    const { bundle, findings } = await audit('nowhere.test');
    expect(bundle.facts.http).toMatchObject({ ok: false, absence: { kind: 'unreachable' } });
    expect(new Set(findings.map(({ status }) => status))).toEqual(new Set(['unknown']));
  });
});
