import type { HostSshdFacts } from './host-sshd.ts';
import type { LoginFacts } from './login.ts';
import type { SshdFacts } from './sshd.ts';

/** Builders of small SSH facts for the examples of checks: a good server, with what the example changes. */

/** What `sshd -T` prints; a list where a keyword comes twice. `match`: what one Match block changes, or `null` where sshd did not say. */
export function exampleHostSshd(
  change: Record<string, string | string[]> = {},
  match?: Record<string, string> | null,
): HostSshdFacts {
  const good = {
    permitrootlogin: 'no',
    passwordauthentication: 'no',
    kbdinteractiveauthentication: 'no',
    permitemptypasswords: 'no',
    maxauthtries: '3',
    logingracetime: '30',
    maxstartups: '10:30:60',
    x11forwarding: 'no',
    allowagentforwarding: 'no',
    allowtcpforwarding: 'no',
    permittunnel: 'no',
    hostbasedauthentication: 'no',
    ignorerhosts: 'yes',
    allowusers: ['deploy', 'audit'],
    clientaliveinterval: '120',
    clientalivecountmax: '3',
    strictmodes: 'yes',
    permituserenvironment: 'no',
    banner: 'none',
    kexalgorithms: 'curve25519-sha256',
    ciphers: 'aes256-gcm@openssh.com',
    macs: 'hmac-sha2-512-etm@openssh.com',
  };
  const lists = (from: Record<string, string | string[]>) =>
    Object.fromEntries(Object.entries(from).map(([key, value]) => [key, [value].flat()]));
  return {
    version: 'OpenSSH_9.2p1',
    effective: lists({ ...good, ...change }),
    matches:
      match === undefined
        ? []
        : [
            {
              criteria: 'User backup',
              file: '/etc/ssh/sshd_config',
              line: 40,
              triedAs: 'user=backup,host=outside.invalid,addr=192.0.2.1',
              differs: match === null ? null : lists(match),
            },
          ],
    files: [
      { path: '/etc/ssh/sshd_config', modifiedAt: Date.parse('2026-10-01T00:00:00Z'), mode: '644', owner: 'root' },
    ],
    loadedAt: Date.parse('2026-10-02T00:00:00Z'),
  };
}

/** A server on the wire. */
export function exampleSshd(change: Partial<SshdFacts> = {}): SshdFacts {
  return {
    banner: 'SSH-2.0-OpenSSH_9.2p1',
    kex: ['curve25519-sha256', 'kex-strict-s-v00@openssh.com'],
    hostKeyAlgorithms: ['ssh-ed25519'],
    ciphers: ['aes256-gcm@openssh.com'],
    macs: ['hmac-sha2-512-etm@openssh.com'],
    compression: ['none'],
    authMethods: ['publickey'],
    hostKeys: [{ type: 'ssh-ed25519', bits: 256, fingerprint: 'SHA256:0v1fJKSYBJgGhzxGMLkyhjEgwGyLzhVwh5cwZWJBNfY' }],
    ...change,
  };
}

/** A log-in whose host key was the expected one. */
export function exampleLogin(hostKey: Partial<LoginFacts['hostKey']> = {}): LoginFacts {
  return {
    user: 'audit',
    address: 'shop-1.example',
    hostKey: {
      type: 'ssh-ed25519',
      bits: 256,
      fingerprint: 'SHA256:0v1fJKSYBJgGhzxGMLkyhjEgwGyLzhVwh5cwZWJBNfY',
      status: 'match',
      expected: ['SHA256:0v1fJKSYBJgGhzxGMLkyhjEgwGyLzhVwh5cwZWJBNfY'],
      source: '/etc/seaworthy/known_hosts:1',
      ...hostKey,
    },
    refused: null,
    agreed: null,
  };
}
