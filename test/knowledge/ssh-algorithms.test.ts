import { describe, expect, it } from 'vitest';
import {
  CIPHER_RULES,
  HOST_KEY_RULES,
  KEX_RULES,
  KEX_SIGNALS,
  MAC_RULES,
  ruleFor,
} from '../../src/knowledge/ssh-algorithms.ts';

import { differs, explains, explanations, hasSshAudit, sshAuditDatabase } from '../support/ssh-audit.ts';

const TABLES = { kex: KEX_RULES, key: HOST_KEY_RULES, enc: CIPHER_RULES, mac: MAC_RULES };

describe('the table of SSH algorithms', () => {
  it.each(Object.entries(TABLES))('%s: every rule says why, where from and since when', (_name, rules) => {
    for (const rule of rules) {
      expect(rule.reason).not.toBe('');
      expect(rule.source).not.toBe('');
      expect(rule.since).toBeGreaterThan(1990);
      expect(rule.name.global, 'a global expression remembers where it was').toBe(false);
    }
  });

  // What OpenSSH 9.2 and 10 offer by themselves, and what should be gone.
  it.each([
    [
      'kex',
      'ok',
      [
        'mlkem768x25519-sha256',
        'sntrup761x25519-sha512',
        'sntrup761x25519-sha512@openssh.com',
        'curve25519-sha256@libssh.org',
        'ecdh-sha2-nistp256',
        'diffie-hellman-group-exchange-sha256',
        'diffie-hellman-group16-sha512',
        'diffie-hellman-group14-sha256',
      ],
    ],
    ['kex', 'weak', ['diffie-hellman-group14-sha1', 'gss-group14-sha1-toWM5Slw5Ew8Mqkay+al2g==']],
    [
      'kex',
      'broken',
      [
        'diffie-hellman-group1-sha1',
        'diffie-hellman-group-exchange-sha1',
        'rsa1024-sha1',
        'gss-group1-sha1-toWM5Slw5Ew8Mqkay+al2g==',
      ],
    ],
    [
      'key',
      'ok',
      [
        'ssh-ed25519',
        'rsa-sha2-512',
        'rsa-sha2-256-cert-v01@openssh.com',
        'ecdsa-sha2-nistp256',
        'sk-ssh-ed25519@openssh.com',
        'ssh-ed25519-cert-v01@openssh.com',
      ],
    ],
    ['key', 'weak', ['ssh-rsa', 'ssh-rsa-cert-v01@openssh.com']],
    ['key', 'broken', ['ssh-dss', 'ssh-dss-cert-v01@openssh.com']],
    ['enc', 'ok', ['chacha20-poly1305@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr']],
    ['enc', 'weak', ['aes128-cbc', 'rijndael-cbc@lysator.liu.se']],
    ['enc', 'broken', ['3des-cbc', 'arcfour256', 'blowfish-cbc', 'none', 'des-cbc']],
    ['mac', 'ok', ['hmac-sha2-256', 'hmac-sha2-512-etm@openssh.com', 'umac-128-etm@openssh.com']],
    ['mac', 'weak', ['hmac-sha1', 'hmac-sha1-96', 'umac-64-etm@openssh.com', 'hmac-ripemd160']],
    ['mac', 'broken', ['hmac-md5', 'hmac-md5-96-etm@openssh.com', 'none']],
  ] as const)('%s: %s', (table, verdict, names) => {
    for (const name of names) expect(ruleFor(TABLES[table], name)?.verdict, name).toBe(verdict);
  });

  it('takes signals for what they are', () => {
    for (const name of ['ext-info-s', 'kex-strict-s-v00@openssh.com']) expect(KEX_SIGNALS.test(name)).toBe(true);
  });

  it('does not praise what it does not know', () => {
    expect(ruleFor(KEX_RULES, 'a-name-of-tomorrow')).toBeUndefined();
    expect(ruleFor(CIPHER_RULES, 'a-name-of-tomorrow')).toBeUndefined();
  });

  it.runIf(hasSshAudit)('knows every name that ssh-audit knows', () => {
    const database = sshAuditDatabase();
    expect(database.length).toBeGreaterThan(200);
    expect(database.filter(({ list, name }) => ruleFor(TABLES[list], name) === undefined)).toEqual([]);
  });

  it.runIf(hasSshAudit)('differs from ssh-audit only where the documentation says so and why', () => {
    const lines = explanations();
    expect(lines.length).toBeGreaterThan(5);
    const found = sshAuditDatabase().filter(({ list, name, theirs }) => differs(list, name, theirs));
    expect(found.filter((one) => !lines.some((line) => explains(line, one)))).toEqual([]);
    const idle = lines.filter(
      (line) => !line.newer && !line.row.includes('| no algorithm |') && !found.some((one) => explains(line, one)),
    );
    expect(idle.map(({ row }) => row)).toEqual([]);
  });
});
