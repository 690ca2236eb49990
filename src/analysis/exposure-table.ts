import { EXPOSURE_KINDS, type ExposureFamily, type ExposureRow } from '../core/exposure-table.ts';
import type { Exposure } from './exposure.ts';

/**
 * Of two families the one that says more about the port: open to strangers first. A port that is open as declared on one
 * family is not missing because it is not open on the other, which the host may not have.
 */
const RANK = ['exposed', 'bypasses', 'intended', 'missing', 'unknown', 'blocked', 'local'] as const;

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
    return one ? { kind: one.kind, rule: one.rule, reachable: one.reachable } : null;
  };
  const known = <K extends 'process'>(key: K) =>
    families.map((one) => one[key]).find((value) => value !== null) ?? null;
  return {
    protocol: first.protocol,
    port: first.port,
    kind: first.kind,
    process: known('process'),
    owner: null,
    bind: [...new Set(families.flatMap((one) => one.bind))],
    declared: families.some((one) => one.declared),
    via: first.via,
    v4: of(4),
    v6: of(6),
  };
}
