import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { auditTarget } from '../../src/audit/audit.ts';
import type { HostTarget } from '../../src/core/target.ts';
import { hostProbe } from '../../src/probes/host/index.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const SETUP = `
mkdir -p /root/.ssh /root/k; chmod 700 /root/.ssh
ssh-keygen -q -t ed25519 -N '' -C 'ana@shop.example' -f /root/k/good
ssh-keygen -q -t rsa -b 1024 -N '' -C 'old laptop' -f /root/k/short
ssh-keygen -q -t ed25519 -N '' -C '' -f /root/k/nameless
{ echo "# keys"; echo "from=\\"192.168.77.0/24\\",command=\\"/bin/echo a b # c\\" $(cat /root/k/good.pub)"; cat /root/k/short.pub
  echo "restrict $(cut -d' ' -f1,2 /root/k/nameless.pub)"; } > /root/.ssh/authorized_keys
chmod 600 /root/.ssh/authorized_keys`;

describeLab('the keys of privileged accounts', () => {
  let lab: Lab;
  let host: LabHost;
  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({ name: 'keys', profile: 'hardened', setup: SETUP });
  });
  afterAll(() => lab?.destroy());

  const look = (sudo: boolean) => {
    const target: HostTarget = {
      ...{ kind: 'host', id: 'keys', name: 'keys', service: null, environment: 'test', labels: {} },
      ...{ transport: 'ssh', firewall: null },
      ssh: { user: 'audit', host: host.address, port: 22, identity: host.identity, knownHosts: host.knownHosts, sudo },
    };
    return auditTarget(target, {
      checks: CHECKS.filter((check) => check.id === 'ssh.authorized-keys'),
      probes: [hostProbe],
      recognise: async () => 'ssh',
      now: Date.now,
    });
  };

  it('are judged by type, size and options, and nothing else of them leaves the host', async () => {
    const { report, bundle } = await look(true);
    const prints = (
      await host.exec('for k in good short nameless; do ssh-keygen -lf /root/k/$k.pub; done')
    ).stdout.match(/SHA256:\S+/g);
    const failed = report.findings.filter(({ status }) => status === 'fail');
    expect(failed.map(({ subject, severity }) => `${subject} ${severity}`).sort()).toEqual(
      [`root ${prints?.[1]} medium`, `root ${prints?.[2]} low`].sort(),
    );
    const fact = bundle.facts['host.authorized-keys'];
    expect(fact).toMatchObject({ ok: true });
    expect(fact?.ok && fact.value.accounts.every(({ readable }) => readable)).toBe(true);
    const root = fact?.ok ? fact.value.accounts.find(({ user }) => user === 'root') : undefined;
    expect(root?.keys.map(({ type, bits, options }) => [type, bits, options])).toEqual([
      ['ED25519', 256, ['from', 'command']],
      ['RSA', 1024, []],
      ['ED25519', 256, ['restrict']],
    ]);
    expect(root?.keys.map(({ comment }) => comment === null)).toEqual([false, false, true]);
    const text = JSON.stringify([report, bundle]);
    for (const secret of ['ana@shop', 'old laptop', '/bin/echo', '192.168.77', 'AAAA'])
      expect(text).not.toContain(secret);
  });

  it('are unknown, not passed, to who may not read them', async () => {
    const { report } = await look(false);
    expect(report.findings.map(({ status }) => status)).toContain('unknown');
    expect(report.findings.some(({ status }) => status === 'pass')).toBe(false);
  });
});
