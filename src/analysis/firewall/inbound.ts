import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';
import { inRange, parseIp, prefixRange } from '../ip-range.ts';
import type { Chain, Hook, Packet, PacketState, Ruleset } from './model.ts';
import { distinctEnds, type End, throughBase, type World } from './traverse.ts';

type Address = HostFirewallFacts['addresses'][number];

/** What a new TCP or UDP conversation from outside meets. */
export interface Verdict {
  verdict: 'accept' | 'drop' | 'reject' | 'unknown';
  /** Only below a rate per client. */
  limited: boolean;
  /** Where it goes when an address translation takes it past the rules for this host; `address: null` = this host. */
  dnat: { address: bigint | null; port: number } | null;
  /** Denied for sure, but whether by `drop` or `reject` hangs on the order of two tables, which cannot be seen. */
  eitherWay: boolean;
  /** The rule or policy that decided. */
  by: string;
}

export interface Knock {
  family: 4 | 6;
  protocol?: 'tcp' | 'udp';
  port: number;
  source: bigint;
  /** Device and address that it arrives at. */
  at: Pick<Address, 'device' | 'address'> | null;
  /** A first packet where not given. */
  state?: PacketState;
}

/** What the host says about itself besides rules. */
export interface Surroundings {
  addresses: readonly Address[];
  forwarding: { ipv4: boolean | null; ipv6: boolean | null };
}

/** Follows a first packet through ingress, prerouting and then input or forward. */
export function inbound(ruleset: Ruleset, host: Surroundings, knock: Knock): Verdict {
  const start = packetOf(knock);
  let worlds: World[] = [{ packet: start, limited: false }];
  const ends: End[] = [];
  for (const hook of ['ingress', 'prerouting'] as const) {
    const passed = throughHook(ruleset, hook, worlds, host);
    ends.push(...passed.ends);
    worlds = passed.accepted;
  }
  for (const world of worlds) {
    const { packet } = world;
    const forwards = packet.family === 4 ? host.forwarding.ipv4 : host.forwarding.ipv6;
    if (!packet.local && packet.destination !== null && isUnroutable(packet.family, packet.destination)) {
      ends.push({ ...world, verdict: 'unknown', by: 'translated to a loopback address' });
      continue;
    }
    if (!packet.local && forwards !== true) {
      ends.push({ ...world, verdict: forwards === false ? 'drop' : 'unknown', by: 'the kernel does not forward' });
      if (forwards === false) continue;
    }
    const routed = packet.local ? world : { ...world, packet: { ...packet, outDevice: routeOf(packet, host) } };
    const { ends: stopped, accepted } = throughHook(ruleset, packet.local ? 'input' : 'forward', [routed], host);
    ends.push(...stopped, ...accepted);
  }
  return conclude(ends, ruleset.unread);
}

/** What a stranger's packet meets that wants to pass through the host from one device to another. */
export function forwarded(
  ruleset: Ruleset,
  host: Surroundings,
  knock: Knock,
  destination: bigint,
  outDevice: string,
): Verdict {
  const packet: Packet = { ...packetOf(knock), destination, originalDestination: destination, local: false, outDevice };
  const ends: End[] = [];
  let worlds: World[] = [{ packet, limited: false }];
  for (const hook of ['ingress', 'prerouting', 'forward'] as const) {
    const passed = throughHook(ruleset, hook, worlds, host);
    ends.push(...passed.ends);
    worlds = passed.accepted;
    if (hook === 'forward') ends.push(...passed.accepted);
  }
  return conclude(ends, ruleset.unread);
}

function packetOf(knock: Knock): Packet {
  const destination = knock.at ? (parseIp(knock.at.address)?.value ?? null) : null;
  return {
    state: knock.state ?? 'new',
    family: knock.family,
    protocol: knock.protocol ?? 'tcp',
    source: knock.source,
    destination,
    port: knock.port,
    originalPort: knock.port,
    originalDestination: destination,
    device: knock.at?.device ?? null,
    outDevice: null,
    local: true,
    tracked: true,
    translated: false,
    rewritten: false,
    mark: 0,
    connectionMark: 0,
  };
}

function throughHook(
  ruleset: Ruleset,
  hook: Hook,
  worlds: World[],
  host: Surroundings,
): { ends: End[]; accepted: End[] } {
  const ends: End[] = [];
  let flow: End[] = worlds.map((world) => ({ ...world, verdict: 'accept', by: 'no rule' }));
  for (const rank of ranksOf(ruleset, hook)) {
    const next: End[] = [];
    // Chains of one priority run in the order in which they were registered, newest first; no listing shows it.
    for (const order of ordersOf(rank)) {
      const passed = throughChains(ruleset, order, flow, host);
      ends.push(...passed.ends);
      next.push(...passed.accepted);
    }
    flow = distinctEnds(next);
  }
  return { ends, accepted: flow };
}

