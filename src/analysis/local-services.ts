import type { HostFirewallFacts } from '../core/facts/host-firewall.ts';
import type { HostListenFacts } from '../core/facts/host-listen.ts';
import { LOCAL_PROCESSES, LOCAL_SERVICES, type LocalService } from '../knowledge/local-services.ts';
import { verdictAt } from './firewall/open-ports.ts';
import { readFirewall } from './firewall/reading.ts';
import { inRange, isLoopback, parseIp, parseIpRange } from './ip-range.ts';

type Socket = HostListenFacts['sockets'][number];

/** Processes that take well-known numbers for something that is meant to be seen. */
const PUBLIC_PROCESSES = new Set(['nginx', 'apache2', 'httpd', 'caddy', 'haproxy', 'traefik', 'envoy', 'sshd']);

/** The local service behind a socket: by its process where that is known, else by its port. */
export function localServiceOf(socket: Socket): LocalService | undefined {
  for (const name of socket.processes) {
    const known = LOCAL_PROCESSES.get(name.replace(/[\d.]+$/, '')) ?? LOCAL_PROCESSES.get(name);
    if (known) return known;
    if (PUBLIC_PROCESSES.has(name)) return undefined;
  }
  return LOCAL_SERVICES.get(socket.port);
}

/** RFC 1918, RFC 6598, RFC 4193, and link-local addresses. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
].flatMap((text) => parseIpRange(text) ?? []);

export function isPrivate(text: string): boolean {
  const ip = parseIp(text);
  return ip !== null && PRIVATE.some((range) => range.family === ip.family && inRange(ip.value, range));
}

/** Who can reach a socket: `filtered` = it would be anybody, and the firewall turns them away in every family. */
export function reachOf(
  socket: Socket,
  firewall: HostFirewallFacts | undefined,
): 'loopback' | 'private' | 'filtered' | 'anybody' {
  if (isLoopback(socket.address) || socket.device === 'lo') return 'loopback';
  if (isPrivate(socket.address)) return 'private';
  if (!firewall) return 'anybody';
  const { ruleset } = readFirewall(firewall);
  const filtered = socket.families.every((family) => {
    const { verdict } = verdictAt(ruleset, firewall, family, socket.port, socket.protocol);
    return verdict === 'drop' || verdict === 'reject';
  });
  return filtered ? 'filtered' : 'anybody';
}
