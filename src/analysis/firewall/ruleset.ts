import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';
import { readSaved } from './iptables.ts';
import type { Chain, Mentions, Ruleset } from './model.ts';
import { readNft } from './nft.ts';

/**
 * All rules of a host as one model. Tables that iptables-nft made stand in the output of both tools; `iptables-save`
 * knows what its own matches mean where `nft -j` shows them without their arguments, so its word counts for them.
 */
export function readRuleset(firewall: HostFirewallFacts): Ruleset {
  const mentions: Mentions = { ports: new Set(), sources: [] };
  const chains: Chain[] = [];
  const known = new Set<string>();
  const unread = firewall.unread.map((one) => `${one.source} (${one.reason})`);
  for (const saved of firewall.saved) {
    const read = readSaved(saved, mentions);
    chains.push(...read.chains);
    if (saved.variant === 'nft')
      for (const table of read.tables) known.add(`${saved.family === 4 ? 'ip' : 'ip6'} ${table}`);
    unread.push(...complaints(firewall, saved));
  }
  chains.push(...readNft(firewall.nft ?? [], mentions, (family, table) => known.has(`${family} ${table}`)));
  return { chains: new Map(chains.map((chain) => [chain.id, chain])), mentions, unread };
}

/** What `iptables-save` itself says about rules that it cannot show. */
function complaints(firewall: HostFirewallFacts, saved: HostFirewallFacts['saved'][number]): string[] {
  return saved.lines.flatMap((line) => {
    const foreign = /^# Table `(.+)' is incompatible/.exec(line);
    if (foreign && firewall.nft === null) return [`table ${foreign[1]} (needs nft)`];
    const legacy = /^# Warning: (?:iptables|ip6tables)-legacy tables present/.test(line);
    const covered = firewall.saved.some((one) => one.variant === 'legacy' && one.family === saved.family);
    return legacy && !covered ? [`${saved.command}: legacy tables`] : [];
  });
}