function throughChains(
  ruleset: Ruleset,
  chains: readonly Chain[],
  entering: readonly End[],
  host: Surroundings,
): { ends: End[]; accepted: End[] } {
  const ends: End[] = [];
  let flow = [...entering];
  for (const chain of chains) {
    const next: End[] = [];
    for (const world of flow) {
      // The first translation wins: later chains of type nat are not asked any more; untracked packets never are.
      const skip =
        !chain.families.includes(world.packet.family) ||
        (chain.base?.nat && (world.packet.translated || !world.packet.tracked || world.packet.state !== 'new'));
      if (skip) {
        next.push(world);
        continue;
      }
      const passed = throughBase(ruleset, chain, [world]);
      ends.push(...passed.ends);
      next.push(...passed.accepted.map((end) => ({ ...end, packet: locate(end.packet, host) })));
    }
    flow = next;
  }
  return { ends, accepted: flow };
}

/** The base chains of a hook by priority; chains of one priority together. */
function ranksOf(ruleset: Ruleset, hook: Hook): Chain[][] {
  const ranks = new Map<number, Chain[]>();
  for (const chain of ruleset.chains.values()) {
    if (chain.base?.hook !== hook) continue;
    const rank = ranks.get(chain.base.priority);
    if (rank) rank.push(chain);
    else ranks.set(chain.base.priority, [chain]);
  }
  return [...ranks].sort(([a], [b]) => a - b).map(([, rank]) => rank);
}

/** Both directions stand for all orders: for every two chains each is first once. */
function ordersOf(rank: readonly Chain[]): (readonly Chain[])[] {
  return rank.length < 2 ? [rank] : [rank, [...rank].reverse()];
}

/** After a rewrite: whether the new destination is this host, and which address a redirect chose. */
function locate(packet: Packet, host: Surroundings): Packet {
  if (!packet.translated || packet.rewritten !== null) return packet;
  if (packet.destination === null) {
    const own = host.addresses.filter((one) => one.family === packet.family && one.device === packet.device);
    const only = own.length === 1 ? parseIp(own[0]?.address ?? '') : null;
    return withRewrite({ ...packet, local: true, destination: only?.value ?? null });
  }
  const local = host.addresses.some(
    (one) => parseIp(one.address)?.value === packet.destination && one.family === packet.family,
  );
  return withRewrite({ ...packet, local });
}

function withRewrite(packet: Packet): Packet {
  if (packet.port !== packet.originalPort) return { ...packet, rewritten: true };
  if (packet.destination === null || packet.originalDestination === null) return packet;
  return { ...packet, rewritten: packet.destination !== packet.originalDestination };
}

/** The device of the connected network that the destination lies in; `null` where a route is needed that we do not know. */
function routeOf(packet: Packet, host: Surroundings): string | null {
  let best: Address | null = null;
  for (const one of host.addresses) {
    const ip = parseIp(one.address);
    if (!ip || ip.family !== packet.family || packet.destination === null) continue;
    if (inRange(packet.destination, prefixRange(ip, one.prefix)) && one.prefix > (best?.prefix ?? -1)) best = one;
  }
  return best?.device ?? null;
}

function isUnroutable(family: 4 | 6, address: bigint): boolean {
  return family === 4 ? address >> 24n === 127n : address === 1n;
}

/** One verdict where all possible worlds agree, else `unknown`. */
function conclude(ends: readonly End[], unread: readonly string[]): Verdict {
  const [first] = ends;
  if (!first) return { verdict: 'unknown', limited: false, dnat: null, eitherWay: false, by: 'no path' };
  const rewritten = ends.find((end) => end.packet.translated && end.packet.rewritten !== false);
  const dnat = rewritten ? { address: rewritten.packet.destination, port: rewritten.packet.port } : null;
  const limited = ends.some((end) => end.limited && end.verdict === 'accept');
  const disagree = ends.find((end) => end.verdict !== first.verdict);
  const eitherWay = disagree !== undefined && ends.every((end) => end.verdict === 'drop' || end.verdict === 'reject');
  const unsure = { verdict: 'unknown', limited, dnat, eitherWay: false } as const;
  if (disagree && !eitherWay) return { ...unsure, by: `${first.by} / ${disagree.by}` };
  if (unread.length > 0) return { ...unsure, by: `rules not read: ${unread.join(', ')}` };
  // Where several chains agreed, the most telling one names a rule.
  const telling = ends.find((end) => !end.by.startsWith('policy of ') && end.by !== 'no rule') ?? first;
  return { verdict: eitherWay ? 'drop' : first.verdict, limited, dnat, eitherWay, by: telling.by };
}
