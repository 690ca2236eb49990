import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TLS_VERSIONS, type TlsVersion } from '../../src/core/facts/tls.ts';
import { suiteName } from '../../src/knowledge/tls/cipher-suites.ts';

const run = promisify(execFile);

/** What a scanner found: suites per protocol, in its order. */
export interface Found {
  suites: Partial<Record<TlsVersion, string[]>>;
  /** Protocols whose suites the server orders. */
  serverOrder: TlsVersion[];
  dhBits: number[];
  /** Protocols that are spoken, with or without suites listed. */
  protocols: TlsVersion[];
}

/** sslscan's findings, by code point so that no table of names stands between. */
export async function sslscan(port: number, startTls?: 'imap' | 'smtp'): Promise<Found> {
  const { stdout } = await run('/usr/bin/sslscan', [
    '--xml=-',
    '--show-cipher-ids',
    '--no-colour',
    '--sni-name=shop.example',
    ...(startTls ? [`--starttls-${startTls}`] : []),
    `127.0.0.1:${port}`,
  ]);
  const found: Found = { suites: {}, serverOrder: [], dhBits: [], protocols: [] };
  for (const [, type, version = ''] of stdout.matchAll(/<protocol type="(ssl|tls)" version="([^"]*)" enabled="1"/g))
    found.protocols.push(`${type === 'ssl' ? 'SSL' : 'TLS'}v${version}` as TlsVersion);
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
export async function nmap(port: number, startTls?: 'imap' | 'smtp'): Promise<Found> {
  const { stdout } = await run('/usr/bin/nmap', [
    '-Pn',
    '-n',
    '-p',
    String(port),
    // It starts TLS by the name of the service, which it has to find out on a port of no meaning.
    ...(startTls ? ['-sV'] : []),
    '--script',
    startTls ? '+ssl-enum-ciphers' : 'ssl-enum-ciphers,sslv2',
    '--script-args',
    'tls.servername=shop.example',
    '127.0.0.1',
  ]);
  const found: Found = { suites: {}, serverOrder: [], dhBits: [], protocols: [] };
  let version: TlsVersion | undefined;
  for (const line of stdout.split('\n')) {
    const heading = /^\| {3}(SSLv3|TLSv1\.[0-3]):/.exec(line)?.[1];
    if (heading) {
      version = heading as TlsVersion;
      found.suites[version] = [];
    }
    const [, old] = /^\|[_ ] {4}SSL2_(\w+)$/.exec(line) ?? [];
    if (old) found.suites.SSLv2 = [...(found.suites.SSLv2 ?? []), `SSL_CK_${old}`];
    if (!version) continue;
    const [, suite, strength] = /^\| {7}(TLS_\w+)(?: \((.*)\))? - /.exec(line) ?? [];
    // nmap 7.93 gives TLS 1.3 suites a key exchange that their registered names do not have.
    if (suite) found.suites[version]?.push(suite.replace('_AKE_WITH_', '_'));
    const bits = /^dh (\d+)$/.exec(strength ?? '')?.[1];
    if (bits) found.dhBits.push(Number(bits));
    if (/cipher preference: server/.test(line)) found.serverOrder.push(version);
  }
  found.protocols = TLS_VERSIONS.filter((one) => found.suites[one]?.length);
  found.dhBits = [...new Set(found.dhBits)].sort((a, b) => a - b);
  return found;
}
