import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';

/** Which service loads which files. */
const LOADERS: Readonly<Record<string, readonly string[]>> = {
  nftables: ['/etc/nftables.conf', '/etc/sysconfig/nftables.conf'],
  'netfilter-persistent': ['/etc/iptables/rules.v4', '/etc/iptables/rules.v6'],
  iptables: ['/etc/sysconfig/iptables', '/etc/iptables/rules.v4'],
  ip6tables: ['/etc/sysconfig/ip6tables'],
};

/** Services that will load rules at boot, each with something to load. */
export function bootSources(firewall: HostFirewallFacts): string[] {
  const { enabled, files } = firewall.boot;
  return (enabled ?? []).filter((unit) => {
    if (unit === 'ufw') return firewall.ufw?.enabled === true;
    if (unit === 'firewalld' || unit === 'shorewall') return true;
    return files.some((file) => LOADERS[unit]?.includes(file.path) && hasRules(file.lines));
  });
}

function hasRules(lines: readonly string[]): boolean {
  return lines.some((line) => /^-A |^:INPUT DROP|hook\s+input|^\s*include\s/.test(line));
}

/** The saved IPv4 rules beside those in force; `null` where they agree or the file is of a kind that is not compared. */
export function driftOf(firewall: HostFirewallFacts): { path: string; missing: string[]; extra: string[] } | null {
  for (const [path, family] of [
    ['/etc/iptables/rules.v4', 4],
    ['/etc/sysconfig/iptables', 4],
    ['/etc/iptables/rules.v6', 6],
    ['/etc/sysconfig/ip6tables', 6],
  ] as const) {
    const file = firewall.boot.files.find((one) => one.path === path);
    const running = firewall.saved.find((one) => one.family === family && one.lines.length > 0);
    if (!file || !running) continue;
    const [saved, live] = [filterRules(file.lines), filterRules(running.lines)];
    const missing = live.filter((line) => !saved.includes(line));
    const extra = saved.filter((line) => !live.includes(line));
    if (missing.length + extra.length > 0) return { path, missing, extra };
  }
  return null;
}

/** Rules and policies of the filter table without counters. Chains of Docker and fail2ban are made at run time. */
function filterRules(lines: readonly string[]): string[] {
  let table = '';
  return lines.flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    if (table !== 'filter' || !/^(:|-A |\[)/.test(line) || /DOCKER|docker0|\bf2b-/.test(line)) return [];
    return [
      line
        .replace(/^\[\d+:\d+\] /, '')
        .replace(/ \[\d+:\d+\]$/, '')
        .trim(),
    ];
  });
}
