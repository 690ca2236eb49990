import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SshLogin } from '../../src/core/target.ts';
import { openSshConfig } from '../../src/net/openssh-config.ts';
import { readOpenSshLog } from '../../src/net/openssh-log.ts';

const files = { identity: '/keys/id', certificate: null, knownHosts: ['/known hosts'] };
const login: SshLogin = { user: 'audit', host: '10.0.0.5', port: 22, sudo: false };

describe('the configuration for ssh', () => {
  it('never lets a name leave its line', () => {
    const allowed = openSshConfig(login, files, { connectS: 10 }).split('\n').length;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('host', 'user', 'jump'), (text, where) => {
        let rendered: string;
        try {
          const change = where === 'jump' ? { jump: [text] } : { [where]: text };
          rendered = openSshConfig({ ...login, ...change }, files, { connectS: 10 });
        } catch {
          return;
        }
        expect(rendered.split('\n').length).toBe(allowed + (where === 'jump' ? 1 : 0));
        if (where !== 'user') expect(text).not.toMatch(/^-|[\s"'%`$;]/);
      }),
    );
  });

  it('checks host keys strictly, asks nothing, keeps nothing', () => {
    const text = openSshConfig({ ...login, hostKey: `SHA256:${'A'.repeat(43)}` }, files, { connectS: 10 });
    for (const line of [
      'StrictHostKeyChecking yes',
      'BatchMode yes',
      'UpdateHostKeys no',
      'ForwardAgent no',
      'IdentityAgent none',
      'ControlMaster no',
      'UserKnownHostsFile /dev/null',
      'UserKnownHostsFile "/known hosts"',
    ]) {
      expect(text).toContain(`  ${line}\n`);
    }
  });
});

describe('the log of ssh', () => {
  it('is read whatever a server writes into it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (lines) => {
        const text = lines.map((line, index) => (index % 2 ? `debug1: ${line}` : line)).join('\n');
        expect(readOpenSshLog(text).complaints.length).toBeLessThanOrEqual(20);
      }),
    );
  });
});
