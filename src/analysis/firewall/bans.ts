import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';
import { isObject } from './nft-sets.ts';

/**
 * Whether a jail of fail2ban has left its mark in the rules: the set or chain that its action makes at the first ban
 * (action.d/nftables.conf: `addr-set-JAIL` in the table `f2b-table`; action.d/iptables.conf: the chain `f2b-JAIL`, or an
 * ipset of that name). `null` = rules are missing from the facts, or the action is of a kind that works elsewhere.
 */
export function bansReach(
  firewall: HostFirewallFacts,
  jail: { name: string; actions: readonly string[] },
): boolean | null {
  if (!jail.actions.some((action) => /^(nftables|iptables)/.test(action))) return null;
  const seen =
    (firewall.nft ?? []).some(({ set, chain }) =>
      [set, chain].some(
        (one) => isObject(one) && new RegExp(`^(addr6?-set-|f2b-)${escaped(jail.name)}$`).test(String(one.name)),
      ),
    ) || firewall.saved.some((one) => one.lines.some((line) => isBan(line, jail.name)));
  if (seen) return true;
  return firewall.unread.length > 0 || (firewall.nft === null && firewall.saved.length === 0) ? null : false;
}

/** A rule that sends packets to the jail's chain, or looks into its set; the chain alone stops nobody. */
function isBan(line: string, jail: string): boolean {
  return (
    line.startsWith('-A ') &&
    line
      .split(/\s+/)
      .some((word, at, words) => word === `f2b-${jail}` && /^(-j|--match-set)$/.test(words[at - 1] ?? ''))
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
