import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { outsideAddresses } from '../../analysis/firewall/open-ports.ts';
import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';
import { scopeOf } from '../../net/guard.ts';

/** More addresses than this that a host names itself are not looked at. */
const MOST_PER_FAMILY = 4;

export interface Choice {
  scan: string[];
  skipped: { address: string; reason: string }[];
}

/**
 * Which of the addresses that a host says it has are looked at from here. A private address means something in its own
 * network only, so it is asked where we have an address in that network as well: elsewhere it is somebody else's machine.
 */
export function chooseAddresses(
  host: Pick<HostFirewallFacts, 'addresses' | 'forwarding'>,
  known: readonly string[],
  ours: readonly Subnet[] = ourNetworks(),
): Choice {
  const choice: Choice = { scan: [], skipped: [] };
  for (const family of [4, 6] as const) {
    for (const { address } of outsideAddresses(host, family)) {
      if (isIP(address) !== family || known.includes(address) || choice.scan.includes(address)) continue;
      const reason = whyNot(address, family, ours);
      const full = choice.scan.filter((one) => isIP(one) === family).length >= MOST_PER_FAMILY;
      if (reason !== null) choice.skipped.push({ address, reason });
      else if (full) choice.skipped.push({ address, reason: `more than ${MOST_PER_FAMILY} addresses of one family` });
      else choice.scan.push(address);
    }
  }
  return { scan: choice.scan, skipped: choice.skipped.slice(0, 64) };
}

function whyNot(address: string, family: 4 | 6, ours: readonly Subnet[]): string | null {
  const scope = scopeOf(address);
  if (scope === 'public') return null;
  if (scope !== 'private') return `${scope} addresses are not asked`;
  const near = ours.some((one) => one.family === family && one.list.check(address, family === 4 ? 'ipv4' : 'ipv6'));
  return near ? null : 'a private address in a network that we are not part of';
}

export interface Subnet {
  family: 4 | 6;
  list: BlockList;
}

/** The networks that this machine has an address in. */
export function ourNetworks(): Subnet[] {
  return Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).flatMap(({ cidr, internal }) => (internal || cidr === null ? [] : subnet(cidr))),
  );
}

export function subnet(cidr: string): Subnet[] {
  const [address = '', length] = cidr.split('/');
  const family = isIP(address);
  if (family !== 4 && family !== 6) return [];
  const list = new BlockList();
  list.addSubnet(address, Number(length), family === 4 ? 'ipv4' : 'ipv6');
  return [{ family, list }];
}
