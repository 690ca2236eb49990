import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { HostFirewallFacts } from '../core/facts/host-firewall.ts';
import type { PortsFacts, ScannedAddress } from '../core/facts/ports.ts';
import type { EndpointTarget, HostTarget } from '../core/target.ts';
import { WELL_KNOWN_PORTS } from '../knowledge/local-services.ts';
import { addressesOf } from '../net/addresses.ts';
import { scopeOf } from '../net/guard.ts';
import { type PortState, scanPorts } from '../net/port-scan.ts';
import { sourceAddress } from '../net/source-address.ts';
import { TcpProblem, toAbsent } from '../net/tcp.ts';
import { chooseAddresses } from './ports/choose-addresses.ts';
import { type ProbeContext, probeOf } from './probe.ts';

/** Longer lists are not kept, only counted. */
const KEEP_LISTS = 1_024;
const ALL_PORTS = Array.from({ length: 65_535 }, (_, at) => at + 1);
/** After this no further address is begun. */
const LAST_START_MS = 110_000;
/** Addresses of one host that are looked at at the same time; they share the bounds below. */
const AT_ONCE = 8;
/**
 * New connections in a second and open ones at a time, for all addresses of a host together. Silence costs a whole time-out
 * for each open connection: with 8,192 of them a host that answers nothing is through all its ports in about nine seconds.
 */
const MANY = { perSecond: 20_000, concurrency: 8_192 };
const FEW = { perSecond: 500, concurrency: 256 };

/**
 * TCP ports as the auditor reaches them, by plain connects: all of them where the configuration declares what is meant to
 * be open, else the well-known ones. Port 22 gets one connection, like every other.
 */
export const portsProbe = probeOf({
  key: 'ports',
  on: ['host', 'endpoint'],
  timeoutMs: 170_000,
  look: lookAtPorts,
});

async function lookAtPorts(target: HostTarget | EndpointTarget, context: ProbeContext): Promise<PortsFacts> {
  const host = target.kind === 'host' ? target.ssh?.host : target.host;
  if (host === undefined) {
    throw new AbsentError('not-applicable', 'the audit runs on the host itself, so nothing is looked at from outside');
  }
  if (target.kind === 'endpoint') {
    const ports = [...new Set([...WELL_KNOWN_PORTS, target.port])];
    return countSsh(await scanHost(host, ports, context, { instead: target.addresses }), 22, context);
  }
  const ports = target.firewall === null ? [...WELL_KNOWN_PORTS] : ALL_PORTS;
  const where = { besides: target.addresses, told: context.fact?.('host.firewall') };
  return countSsh(await scanHost(host, ports, context, where), target.ssh?.port ?? 22, context);
}

/** A bare connect to an SSH server is an attempt without a log-in to whoever watches its log. */
function countSsh(facts: PortsFacts, sshPort: number, context: ProbeContext): PortsFacts {
  const looks = facts.addresses ?? [facts];
  context.count('failures', looks.filter(({ open }) => open.includes(sshPort)).length);
  return facts;
}

/** Where to look. */
interface Where {
  /** Declared addresses, instead of or besides what the name resolves to. */
  instead?: readonly string[] | undefined;
  besides?: readonly string[] | undefined;
  /** What the host says of itself, once it has: its own addresses are looked at as well. */
  told?: Promise<Pick<HostFirewallFacts, 'addresses' | 'forwarding'> | undefined> | undefined;
}

/** Scans every address of a host at the same time, and those that the host itself names as soon as it has. */
export async function scanHost(
  host: string,
  ports: readonly number[],
  context: Pick<ProbeContext, 'signal' | 'count' | 'now'>,
  where: Where = {},
): Promise<PortsFacts> {
  const began = context.now();
  const named = await addressesOf(host, where.instead).catch((thrown: unknown) => {
    throw thrown instanceof TcpProblem ? toAbsent(thrown) : new AbsentError('unreachable', reasonOf(thrown), thrown);
  });
  const known = [...new Set([...named, ...(where.besides ?? [])])];
  const skipped: NonNullable<PortsFacts['skipped']> = [];
  let running = 0;
  const scan = async (address: string): Promise<ScannedAddress[]> => {
    if (context.now() - began > LAST_START_MS) {
      // Half of what there is to tell is better than a scan that never ends.
      skipped.push({ address, reason: 'no time was left to look at it' });
      return [];
    }
    running += 1;
    try {
      return [await scanAddress(address, ports, context, () => running)];
    } finally {
      running -= 1;
    }
  };
  const told = Promise.resolve(where.told).then((facts) => {
    const more = facts ? chooseAddresses(facts, known) : { scan: [], skipped: [] };
    skipped.push(...more.skipped);
    return inTurns(more.scan, AT_ONCE, scan);
  });
  const scanned = (await Promise.all([inTurns(known, AT_ONCE, scan), told])).flat(2);
  const first = scanned.find((one) => one.address === named[0]) ?? scanned[0];
  if (!first) throw new AbsentError('unreachable', `${host} has no address`);
  const rest = scanned.filter((one) => one !== first);
  const { address, open, closed, filtered } = first;
  return {
    address,
    scanned: rangesOf(ports),
    open,
    closed,
    filtered,
    via: hostname(),
    addresses: [first, ...rest],
    ...(skipped.length > 0 ? { skipped } : {}),
  };
}

async function scanAddress(
  address: string,
  ports: readonly number[],
  context: Pick<ProbeContext, 'signal' | 'count'>,
  sharers: () => number,
): Promise<ScannedAddress> {
  const states = await scanPorts({
    address,
    ports,
    first: WELL_KNOWN_PORTS,
    signal: context.signal,
    ...(ports.length > KEEP_LISTS ? MANY : FEW),
    sharers,
    timeoutMs: 1_000,
    onConnection: (count) => context.count('connections', count),
  });
  const source = await sourceAddress(address);
  // Behind a translation the host sees another address than we do.
  const translated = source !== null && scopeOf(address) === 'public' && scopeOf(source) !== 'public';
  return summary(address, states, translated ? null : source);
}

function summary(address: string, states: ReadonlyMap<number, PortState>, source: string | null): ScannedAddress {
  const of = (wanted: PortState) =>
    [...states].flatMap(([port, state]) => (state === wanted ? [port] : [])).sort((a, b) => a - b);
  const [open, refused, filtered] = [of('open'), of('refused'), of('filtered')];
  return {
    address,
    family: isIP(address) === 6 ? 6 : 4,
    open,
    closed: refused.length,
    filtered: filtered.length,
    refusedPorts: refused.length <= KEEP_LISTS ? refused : [],
    filteredPorts: filtered.length <= KEEP_LISTS ? filtered : [],
    source,
  };
}

/** Results in the order of `items`, at most `width` of them under way at once. */
async function inTurns<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** `1-65535`, `22,80,8000-8002`. */
export function rangesOf(ports: readonly number[]): string {
  const sorted = [...new Set(ports)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const port of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === port - 1) last[1] = port;
    else ranges.push([port, port]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
