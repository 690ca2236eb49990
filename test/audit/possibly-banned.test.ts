import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { auditTarget } from '../../src/audit/audit.ts';
import { AbsentError } from '../../src/core/collected.ts';
import { factsFileSchema, fromFactsEntry, toFactsEntry } from '../../src/core/facts/bundle.ts';
import { exampleLogin, exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import type { HostTarget } from '../../src/core/target.ts';
import type { Probe } from '../../src/probes/probe.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T09:00:00Z');
const target: HostTarget = {
  ...{ kind: 'host', id: 'shop-1', name: 'shop-1', service: null, environment: 'test', labels: {} },
  ...{ transport: 'ssh', firewall: null },
  ssh: { user: 'audit', host: '10.0.0.5', port: 22, sudo: false },
};
const checks = CHECKS.filter((check) => check.category === 'ssh');

type Audited = Awaited<ReturnType<typeof auditTarget>>;

/** A host whose door is open or closed, and how often somebody knocked. */
function door() {
  const state = { open: true, knocks: 0, now: START };
  const probe: Probe<'sshd' | 'login', 'host'> = {
    name: 'host',
    keys: ['sshd', 'login'],
    on: ['host'],
    timeoutMs: 1_000,
    async collect() {
      state.knocks += 1;
      if (!state.open) throw new AbsentError('unreachable', '10.0.0.5:22 refuses connections');
      const found = <T>(value: T) => ({ ok: true as const, value, at: state.now, ms: 1 });
      return { sshd: found(exampleSshd()), login: found(exampleLogin()) };
    },
  };
  const audit = (before: Audited | null, insist = false) =>
    auditTarget(target, {
      checks,
      probes: [probe as unknown as Probe],
      recognise: async () => 'ssh',
      now: () => state.now,
      before: before === null ? null : kept(before),
      insist,
    });
  return { state, audit };
}

/** The facts as a service that starts anew reads them back. */
function kept({ bundle }: Audited) {
  const file = { schemaVersion: 1 as const, targets: [toFactsEntry(bundle)] };
  const [entry] = factsFileSchema.parse(JSON.parse(JSON.stringify(file))).targets;
  if (!entry) throw new Error('no entry');
  return fromFactsEntry(entry).facts;
}

function kexOf({ report }: Audited) {
  return report.findings.find(({ check }) => check === 'ssh.kex');
}

describe('a host that let us in and now refuses', () => {
  it('is unknown: possibly banned, with what to do about it', async () => {
    const { state, audit } = door();
    const good = await audit(null);
    state.open = false;
    state.now += 30 * MINUTE;
    const finding = kexOf(await audit(good));
    expect(finding?.status).toBe('unknown');
    expect(finding?.message).toMatch(
      /possibly banned \(or down\): it answered on 2026-11-20T09:00Z, and now .*refuses.*ignoreip.*PerSourcePenaltyExemptList/,
    );
  });

  it('is left alone, twice as long each time, and by nobody who asks in person', async () => {
    const { state, audit } = door();
    let last = await audit(null);
    state.open = false;
    const pauses: number[] = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      last = await audit(last);
      const knocks = state.knocks;
      const began = state.now;
      for (let minutes = 0; minutes < 400; minutes += 1) {
        state.now += MINUTE;
        const next = await audit(last);
        if (state.knocks > knocks) {
          last = next;
          break;
        }
        expect(kexOf(next)?.message).toContain('left alone until');
        expect(next.caused).toMatchObject({ connections: 0, failures: 0 });
        last = next;
      }
      pauses.push((state.now - began) / MINUTE);
    }
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320]);
    const knocks = state.knocks;
    await audit(last, true);
    expect(state.knocks).toBe(knocks + 1);
  });

  it('is itself again as soon as it answers', async () => {
    const { state, audit } = door();
    const good = await audit(null);
    state.open = false;
    const banned = await audit(good);
    state.open = true;
    state.now += 11 * MINUTE;
    const back = await audit(banned);
    expect(kexOf(back)?.status).toBe('pass');
    state.now += MINUTE;
    expect(kexOf(await audit(back))?.status).toBe('pass');
  });

  it('is no ban where it never answered', async () => {
    const { state, audit } = door();
    state.open = false;
    const first = await audit(null);
    expect(kexOf(await audit(first))?.message).not.toContain('banned (or down)');
  });
});
