import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AbsentError } from '../../src/core/collected.ts';
import type { FactKey } from '../../src/core/facts/index.ts';
import type { HostTarget } from '../../src/core/target.ts';
import { hostProbe } from '../../src/probes/host/index.ts';
import { targetOf } from './lab/audit-host.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const WANTED = new Set<FactKey>(['login', 'host.os', 'host.sysctl', 'host.updates']);

/** One log-in over SSH that looks at what is wanted, until `signal`. */
function look(target: HostTarget, signal: AbortSignal) {
  return hostProbe.collect(target, { signal, now: Date.now, log() {}, count() {} }, WANTED);
}

function over(host: LabHost, transport: 'builtin' | 'openssh'): HostTarget {
  const target = targetOf(host);
  return { ...target, ssh: target.ssh && { ...target.ssh, transport } };
}

describeLab('a host that does not behave', () => {
  let lab: Lab;
  let endless: LabHost;
  let slow: LabHost;

  beforeAll(async () => {
    lab = await createLab();
    [endless, slow] = await Promise.all([
      lab.host({
        name: 'endless',
        profile: 'hardened',
        // Whatever is asked, it answers with lines that never end.
        setup: `sed -i 's|^|command="exec yes seaworthy-endless" |' /home/audit/.ssh/authorized_keys`,
      }),
      lab.host({
        name: 'slow',
        profile: 'hardened',
        setup: `rm -f /usr/bin/apt; printf '#!/bin/sh\\nexec sleep 31337\\n' > /usr/bin/apt; chmod 755 /usr/bin/apt`,
      }),
    ]);
  });
  afterAll(() => lab?.destroy());

  const runs = async (host: LabHost, pattern: string) =>
    Number((await host.exec(`pgrep -fc '${pattern}'`, { check: false })).stdout.trim());

  it.each(['builtin', 'openssh'] as const)(
    'is cut on our side when its output never ends, and is left alone then: %s',
    async (transport) => {
      const stuck = new AbortController();
      const before = process.memoryUsage().rss;
      // No deadline: it is the number of bytes that ends it.
      const facts = await look(over(endless, transport), stuck.signal);
      expect(facts.login).toMatchObject({ ok: true, value: { refused: null } });
      for (const key of ['host.os', 'host.sysctl', 'host.updates'] as const) {
        expect(facts[key], key).toMatchObject({
          ok: false,
          absence: {
            kind: expect.not.stringMatching('timeout'),
            reason: expect.stringContaining('did not run the script'),
          },
        });
      }
      // Some MiB are read of what would be gigabytes.
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
      await vi.waitFor(async () => expect(await runs(endless, '^yes seaworthy-endless')).toBe(0), 30_000);
    },
  );

  it.each(['builtin', 'openssh'] as const)(
    'keeps what had ended when the deadline comes, and says so of the rest: %s',
    async (transport) => {
      const deadline = new AbortController();
      const looking = look(over(slow, transport), deadline.signal);
      while ((await runs(slow, '^sleep 31337')) === 0) await pause(50);
      deadline.abort(new AbsentError('timeout', 'the deadline of the audit came'));
      const facts = await looking;
      expect(facts['host.os']).toMatchObject({ ok: true, value: { id: 'debian' } });
      expect(facts['host.sysctl']).toMatchObject({ ok: true });
      expect(facts['host.updates']).toMatchObject({
        ok: false,
        absence: { kind: 'timeout', reason: 'the deadline of the audit came' },
      });
      await vi.waitFor(async () => expect(await runs(slow, '^sleep 31337')).toBe(0), 30_000);
    },
  );
});
