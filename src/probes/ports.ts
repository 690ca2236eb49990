import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { PortsFacts, ScannedAddress } from '../core/facts/ports.ts';
import type { EndpointTarget, HostTarget } from '../core/target.ts';
import { WELL_KNOWN_PORTS } from '../knowledge/local-services.ts';
import { addressesOf } from '../net/addresses.ts';
import { type PortState, scanPorts } from '../net/port-scan.ts';
import { TcpProblem, toAbsent } from '../net/tcp.ts';
import { type ProbeContext, probeOf } from './probe.ts';

/** Larger scans keep counts only. */
const KEEP_LISTS = 1_024;

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
  const all = target.kind === 'host' && target.firewall !== null;
  const ports = all
    ? Array.from({ length: 65_535 }, (_, at) => at + 1)
    : [...new Set([...WELL_KNOWN_PORTS, ...('port' in target ? [target.port] : [])])];
  return scanHost(host, ports, context, target.kind === 'endpoint' ? target.addresses : undefined);
}

/** Scans every address of a host, both families at the same time. */
export async function scanHost(
  host: string,
  ports: readonly number[],
  context: Pick<ProbeContext, 'signal' | 'count'>,
  declared?: readonly string[],
): Promise<PortsFacts> {
  const addresses = await addressesOf(host, declared).catch((thrown: unknown) => {
    throw thrown instanceof TcpProblem ? toAbsent(thrown) : new AbsentError('unreachable', reasonOf(thrown), thrown);
  });
  const scanned = await Promise.all(
    addresses.map(async (address) => {
      const states = await scanPorts({
        address,
        ports,
        first: WELL_KNOWN_PORTS,
        signal: context.signal,
        concurrency: ports.length > KEEP_LISTS ? 2_048 : 64,
        perSecond: ports.length > KEEP_LISTS ? 20_000 : 500,
        timeoutMs: 1_000,
        onConnection: (count) => context.count('connections', count),
      });
      return summary(address, states);
    }),
  );
  const [first, ...rest] = scanned;
  if (!first) throw new AbsentError('unreachable', `${host} has no address`);
  const { address, open, closed, filtered } = first;
  return { address, scanned: rangesOf(ports), open, closed, filtered, via: hostname(), addresses: [first, ...rest] };
}

function summary(address: string, states: ReadonlyMap<number, PortState>): ScannedAddress {
  const of = (wanted: PortState) =>
    [...states].flatMap(([port, state]) => (state === wanted ? [port] : [])).sort((a, b) => a - b);
  const [open, refused, filtered] = [of('open'), of('refused'), of('filtered')];
  const lists = states.size <= KEEP_LISTS;
  return {
    address,
    family: isIP(address) === 6 ? 6 : 4,
    open,
    closed: refused.length,
    filtered: filtered.length,
    refusedPorts: lists ? refused : [],
    filteredPorts: lists ? filtered : [],
  };
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
