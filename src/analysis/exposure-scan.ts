import type { HostListenFacts } from '../core/facts/host-listen.ts';
import type { PortsFacts, ScannedAddress } from '../core/facts/ports.ts';
import type { ScanState } from './exposure.ts';
import { parseIp } from './ip-range.ts';

/** What the auditor met at one TCP port of a family, and the addresses that it came from. */
export interface Seen {
  scan: ScanState;
  reachable: boolean | null;
  sources: string[];
}

const NOT_SCANNED: Seen = { scan: 'not scanned', reachable: null, sources: [] };

/** `here`: the sockets that listen there, because a scan of another address than theirs says nothing about them. */
export function seenFromOutside(
  ports: PortsFacts | undefined,
  family: 4 | 6,
  port: number,
  here: readonly HostListenFacts['sockets'][number][],
): Seen {
  const scanned = ports?.addresses.filter((one) => one.family === family) ?? [];
  if (scanned.length === 0 || !covers(ports, port)) return NOT_SCANNED;
  const open = scanned.filter((one) => one.open.includes(port));
  if (open.length > 0) return { scan: 'open', reachable: true, sources: sourcesOf(open) };
  const bound = here.filter((one) => one.families.includes(family)).map((one) => parseIp(one.address)?.value ?? 0n);
  const anywhere = bound.length === 0 || bound.includes(0n);
  const relevant = anywhere
    ? scanned
    : scanned.filter((one) => bound.some((value) => parseIp(one.address)?.value === value));
  if (relevant.length === 0) return NOT_SCANNED;
  const closed = relevant.some((one) => stateOf(one, port) === 'closed');
  return { scan: closed ? 'closed' : 'filtered', reachable: false, sources: sourcesOf(relevant) };
}

function sourcesOf(scanned: readonly ScannedAddress[]): string[] {
  return [...new Set(scanned.flatMap((one) => one.source ?? []))];
}

/** The state of a port that was asked and is not open. Of a large scan one of the two lists may be missing: then the other tells. */
export function stateOf(scanned: ScannedAddress, port: number): 'closed' | 'filtered' {
  if (scanned.refusedPorts.includes(port)) return 'closed';
  if (scanned.filteredPorts.includes(port)) return 'filtered';
  if (scanned.closed === 0) return 'filtered';
  return scanned.filtered === 0 || scanned.filteredPorts.length === scanned.filtered ? 'closed' : 'filtered';
}

/** Whether a scan asked for the port. */
export function covers(ports: PortsFacts | undefined, port: number): boolean {
  return (
    ports?.scanned.split(',').some((part) => {
      const [from = 0, to = from] = part.split('-').map(Number);
      return port >= from && port <= to;
    }) ?? false
  );
}
