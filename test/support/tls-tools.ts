import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TlsVersion } from '../../src/core/facts/tls.ts';
import { suiteName } from '../../src/knowledge/tls/cipher-suites.ts';

const run = promisify(execFile);

/** What a scanner found: suites per protocol, in its order. */
export interface Found {
  suites: Partial<Record<TlsVersion, string[]>>;
  /** Protocols whose suites the server orders. */
  serverOrder: TlsVersion[];
  dhBits: number[];
}

/** sslscan's findings, by code point so that no table of names stands between. */
export async function sslscan(port: number): Promise<Found> {
  const { stdout } = await run('/usr/bin/sslscan', [
    '--xml=-',
    '--show-cipher-ids',
    '--no-colour',
    '--sni-name=shop.example',
    `127.0.0.1:${port}`,
  ]);
  const found: Found = { suites: {}, serverOrder: [], dhBits: [] };
  for (const [, line = ''] of stdout.matchAll(/<cipher ([^>]*)\/>/g)) {
    const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(line)?.[1] ?? '';
    const version = attribute('sslversion') as TlsVersion;
    const suites = found.suites[version] ?? [];
    // With TLS 1.3 it lists a suite again where it tries the groups.
    found.suites[version] = [...new Set([...suites, suiteName(Number(attribute('id')))])];
    if (attribute('dhebits')) found.dhBits.push(Number(attribute('dhebits')));
  }
  found.dhBits = [...new Set(found.dhBits)].sort((a, b) => a - b);
  return found;
}

/** nmap ssl-enum-ciphers' findings. */
export async function nmap(port: number): Promise<Found> {
  const { stdout } = await run('/usr/bin/nmap', [
    '-Pn',
    '-n',
    '-p',
    String(port),
    '--script',
    'ssl-enum-ciphers',
    '--script-args',
    'tls.servername=shop.example',
    '127.0.0.1',
  ]);
  const found: Found = { suites: {}, serverOrder: [], dhBits: [] };
  let version: TlsVersion | undefined;
  for (const line of stdout.split('\n')) {
    const heading = /^\| {3}(SSLv3|TLSv1\.[0-3]):/.exec(line)?.[1];
    if (heading) {
      version = heading as TlsVersion;
      found.suites[version] = [];
    }
    if (!version) continue;
    const [, suite, strength] = /^\| {7}(TLS_\w+)(?: \((.*)\))? - /.exec(line) ?? [];
    // nmap 7.93 gives TLS 1.3 suites a key exchange that their registered names do not have.
    if (suite) found.suites[version]?.push(suite.replace('_AKE_WITH_', '_'));
    const bits = /^dh (\d+)$/.exec(strength ?? '')?.[1];
    if (bits) found.dhBits.push(Number(bits));
    if (/cipher preference: server/.test(line)) found.serverOrder.push(version);
  }
  found.dhBits = [...new Set(found.dhBits)].sort((a, b) => a - b);
  return found;
}
