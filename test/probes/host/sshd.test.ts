import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AbsentError } from '../../../src/core/collected.ts';
import { hostSshdFacts } from '../../../src/core/facts/host-sshd.ts';
import { sshdSection } from '../../../src/probes/host/sshd.ts';

const output = (stdout: string, more = {}) => ({
  stdout,
  stderr: '',
  exitCode: 0,
  truncated: false,
  root: true,
  ...more,
});

describe('what sshd says of itself', () => {
  it('is read with its Match blocks, of which only the differences are kept', () => {
    const text = [
      '@@ version',
      'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026',
      '@@ files',
      '1790000000 644 root /etc/ssh/sshd_config',
      '@@ loaded',
      '1790000100',
      '@@ moduli',
      '2048 190',
      '@@ effective',
      'port 22',
      'permitrootlogin without-password',
      'allowusers a',
      'allowusers b',
      'banner none',
      '@@ match\t/etc/ssh/sshd_config\t40\tuser=deploy,host=outside.invalid,addr=192.0.2.1\tUser deploy',
      'port 22',
      'permitrootlogin yes',
      'allowusers a',
      'allowusers b',
      'banner none',
      '@@ match\t/etc/ssh/sshd_config\t50\tuser=@none,host=h,addr=1\tGroup nobody-is-in',
      '@@ failed',
    ].join('\n');
    expect(sshdSection.parse(output(text))).toEqual({
      moduli: { smallest: 2048, count: 190 },
      version: 'OpenSSH_9.2p1 Debian-2+deb12u10',
      effective: { port: ['22'], permitrootlogin: ['without-password'], allowusers: ['a', 'b'], banner: ['none'] },
      matches: [
        {
          criteria: 'User deploy',
          file: '/etc/ssh/sshd_config',
          line: 40,
          triedAs: 'user=deploy,host=outside.invalid,addr=192.0.2.1',
          differs: { permitrootlogin: ['yes'] },
        },
        {
          criteria: 'Group nobody-is-in',
          file: '/etc/ssh/sshd_config',
          line: 50,
          triedAs: 'user=@none,host=h,addr=1',
          differs: null,
        },
      ],
      files: [{ path: '/etc/ssh/sshd_config', modifiedAt: 1_790_000_000_000, mode: '644', owner: 'root' }],
      loadedAt: 1_790_000_100_000,
    });
  });

  it.each([
    ['no sshd', output('', { exitCode: 44 }), 'not-applicable'],
    ['no rights', output('@@ effective\n', { exitCode: 1, root: false }), 'denied'],
    [
      'a refusal',
      output('@@ effective\n', { exitCode: 255, stderr: 'Missing privilege separation directory: /run/sshd' }),
      'unreadable',
    ],
    ['too much', output('@@ effective\nport 22\n', { truncated: true }), 'unreadable'],
  ])('is absent with the right reason: %s', (_name, given, kind) => {
    expect(() => sshdSection.parse(given)).toThrow(
      expect.objectContaining({ absence: expect.objectContaining({ kind }) }),
    );
  });

  it('fits its schema or is absent, whatever is printed', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '@@ version',
        '@@ files',
        '@@ loaded',
        '@@ effective',
        '@@ match\ta\tb\tc\td',
        '@@ match',
        '@@ failed',
        'port 22',
        '__proto__ x',
        'constructor y',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        try {
          expect(hostSshdFacts.safeParse(sshdSection.parse(output(lines.join('\n')))).error).toBeUndefined();
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AbsentError);
        }
      }),
    );
  });

  it('says why where it tells nothing', () => {
    const stderr = 'Missing privilege separation directory: /run/sshd';
    expect(() => sshdSection.parse(output('@@ effective', { stderr, exitCode: 255 }))).toThrow(
      `sshd does not tell its configuration: ${stderr}; sshd does not seem to run there`,
    );
  });
});
