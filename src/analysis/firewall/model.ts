import type { IpRange } from '../ip-range.ts';

/**
 * One model for the rules of nftables and iptables: chains of rules, each a list of tests on a packet and an action.
 * A test answers `true`, `false` or `null` = this construct is not understood; nothing is guessed.
 */
export type Truth = boolean | null;

/** How connection tracking sees a packet: it opens a connection, answers one that the host has opened, or fits none. */
export type PacketState = 'new' | 'established' | 'invalid';

/** A packet, usually the first of a TCP connection, on its way through the host. `null` = not known. */
export interface Packet {
  state: PacketState;
  family: 4 | 6;
  protocol: 'tcp' | 'udp';
  source: bigint | null;
  destination: bigint | null;
  /** Destination port as it is now, after any rewriting. */
  port: number;
  /** Destination port as the client sent it. */
  originalPort: number;
  originalDestination: bigint | null;
  device: string | null;
  /** Where it would be forwarded to; `null` on the way to the host itself or where it is not known. */
  outDevice: string | null;
  /** Whether the destination is the host itself. */
  local: boolean;
  tracked: boolean;
  /** Whether an address translation has taken the packet; later ones leave it alone. */
  translated: boolean;
  /** Whether that changed its destination: one to where it was going anyway does not count as DNAT. */
  rewritten: Truth;
  mark: number;
  connectionMark: number;
}

/** `limit`: the test holds below a rate; `over`: it holds above one. Both decide only for a client that comes too often. */
export type Test = { kind: 'plain'; holds(packet: Packet): Truth } | { kind: 'limit' | 'over' };

export type Action =
  | { kind: 'accept' | 'drop' | 'reject' | 'return' | 'continue' }
  | { kind: 'jump' | 'goto'; chain: string }
  /** `address: null` = this host (redirect); `port: null` = unchanged. */
  | { kind: 'dnat'; address: bigint | null; port: number | null }
  | { kind: 'unknown' };

export interface Rule {
  tests: readonly Test[];
  /** Changes of the packet besides its fate: marks, no tracking. */
  change?(packet: Packet): Packet;
  action: Action;
  /** As an operator would recognise it. */
  text: string;
}

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward';

export interface Chain {
  /** Unique over all tables. */
  id: string;
  /** `table/chain`, for people. */
  name: string;
  families: readonly (4 | 6)[];
  base: { hook: Hook; priority: number; nat: boolean } | null;
  policy: 'accept' | 'drop';
  rules: Rule[];
}

/** What a rule set mentions; between two mentions all ports, or all sources, fare alike. */
export interface Mentions {
  ports: Set<number>;
  sources: IpRange[];
}

export interface Ruleset {
  chains: ReadonlyMap<string, Chain>;
  mentions: Mentions;
  /** Sources of rules that could not be read: while there is one, no verdict is sure. */
  unread: readonly string[];
}

export const always: Test = { kind: 'plain', holds: () => true };
export const notUnderstood: Test = { kind: 'plain', holds: () => null };
export function plain(holds: (packet: Packet) => Truth): Test {
  return { kind: 'plain', holds };
}
export function not(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

/** Notes that the ports `from`..`to` are told apart from their neighbours. */
export function mentionPorts(mentions: Mentions, from: number, to: number): void {
  mentions.ports.add(Math.max(0, from));
  mentions.ports.add(Math.min(65_536, to + 1));
}
