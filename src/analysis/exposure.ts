import type { HostFirewallFacts } from '../core/facts/host-firewall.ts';
import type { HostListenFacts } from '../core/facts/host-listen.ts';
import type { FactMap } from '../core/facts/index.ts';
import type { PortsFacts } from '../core/facts/ports.ts';
import type { DeclaredExposure, Target } from '../core/target.ts';
import { type Audience, audienceOf, includesFamily, isInvited, rulesFor } from './exposure-rules.ts';
import { seenFromOutside } from './exposure-scan.ts';
import { kindOf } from './exposure-verdict.ts';
import { readFirewall } from './firewall/reading.ts';
import { isLoopback, parseIp } from './ip-range.ts';

/**
 * What became of one port:
 * - `intended`: declared, and open to those it is declared for;
 * - `exposed`: open to strangers and not declared, or declared for fewer;
 * - `bypasses`: the same, past the rules for this host (address translation, or a packet filter that was not asked);
 * - `blocked`: something listens, and strangers are turned away;
 * - `missing`: declared, and not open to those it is declared for;
 * - `local`: it listens on loopback alone;
 * - `unknown`: nobody reached it and the rules do not tell.
 */
export type ExposureKind = 'intended' | 'exposed' | 'bypasses' | 'blocked' | 'missing' | 'local' | 'unknown';

/** What a connect from the auditor met; UDP is never scanned, because silence there says nothing. */
export type ScanState = 'open' | 'closed' | 'filtered' | 'not scanned';

/** One line of the table that joins what listens, what the rules allow, what is reachable and what is declared. */
export interface Exposure {
  protocol: 'tcp' | 'udp';
  port: number;
  family: 4 | 6;
  kind: ExposureKind;
  /** Name of the process that listens; `null` = nobody listens, or it could not be seen. */
  process: string | null;
  /** Its executable, and the package that the file came with. */
  program: string | null;
  package: string | null;
  /** Addresses it is bound to. */
  bind: string[];
  /** What the rules say to strangers; `null` where they could not be read. */
  rule: { verdict: string; by: string; limited: boolean } | null;
  /** What the auditor met. */
  scan: ScanState;
  /** Whether the auditor got through; `null` where nobody asked. */
  reachable: boolean | null;
  declared: boolean;
  via: 'direct' | 'dnat';
}

export interface ExposureInput {
  listen?: HostListenFacts | undefined;
  firewall?: HostFirewallFacts | undefined;
  ports?: PortsFacts | undefined;
  declared: DeclaredExposure | null;
}

/** The table of a host from whatever facts there are; empty where none of the three could be collected. */
export function exposureOf(target: Target, facts: Partial<FactMap>): Exposure[] {
  return joinExposure({
    listen: facts['host.listen'],
    firewall: facts['host.firewall'],
    ports: facts.ports,
    declared: target.kind === 'host' ? target.firewall : null,
  });
}

/** One row per protocol, family and port that listens, is open from outside, is translated or declared; by port. */
export function joinExposure(input: ExposureInput): Exposure[] {
  const audience = audienceOf(input.declared);
  const rows = ([4, 6] as const).flatMap((family) => [
    ...portsOf(input, audience, family).map((port) => rowOf(input, audience, 'tcp', family, port)),
    ...udpPortsOf(input, family).map((port) => rowOf(input, audience, 'udp', family, port)),
  ]);
  return rows.sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol) || a.family - b.family);
}

type Socket = HostListenFacts['sockets'][number];

function socketsOf(input: ExposureInput, protocol: 'tcp' | 'udp', family: 4 | 6): Socket[] {
  return (input.listen?.sockets ?? []).filter((one) => one.protocol === protocol && one.families.includes(family));
}

function portsOf(input: ExposureInput, audience: Audience, family: 4 | 6): number[] {
  const scanned = input.ports?.addresses.filter((one) => one.family === family) ?? [];
  const translated = (input.firewall ? (readFirewall(input.firewall).maps.get(family) ?? []) : []).filter(
    (range) => range.dnat && range.verdict === 'accept' && range.from === range.to,
  );
  return [
    ...new Set([
      ...scanned.flatMap((one) => one.open),
      ...socketsOf(input, 'tcp', family).map((one) => one.port),
      ...translated.map((range) => range.from),
      // A family that the host does not have is no missing service.
      ...(hasFamily(input, family) && includesFamily(audience, family) ? (input.declared?.allow ?? []) : []),
    ]),
  ];
}

function udpPortsOf(input: ExposureInput, family: 4 | 6): number[] {
  return [...new Set(socketsOf(input, 'udp', family).map((one) => one.port))];
}

/** Whether the host answers on the family: it was scanned there, or has such an address. */
function hasFamily(input: ExposureInput, family: 4 | 6): boolean {
  if (input.ports?.addresses.some((one) => one.family === family)) return true;
  return input.firewall !== undefined && readFirewall(input.firewall).maps.has(family);
}

function rowOf(
  input: ExposureInput,
  audience: Audience,
  protocol: 'tcp' | 'udp',
  family: 4 | 6,
  port: number,
): Exposure {
  const sockets = socketsOf(input, protocol, family).filter((one) => one.port === port);
  const here = sockets.filter((one) => !isLoopback(one.address) && one.device !== 'lo');
  const { scan, reachable, sources } =
    protocol === 'tcp'
      ? seenFromOutside(input.ports, family, port, here)
      : seenFromOutside(undefined, family, port, here);
  const rules = rulesFor(input.firewall, audience, { protocol, family, port, sources });
  const translated = rules?.stranger.dnat?.address;
  const dnat = translated != null && !isOwn(translated, input.firewall);
  const declared = (input.declared?.allow.includes(port) ?? false) && includesFamily(audience, family);
  // Open from outside with nobody listening on an outside address: somebody else answers.
  const elsewhere = dnat || (reachable === true && input.listen !== undefined && here.length === 0);
  const answers = here.length > 0 || dnat ? true : input.listen === undefined ? null : false;
  const invited = isInvited(audience, sources);
  const named = [...here, ...sockets];
  return {
    protocol,
    port,
    family,
    kind: kindOf({ declared, audience, answers, reachable, invited, rules, elsewhere }),
    process: named.flatMap((one) => one.processes)[0] ?? null,
    program: named.flatMap((one) => one.program ?? [])[0]?.path ?? null,
    package: named.flatMap((one) => one.program ?? [])[0]?.package ?? null,
    bind: [...new Set(sockets.map((one) => one.address))],
    rule: rules ? { verdict: rules.stranger.verdict, by: rules.stranger.by, limited: rules.stranger.limited } : null,
    scan,
    reachable,
    declared,
    via: elsewhere ? 'dnat' : 'direct',
  };
}

function isOwn(address: bigint, firewall: HostFirewallFacts | undefined): boolean {
  return firewall?.addresses.some((one) => parseIp(one.address)?.value === address) ?? false;
}
