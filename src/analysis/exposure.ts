import type { HostFirewallFacts } from '../core/facts/host-firewall.ts';
import type { HostListenFacts } from '../core/facts/host-listen.ts';
import type { PortsFacts } from '../core/facts/ports.ts';
import { verdictAt } from './firewall/open-ports.ts';
import { readFirewall } from './firewall/reading.ts';
import { isLoopback, parseIp } from './ip-range.ts';

/** What became of one TCP port: declared and open, open and not declared, listening behind the rules, open past them. */
export type ExposureKind = 'intended' | 'exposed' | 'blocked' | 'bypasses' | 'missing' | 'local';

/** One line of the table that joins what listens, what the rules allow and what is reachable. */
export interface Exposure {
  protocol: 'tcp';
  port: number;
  family: 4 | 6;
  kind: ExposureKind;
  process: string | null;
  /** Addresses it is bound to. */
  bind: string[];
  /** What the rules say to strangers; `null` where they could not be read. */
  rule: { verdict: string; by: string; limited: boolean } | null;
  /** Whether the auditor got through; `null` where nobody asked. */
  reachable: boolean | null;
  declared: boolean;
  via: 'direct' | 'dnat';
}

export interface ExposureInput {
  listen?: HostListenFacts | undefined;
  firewall?: HostFirewallFacts | undefined;
  ports?: PortsFacts | undefined;
  /** TCP ports that are meant to be open. */
  declared: readonly number[];
}

/** One row per family and port that listens, is open from outside, or is declared; by port. */
export function joinExposure(input: ExposureInput): Exposure[] {
  const reading = input.firewall ? readFirewall(input.firewall) : null;
  const rows: Exposure[] = [];
  for (const family of [4, 6] as const) {
    const scanned = input.ports?.addresses.filter((one) => one.family === family) ?? [];
    const open = new Set(scanned.flatMap((one) => one.open));
    const sockets = (input.listen?.sockets ?? []).filter(
      (one) => one.protocol === 'tcp' && one.families.includes(family),
    );
    const outside = sockets.filter((one) => !isLoopback(one.address));
    const translated = (reading?.maps.get(family) ?? []).filter(
      (range) => range.dnat && range.verdict === 'accept' && range.from === range.to,
    );
    const ports = new Set([
      ...open,
      ...sockets.map((one) => one.port),
      ...translated.map((range) => range.from),
      ...(scanned.length > 0 ? input.declared : []),
    ]);
    for (const port of ports) {
      const verdict =
        reading && input.firewall && reading.maps.has(family)
          ? verdictAt(reading.ruleset, input.firewall, family, port)
          : null;
      const here = outside.filter((one) => one.port === port);
      const dnat =
        verdict?.dnat != null && verdict.dnat.address !== null && !isOwn(verdict.dnat.address, input.firewall);
      const reachable = scanned.length === 0 || !covers(input.ports, port) ? null : open.has(port);
      const declared = input.declared.includes(port);
      const passes = reachable ?? (verdict ? verdict.verdict === 'accept' : here.length > 0);
      rows.push({
        protocol: 'tcp',
        port,
        family,
        kind: kindOf({
          declared,
          passes: passes && (here.length > 0 || dnat || reachable === true),
          listens: here.length > 0,
          dnat,
        }),
        process: [...here, ...sockets.filter((one) => one.port === port)].flatMap((one) => one.processes)[0] ?? null,
        bind: [...new Set(sockets.filter((one) => one.port === port).map((one) => one.address))],
        rule: verdict ? { verdict: verdict.verdict, by: verdict.by, limited: verdict.limited } : null,
        reachable,
        declared,
        // Open from outside with nobody listening on an outside address: somebody else answers.
        via: dnat || (reachable === true && input.listen !== undefined && here.length === 0) ? 'dnat' : 'direct',
      });
    }
  }
  return rows.sort((a, b) => a.port - b.port || a.family - b.family);
}

function kindOf(port: { declared: boolean; passes: boolean; listens: boolean; dnat: boolean }): ExposureKind {
  if (port.passes) return port.declared ? 'intended' : port.dnat ? 'bypasses' : 'exposed';
  if (port.declared) return 'missing';
  return port.listens ? 'blocked' : 'local';
}

function isOwn(address: bigint, firewall: HostFirewallFacts | undefined): boolean {
  return firewall?.addresses.some((one) => parseIp(one.address)?.value === address) ?? false;
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
