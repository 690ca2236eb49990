import { type IpRange, inRange, parseIp } from '../ip-range.ts';
import { inbound, type Knock, type Surroundings, type Verdict } from './inbound.ts';
import type { Ruleset } from './model.ts';

/** Ports that fare alike, with what they meet. */
export interface PortRange extends Verdict {
  from: number;
  to: number;
  /** Device and address where it is most open. */
  at: string;
}

/** Most open first. */
const OPENNESS = ['accept', 'unknown', 'reject', 'drop'] as const;
/** Devices of containers and virtual machines on this very host: what arrives there does not come from outside. */
const INTERNAL = /^(lo$|docker|br-|veth|virbr|cni|flannel|cali|lxc|lxdbr|incusbr|podman)/;

/** Device and address pairs that strangers reach, of one family; link-local addresses only where there is nothing else. */
export function outsideAddresses(host: Surroundings, family: 4 | 6): { device: string; address: string }[] {
  const own = host.addresses.filter((one) => one.family === family && !INTERNAL.test(one.device));
  const global = own.filter((one) => !/^(fe80:|169\.254\.)/i.test(one.address));
  return global.length > 0 ? global : own;
}

/** An address that no rule names: what it meets, strangers meet. */
export function stranger(mentions: readonly IpRange[], family: 4 | 6): bigint {
  const candidates =
    family === 4
      ? [...Array(48).keys()].map((at) => parseIp(`${23 + at * 4}.${11 + at * 5}.37.91`))
      : [...Array(48).keys()].map((at) =>
          parseIp(`26${(at + 10).toString(16).padStart(2, '0')}:${(at * 97 + 16).toString(16)}:3f1::77`),
        );
  let best = { value: 0n, hits: Number.POSITIVE_INFINITY };
  for (const candidate of candidates) {
    if (!candidate) continue;
    const hits = mentions.filter((range) => range.family === family && inRange(candidate.value, range)).length;
    if (hits < best.hits) best = { value: candidate.value, hits };
  }
  return best.value;
}

/** What a stranger, or the source that is given, meets at one port, over every outside address of the family: the most open verdict. */
export function verdictAt(
  ruleset: Ruleset,
  host: Surroundings,
  family: 4 | 6,
  port: number,
  protocol: Knock['protocol'] = 'tcp',
  source = stranger(ruleset.mentions.sources, family),
): Verdict & { at: string } {
  const places = outsideAddresses(host, family);
  let worst: (Verdict & { at: string }) | null = null;
  for (const at of places.length > 0 ? places : [null]) {
    const verdict = inbound(ruleset, host, { family, port, source, at, protocol });
    const named = { ...verdict, at: at ? `${at.device} ${at.address}` : 'any address' };
    if (!worst || OPENNESS.indexOf(named.verdict) < OPENNESS.indexOf(worst.verdict)) worst = named;
  }
  return worst ?? { verdict: 'unknown', limited: false, dnat: null, eitherWay: false, by: 'no address', at: '' };
}

/** All 65,535 TCP ports by what strangers meet there: between two ports that rules mention all fare alike. */
export function portMap(ruleset: Ruleset, host: Surroundings, family: 4 | 6): PortRange[] {
  const starts = [...new Set([1, ...ruleset.mentions.ports])]
    .filter((port) => port >= 1 && port <= 65_535)
    .sort((a, b) => a - b);
  const map: PortRange[] = [];
  for (const [index, from] of starts.entries()) {
    const to = (starts[index + 1] ?? 65_536) - 1;
    const verdict = verdictAt(ruleset, host, family, from);
    const last = map.at(-1);
    if (last && sameFate(last, verdict)) last.to = to;
    else map.push({ ...verdict, from, to });
  }
  return map;
}

function sameFate(a: Verdict, b: Verdict): boolean {
  // Translated ranges keep their ports apart: each goes somewhere else.
  return a.verdict === b.verdict && a.limited === b.limited && a.dnat === null && b.dnat === null;
}

/** How many ports of a map meet one of these verdicts. */
export function countPorts(map: readonly PortRange[], ...verdicts: Verdict['verdict'][]): number {
  return map
    .filter((range) => verdicts.includes(range.verdict))
    .reduce((sum, range) => sum + range.to - range.from + 1, 0);
}

/** `22, 80, 1000-2000` of the ranges with a verdict, at most `most` of them. */
export function listPorts(map: readonly PortRange[], verdict: Verdict['verdict'], most = 12): string {
  const ranges = map
    .filter((range) => range.verdict === verdict)
    .map((range) => (range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`));
  return ranges.length > most
    ? `${ranges.slice(0, most).join(', ')} and ${ranges.length - most} more`
    : ranges.join(', ');
}
