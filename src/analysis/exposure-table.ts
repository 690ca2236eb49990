import { EXPOSURE_KINDS, type ExposureFamily, type ExposureRow } from '../core/exposure-table.ts';
import type { FactBundle } from '../core/facts/bundle.ts';
import type { Target } from '../core/target.ts';
import { type Exposure, exposureOf } from './exposure.ts';

/**
 * Of two families the one that says more about the port: open to strangers first. A port that is open as declared on one
 * family is not missing because it is not open on the other, which the host may not have.
 */
const RANK = ['exposed', 'bypasses', 'intended', 'missing', 'unknown', 'blocked', 'local'] as const;

/** The table of a host; `null` where neither its sockets nor its ports could be looked at. */
export function exposureTableOf(target: Target, facts: FactBundle['facts']): ExposureRow[] | null {
  const [listen, firewall, ports] = [facts['host.listen'], facts['host.firewall'], facts.ports];
  if (target.kind !== 'host' || (!listen?.ok && !ports?.ok)) return null;
  const rows = exposureOf(target, {
    ...(listen?.ok ? { 'host.listen': listen.value } : {}),
    ...(firewall?.ok ? { 'host.firewall': firewall.value } : {}),
    ...(ports?.ok ? { ports: ports.value } : {}),
  });
  return exposureTable(rows);
}

/** The join as people read it: one row per port with both families, what matters most first, then by port. */
export function exposureTable(rows: readonly Exposure[]): ExposureRow[] {
  const ports = new Map<string, Exposure[]>();
  for (const row of rows) {
    const key = `${row.protocol}/${row.port}`;
    ports.set(key, [...(ports.get(key) ?? []), row]);
  }
  const table = [...ports.values()].map(toRow);
  const place = (row: ExposureRow) => EXPOSURE_KINDS.indexOf(row.kind);
  return table.sort((a, b) => place(a) - place(b) || a.port - b.port || a.protocol.localeCompare(b.protocol));
}

function toRow(families: readonly Exposure[]): ExposureRow {
  const [first] = [...families].sort((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind));
  if (!first) throw new RangeError('a port has at least one family');
  const of = (family: 4 | 6): ExposureFamily | null => {
    const one = families.find((row) => row.family === family);
    return one ? { kind: one.kind, rule: one.rule, scan: one.scan, reachable: one.reachable } : null;
  };
  const known = (key: 'process' | 'program' | 'package') =>
    families.map((one) => one[key]).find((value) => value !== null) ?? null;
  return {
    protocol: first.protocol,
    port: first.port,
    kind: first.kind,
    process: known('process'),
    program: known('program'),
    package: known('package'),
    bind: [...new Set(families.flatMap((one) => one.bind))],
    declared: families.some((one) => one.declared),
    via: first.via,
    v4: of(4),
    v6: of(6),
  };
}
