import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import osSupported from '../../../checks/host/os-supported.ts';
import { CHECKS } from '../../../checks/index.ts';
import { AbsentError } from '../../../src/core/collected.ts';
import { FACTS } from '../../../src/core/facts/index.ts';
import { worstStatus } from '../../../src/core/finding.ts';
import { releaseOf } from '../../../src/knowledge/end-of-life.ts';
import type { HostSection } from '../../../src/probes/host/section.ts';
import { SECTIONS } from '../../../src/probes/host/sections.ts';
import { exampleTarget } from '../../support/targets.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/hosts');
const NOW = Date.parse('2026-11-01T00:00:00Z');
/** Each file is named `ID-VERSION` and holds what sections print there; see docs/hosts.md for what was run for real. */
const files = readdirSync(FOLDER).map((file) => file.replace(/\.txt$/, ''));

function factsOf(name: string): Record<string, unknown> {
  const text = readFileSync(join(FOLDER, `${name}.txt`), 'utf8');
  const recorded = [...text.matchAll(/^=== (\S+)\n([\s\S]*?)(?=^=== |(?![\s\S]))/gm)];
  return Object.fromEntries(
    recorded.map(([, key, stdout = '']) => {
      const section = SECTIONS.find((one) => one.key === key) as HostSection;
      try {
        const fact = section.parse({ stdout, stderr: '', exitCode: 0, truncated: false, root: true });
        expect(FACTS[section.key].safeParse(fact).error, `${name} ${key}`).toBeUndefined();
        return [key, fact];
      } catch (thrown) {
        if (thrown instanceof AbsentError) return [key, thrown.absence];
        throw thrown;
      }
    }),
  );
}

/** What is judged by sshd's settings alone. */
const SSHD_CHECKS = CHECKS.filter((check) => check.needs.length === 1 && check.needs[0] === 'host.sshd');

const SUPPORT_ENDED = ['amzn-2', 'debian-11', 'ubuntu-20.04'];

describe('what the distributions print', () => {
  it('is there for each that is said to be supported', () => {
    expect(files.sort()).toEqual(
      [
        ...['debian-11', 'debian-12', 'debian-13', 'ubuntu-20.04', 'ubuntu-22.04', 'ubuntu-24.04', 'ubuntu-26.04'],
        ...['8', '9', '10'].flatMap((version) => [`rhel-${version}`, `almalinux-${version}`]),
        ...['alpine-3.22', 'amzn-2', 'amzn-2023'],
      ].sort(),
    );
  });

  it.each(files)('%s', (name) => {
    const [id = '', version = ''] = name.split('-');
    const facts = factsOf(name);
    const os = facts['host.os'] as { id: string; versionId: string };
    expect(os.id).toBe(id);
    expect(os.versionId === version || os.versionId.startsWith(`${version}.`)).toBe(true);
    expect(releaseOf(os.id, os.versionId)).toBeDefined();
    const verdicts = [
      osSupported.evaluate(facts, { now: NOW, options: {}, target: exampleTarget(osSupported, {}) }),
    ].flat();
    expect(worstStatus(verdicts.map((one) => one.status))).toBe(SUPPORT_ENDED.includes(name) ? 'fail' : 'pass');
    // Two updates are waiting, of which one is for security where the package manager can say so.
    const updates = facts['host.updates'] as { pending: { name: string; security: boolean | null }[]; listsAt: number };
    const pending = updates.pending.toSorted((a, b) => Number(b.security) - Number(a.security));
    expect(pending.map((one) => [one.name, one.security])).toEqual(
      id === 'alpine'
        ? [
            ['libcrypto3', null],
            ['tzdata', null],
          ]
        : [
            ['openssl', true],
            [expect.stringMatching(/^(tzdata|base-files)$/), false],
          ],
    );
    expect(updates.listsAt).toBe(1_762_000_000_000);
    expect(facts['host.listen']).toMatchObject({
      sockets: expect.arrayContaining([expect.objectContaining({ protocol: 'tcp', address: '0.0.0.0', port: 22 })]),
    });
    expect(facts['host.time']).toMatchObject({ hostClock: 1_762_000_000_000, synchronized: true });
    expect(facts['host.services']).toMatchObject(
      id === 'alpine'
        ? { kind: 'not-applicable' }
        : { failed: [{ unit: 'backup.service', description: 'Nightly backup' }] },
    );
    expect(facts['host.users']).toMatchObject({
      accounts: [
        { name: 'root', password: 'locked' },
        { name: 'ana', password: 'set' },
      ],
      hashing: expect.stringMatching(/^(yescrypt|sha512)$/),
    });
    // sshd as it is without settings of its own: no check lacks what it reads, by whatever name that version prints it.
    const statuses = Object.fromEntries(
      SSHD_CHECKS.map((check) => {
        const context = { now: NOW, options: check.options.parse({}), target: exampleTarget(check, {}) };
        const told = [check.evaluate(facts, context)].flat();
        return [check.id, worstStatus(told.map((one) => one.status))];
      }),
    );
    expect(statuses).toMatchObject({
      'ssh.password-authentication': 'fail',
      'ssh.empty-passwords': 'pass',
      'ssh.strict-modes': 'pass',
      'ssh.host-based-auth': 'pass',
    });
    expect(Object.entries(statuses).filter(([, status]) => status === 'unknown')).toEqual([]);
    expect(facts['host.sysctl']).toMatchObject({
      values: { 'kernel.randomize_va_space': '2', 'net.ipv4.conf.all.accept_redirects': '1' },
    });
  });
});
