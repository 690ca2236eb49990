import { bootSources, driftOf } from '../../src/analysis/firewall/boot.ts';
import { firewalldDrift, ufwDrift } from '../../src/analysis/firewall/boot-managers.ts';
import { nftFileDrift } from '../../src/analysis/firewall/nft-file.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const RULES = exampleRules(22, 443);
const FILE = {
  path: '/etc/iptables/rules.v4',
  lines: ['*filter', ':INPUT DROP [12:700]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]', ...RULES, 'COMMIT'],
};

/** ufw with one rule of its own, and what else is in force. */
function exampleUfw(...live: string[]) {
  const own = '-A ufw-user-input -p tcp --dport 22 -j ACCEPT';
  return exampleFirewall('DROP', ['-A INPUT -j ufw-user-input', ...live], {
    ufw: { enabled: true, input: 'DROP', ipv6: false },
    boot: { enabled: ['ufw'], files: [{ path: '/etc/ufw/user.rules', lines: ['*filter', own, 'COMMIT'] }] },
  });
}

export default defineCheck({
  id: 'firewall.persistent',
  title: 'The firewall comes back after a reboot',
  category: 'firewall',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Rules live in memory. After the next reboot, often an unplanned one, the host is open until somebody notices.',
  remediation:
    'Save them and enable what loads them: nft list ruleset > /etc/nftables.conf && systemctl enable nftables; or apt install iptables-persistent; or systemctl enable ufw.',
  references: ['CIS Debian Linux 12 Benchmark', 'https://wiki.debian.org/nftables'],
  needs: ['host.firewall'],
  evaluate({ 'host.firewall': firewall }) {
    const { ruleset } = readFirewall(firewall);
    const inForce = [...ruleset.chains.values()].some(
      (chain) => chain.base?.hook === 'input' && (chain.rules.length > 0 || chain.policy === 'drop'),
    );
    if (!inForce) return notApplicable('no rules are in force; firewall.active says so');
    if (firewall.boot.enabled === null)
      return unknown('', 'what runs at boot could not be told: no systemd, OpenRC or System V directories');
    const sources = bootSources(firewall);
    if (sources.length === 0) {
      return fail('', 'the rules are in memory only: nothing loads them at boot', {
        seen: `enabled: ${firewall.boot.enabled.join(', ') || 'none of the known firewall services'}`,
        wanted: 'nftables, netfilter-persistent, ufw or firewalld enabled, with rules',
      });
    }
    const drift = driftOf(firewall);
    if (drift)
      return fail(
        'drift',
        `what ${drift.path} will load is not what is in force: ${drift.missing.length} rules would be lost, ${drift.extra.length} come in`,
        {
          severity: 'medium',
          seen: [...drift.missing.map((line) => `lost: ${line}`), ...drift.extra.map((line) => `new: ${line}`)]
            .slice(0, 6)
            .join('; '),
          wanted: 'the same rules',
        },
      );
    if (sources.includes('firewalld') && firewall.firewalld?.running === false)
      return fail(
        'drift',
        'firewalld starts at boot and does not run now: its zones will come in beside what is in force',
        {
          severity: 'medium',
          seen: `enabled: ${sources.join(', ')}; firewalld is not running`,
          wanted: 'one of them: systemctl disable firewalld, or start it',
        },
      );
    const managed = ['ufw', 'firewalld'].filter((one) => sources.includes(one));
    for (const manager of managed) {
      const now = manager === 'ufw' ? ufwDrift(firewall) : firewalldDrift(firewall);
      if (!now)
        return unknown(
          'drift',
          `${manager} loads rules at boot; which, and whether they are those in force, could not be read`,
        );
      if (now.lost.length + now.comes.length > 0)
        return fail(
          'drift',
          `what ${manager} will load is not what is in force: ${now.lost.length} rules would be lost, ${now.comes.length} come in`,
          {
            severity: 'medium',
            seen: [...now.lost.map((one) => `lost: ${one}`), ...now.comes.map((one) => `new: ${one}`)]
              .slice(0, 6)
              .join('; '),
            wanted:
              manager === 'ufw'
                ? 'rules made with ufw, not beside it'
                : 'firewall-cmd --runtime-to-permanent, or --reload',
          },
        );
    }
    const file = sources.includes('nftables') && firewall.boot.files.find((one) => /nftables\.conf$/.test(one.path));
    if (file) {
      const differences = nftFileDrift(file.lines, firewall.nft);
      if (differences === null)
        return unknown(
          'drift',
          `${file.path} has variables, commands or other files in it and could not be compared with the rules in force`,
        );
      if (differences.length > 0)
        return fail('drift', `what ${file.path} will load is not what is in force`, {
          severity: 'medium',
          seen: differences.slice(0, 6).join('; '),
          wanted: 'the same rules',
        });
      return pass(`loaded at boot by ${sources.join(', ')}; ${file.path} has the same chains, with as many rules`);
    }
    return pass(`loaded at boot by ${sources.join(', ')}${managed.length > 0 ? ', as they are in force' : ''}`);
  },
  examples: [
    {
      name: 'saved and loaded at boot',
      facts: {
        'host.firewall': exampleFirewall('DROP', RULES, { boot: { enabled: ['netfilter-persistent'], files: [FILE] } }),
      },
      status: 'pass',
    },
    {
      name: 'in memory only',
      facts: { 'host.firewall': exampleFirewall('DROP', RULES, { boot: { enabled: [], files: [] } }) },
      status: 'fail',
    },
    {
      name: 'the service is enabled, its file is empty',
      facts: {
        'host.firewall': exampleFirewall('DROP', RULES, {
          boot: { enabled: ['nftables'], files: [{ path: '/etc/nftables.conf', lines: ['flush ruleset'] }] },
        }),
      },
      status: 'fail',
    },
    {
      name: 'a rule that was added and not saved',
      facts: {
        'host.firewall': exampleFirewall('DROP', [...RULES, '-A INPUT -s 10.0.0.0/8 -j DROP'], {
          boot: { enabled: ['netfilter-persistent'], files: [FILE] },
        }),
      },
      status: 'fail',
      subjects: ['drift'],
      severity: 'medium',
    },
    {
      name: 'nftables.conf with variables cannot be compared',
      facts: {
        'host.firewall': exampleFirewall('DROP', RULES, {
          boot: {
            enabled: ['nftables'],
            files: [
              { path: '/etc/nftables.conf', lines: ['define lan = 10.0.0.0/8', 'type filter hook input priority 0'] },
            ],
          },
        }),
      },
      status: 'unknown',
    },
    {
      name: 'ufw is enabled and has the rules that are in force',
      facts: { 'host.firewall': exampleUfw('-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT') },
      status: 'pass',
    },
    {
      name: 'a rule beside ufw',
      facts: {
        'host.firewall': exampleUfw(
          '-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT',
          '-A INPUT -p tcp -m tcp --dport 5432 -j ACCEPT',
        ),
      },
      status: 'fail',
      subjects: ['drift'],
    },
    {
      name: 'firewalld with a port that is open until the next reload',
      facts: {
        'host.firewall': exampleFirewall('DROP', RULES, {
          boot: { enabled: ['firewalld'], files: [] },
          firewalld: {
            running: true,
            zones: {
              runtime: ['public (active)', '  interfaces: eth0', '  services: ssh', '  ports: 5432/tcp'],
              permanent: ['public', '  interfaces: ', '  services: ssh', '  ports: '],
            },
          },
        }),
      },
      status: 'fail',
      subjects: ['drift'],
    },
    {
      name: 'firewalld is enabled and does not run',
      facts: {
        'host.firewall': exampleFirewall('DROP', RULES, {
          boot: { enabled: ['firewalld', 'netfilter-persistent'], files: [FILE] },
          firewalld: { running: false },
        }),
      },
      status: 'fail',
      subjects: ['drift'],
    },
    {
      name: 'firewalld whose zones could not be read',
      facts: {
        'host.firewall': exampleFirewall('DROP', RULES, {
          boot: { enabled: ['firewalld'], files: [] },
          firewalld: { running: true },
        }),
      },
      status: 'unknown',
    },
    { name: 'no rules', facts: { 'host.firewall': exampleFirewall(null) }, status: 'not-applicable' },
  ],
});
