import type { HostFirewallFacts } from '../core/facts/host-firewall.ts';
import type { DeclaredExposure } from '../core/target.ts';
import type { Verdict } from './firewall/inbound.ts';
import { stranger, verdictAt } from './firewall/open-ports.ts';
import { readFirewall } from './firewall/reading.ts';
import { type IpRange, inRange, parseIp, parseIpRange } from './ip-range.ts';

/** Who is meant to reach the declared ports: everybody, or these networks alone. */
export interface Audience {
  everybody: boolean;
  ranges: readonly IpRange[];
}

export type Answer = 'accept' | 'denied' | 'unknown';

/** What the rules say at one port to strangers, to the declared networks, and to the auditor. `null` = not asked. */
export interface RulesSay {
  stranger: Verdict;
  audience: Answer | null;
  auditor: Answer | null;
}

/** Cuts of the declared networks that are tried at most: rules may tell many sources apart. */
const MOST_CUTS = 64;

export function audienceOf(declared: DeclaredExposure | null): Audience {
  const from = declared ? [declared.from].flat() : ['outside'];
  return {
    everybody: from.includes('outside'),
    ranges: from.flatMap((one) => parseIpRange(one) ?? []),
  };
}

/** Whether anybody of the family is meant to reach the declared ports. */
export function includesFamily(audience: Audience, family: 4 | 6): boolean {
  return audience.everybody || audience.ranges.some((range) => range.family === family);
}

/** Whether an address is one of those that the ports are declared for; `null` = no address is known. */
export function isInvited(audience: Audience, sources: readonly string[]): boolean | null {
  if (audience.everybody) return true;
  if (sources.length === 0) return null;
  return sources.every((source) => {
    const ip = parseIp(source);
    return ip !== null && audience.ranges.some((range) => range.family === ip.family && inRange(ip.value, range));
  });
}

export function rulesFor(
  firewall: HostFirewallFacts | undefined,
  audience: Audience,
  at: { protocol: 'tcp' | 'udp'; family: 4 | 6; port: number; sources: readonly string[] },
): RulesSay | null {
  if (!firewall) return null;
  const { ruleset, maps } = readFirewall(firewall);
  const { family, port, protocol } = at;
  if (!maps.has(family)) return null;
  const ask = (source?: bigint) => verdictAt(ruleset, firewall, family, port, protocol, source);
  // Strangers are nobody that a rule or the declaration names.
  const outsider = stranger([...ruleset.mentions.sources, ...audience.ranges], family);
  const own = audience.ranges.filter((range) => range.family === family);
  const auditor = parseIp(at.sources[0] ?? '');
  return {
    stranger: ask(outsider),
    audience: audience.everybody || own.length === 0 ? null : most(own, ruleset.mentions.sources, ask),
    auditor: auditor?.family === family ? answerOf(ask(auditor.value)) : null,
  };
}

export function answerOf({ verdict }: Verdict): Answer {
  return verdict === 'drop' || verdict === 'reject' ? 'denied' : verdict;
}

/** What most addresses of the networks meet: a single banned neighbour does not close a port. */
function most(ranges: readonly IpRange[], mentions: readonly IpRange[], ask: (source: bigint) => Verdict): Answer {
  const weights: Record<Answer, bigint> = { accept: 0n, denied: 0n, unknown: 0n };
  for (const range of ranges) {
    const cuts = mentions
      .filter((one) => one.family === range.family)
      .flatMap((one) => [one.from, one.to + 1n])
      .filter((cut) => cut > range.from && cut <= range.to);
    const starts = [range.from, ...new Set(cuts)].sort((a, b) => (a < b ? -1 : 1)).slice(0, MOST_CUTS);
    for (const [index, start] of starts.entries()) {
      const end = starts[index + 1] ?? range.to + 1n;
      weights[answerOf(ask(start))] += end - start;
    }
  }
  if (weights.unknown > 0n && weights.accept <= weights.denied + weights.unknown) return 'unknown';
  return weights.accept >= weights.denied ? 'accept' : 'denied';
}
