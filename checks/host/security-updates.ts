import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { formatDuration } from '../../src/core/duration.ts';
import type { HostUpdatesFacts } from '../../src/core/facts/host-updates.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const DAY = 86_400_000;

function updates(
  listsAgeDays: number | null,
  ...pending: [name: string, security: boolean | null][]
): HostUpdatesFacts {
  const NOW = Date.parse('2026-11-01T00:00:00Z');
  return {
    manager: 'apt',
    listsAt: listsAgeDays === null ? null : NOW - listsAgeDays * DAY,
    pending: pending.map(([name, security]) => ({ name, installed: '1.0-1', available: '1.0-2', security })),
  };
}

export default defineCheck({
  id: 'host.security-updates',
  title: 'No security update is waiting',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale: 'A published fix is also a published description of the hole; it is used within days.',
  remediation:
    'Install them (apt-get update && apt-get upgrade, dnf upgrade --security) and let the system do so by itself from then on (unattended-upgrades, dnf-automatic).',
  references: ['CIS Debian Linux 12 Benchmark', 'https://www.debian.org/security/'],
  needs: ['host.updates'],
  options: z.strictObject({
    maxListAgeDays: z
      .number()
      .positive()
      .default(7)
      .describe('age of the package lists after which they tell nothing any more'),
  }),
  evaluate({ 'host.updates': { manager, pending, listsAt } }, { now, options }) {
    const security = pending.filter((one) => one.security);
    const unclear = pending.filter((one) => one.security === null);
    const names = security.map((one) => `${one.name} ${one.installed ?? ''} -> ${one.available}`.replace('  ', ' '));
    const details = {
      manager,
      pending: pending.length,
      security: security.map((one) => one.name),
      listsAgeMs: listsAt === null ? null : now - listsAt,
    };
    if (security.length > 0) {
      return fail(
        '',
        `${security.length} security update${security.length === 1 ? ' is' : 's are'} waiting, ${pending.length} updates in all`,
        {
          seen: names.slice(0, 10).join('; ') + (names.length > 10 ? `; and ${names.length - 10} more` : ''),
          wanted: 'none',
          details,
        },
      );
    }
    // "None pending" is only as fresh as the lists that it was read from.
    if (listsAt === null)
      return unknown('', 'nothing is pending, but how old the package lists are could not be told', { details });
    const age = now - listsAt;
    if (age > options.maxListAgeDays * DAY) {
      return unknown(
        '',
        `nothing is pending by package lists that are ${formatDuration(age)} old; refresh them (nobody seems to)`,
        { details },
      );
    }
    if (unclear.length > 0) {
      return unknown('', `${unclear.length} updates are waiting and ${manager} does not say which are for security`, {
        details,
      });
    }
    return pass(
      `no security update is waiting (lists ${formatDuration(Math.max(0, age))} old, ${pending.length} other updates)`,
      { details },
    );
  },
  examples: [
    { name: 'only ordinary updates', facts: { 'host.updates': updates(1, ['vim', false]) }, status: 'pass' },
    {
      name: 'one for security',
      facts: { 'host.updates': updates(1, ['openssl', true], ['vim', false]) },
      status: 'fail',
    },
    {
      name: 'found in old lists it is still waiting',
      facts: { 'host.updates': updates(90, ['openssl', true]) },
      status: 'fail',
    },
    { name: 'nothing waits, by lists of last summer', facts: { 'host.updates': updates(90) }, status: 'unknown' },
    { name: 'lists of unknown age', facts: { 'host.updates': updates(null) }, status: 'unknown' },
    {
      name: 'a manager that does not tell them apart',
      facts: { 'host.updates': updates(1, ['busybox', null]) },
      status: 'unknown',
    },
  ],
});
