import { createHmac } from 'node:crypto';
import type { HostKeyVerdict } from '../core/facts/login.ts';
import { describeKey, fingerprintOf } from './ssh-key.ts';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  marker: 'revoked' | 'cert-authority' | null;
  /** Comma-separated patterns, or one hashed name. */
  hosts: string;
  key: Uint8Array;
  line: number;
}

const MAX_PATTERN = 1_024;

/** Reads a known_hosts file. Lines that OpenSSH would not understand are left out, as OpenSSH leaves them out. */
export function parseKnownHosts(text: string): KnownHost[] {
  const entries: KnownHost[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const fields = line.split(/[ \t]+/);
    const marker = fields[0] === '@revoked' ? 'revoked' : fields[0] === '@cert-authority' ? 'cert-authority' : null;
    if (marker) fields.shift();
    else if (fields[0]?.startsWith('@')) continue;
    const [hosts, type, base64] = fields;
    if (!hosts || !type || !base64 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) continue;
    const key = Buffer.from(base64, 'base64');
    if (describeKey(key).type !== type) continue;
    entries.push({ marker, hosts, key, line: index + 1 });
  }
  return entries;
}

/** The name under which OpenSSH files a host: with its port where that is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether a line's host field is about `name`, by hash, pattern and negation. */
export function matchesHost(hosts: string, name: string): boolean {
  const hashed = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(hosts);
  if (hashed?.[1] && hashed[2]) {
    const mac = createHmac('sha1', Buffer.from(hashed[1], 'base64')).update(name).digest();
    return mac.equals(Buffer.from(hashed[2], 'base64'));
  }
  let found = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!') ? glob(pattern.slice(1), name) : false) return false;
    if (glob(pattern, name)) found = true;
  }
  return found;
}

/** `*` and `?` as in ssh_config(5); linear in time, because the file may be anybody's. */
function glob(pattern: string, text: string): boolean {
  if (pattern.length > MAX_PATTERN) return false;
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (at < text.length) {
    if (index < pattern.length && (pattern[index] === '?' || pattern[index] === text[at]) && pattern[index] !== '*') {
      index++;
      at++;
    } else if (pattern[index] === '*') {
      star = index++;
      resume = at;
    } else if (star >= 0) {
      index = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[index] === '*') index++;
  return index === pattern.length;
}

/** What is expected of a host: the lines that name it, or a pinned fingerprint. */
export interface Expectation {
  /** Types of key that would be accepted, best first known; empty where any may come (pin, or nothing known). */
  types: string[];
  /** Fingerprints of the keys that would be accepted. */
  expected: string[];
  judge(key: Uint8Array): HostKeyVerdict;
}

/** Expects one key, whatever its type. */
export function expectPinned(fingerprint: string): Expectation {
  const expected = `SHA256:${fingerprint.replace(/^SHA256:/i, '').replace(/=+$/, '')}`;
  return {
    types: [],
    expected: [expected],
    judge(key) {
      const seen = describeKey(key);
      const status = seen.fingerprint === expected ? 'match' : 'changed';
      return { ...seen, status, expected: [expected], source: 'the pinned fingerprint' };
    },
  };
}

/** Expects what known_hosts files say. `files` in order; each with the path that messages name. */
export function expectKnown(files: readonly { path: string; text: string }[], host: string, port: number): Expectation {
  const name = knownHostName(host, port);
  const lines = files.flatMap(({ path, text }) =>
    parseKnownHosts(text)
      .filter((entry) => matchesHost(entry.hosts, name))
      .map((entry) => ({ ...entry, where: `${path}:${entry.line}` })),
  );
  const trusted = lines.filter((entry) => entry.marker === null);
  const expected = [...new Set(trusted.map((entry) => fingerprintOf(entry.key)))];
  return {
    types: [...new Set(trusted.map((entry) => describeKey(entry.key).type))],
    expected,
    judge(key) {
      const seen = describeKey(key);
      const same = (entry: { key: Uint8Array }) => fingerprintOf(entry.key) === seen.fingerprint;
      const revoked = lines.find((entry) => entry.marker === 'revoked' && same(entry));
      if (revoked) return { ...seen, status: 'revoked', expected, source: revoked.where };
      const match = trusted.find(same);
      if (match) return { ...seen, status: 'match', expected, source: match.where };
      // A key of another type than the known ones is a change too: whoever lacks the known key would offer just that.
      const other = trusted.find((entry) => describeKey(entry.key).type === seen.type) ?? trusted[0];
      if (other) return { ...seen, status: 'changed', expected, source: other.where };
      const authority = lines.find((entry) => entry.marker === 'cert-authority');
      return {
        ...seen,
        status: 'unknown',
        expected,
        source: authority ? `${authority.where} (a certificate authority)` : null,
      };
    },
  };
}
