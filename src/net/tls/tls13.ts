import type { Asker, Reply } from './asker.ts';
import { type Hello, VERSION_CODE } from './client-hello.ts';
import { chunksFor } from './suites.ts';

/** Suites and groups of TLS 1.3, in the order in which the server chose them. */
export interface Tls13Scan {
  offered: boolean | null;
  suites: number[];
  suitesComplete: boolean;
  groups: number[];
  groupsComplete: boolean;
  refusedAt: number;
  silent: boolean;
}

/**
 * Asks with an empty key_share, so that each answer names a suite and a group at once; both are taken out of the next
 * offer. A refusal is then put again with what is known to work on either side, to learn which of the two ran out.
 */
export async function scanTls13(asker: Asker, base: Omit<Hello, 'suites' | 'version'>): Promise<Tls13Scan> {
  const scan: Tls13Scan = {
    offered: null,
    suites: [],
    suitesComplete: false,
    groups: [],
    groupsComplete: false,
    refusedAt: 0,
    silent: false,
  };
  let suites = chunksFor('TLSv1.3').flat();
  let groups = [...base.groups];
  const put = async (offer: { suites: readonly number[]; groups: readonly number[] }): Promise<Reply['kind']> => {
    const reply = await asker.ask({ ...base, version: 'TLSv1.3', suites: offer.suites, groups: offer.groups });
    if (reply.kind === 'refused') {
      scan.refusedAt = Math.max(scan.refusedAt, reply.turn);
      scan.silent ||= reply.silent;
    }
    if (reply.kind !== 'hello') return reply.kind;
    const { flight } = reply;
    if (flight.version !== VERSION_CODE['TLSv1.3']) return 'refused';
    const fresh = [suites.includes(flight.suite), flight.group !== null && groups.includes(flight.group)];
    if (fresh[0]) scan.suites.push(flight.suite);
    if (fresh[1] && flight.group !== null) scan.groups.push(flight.group);
    suites = suites.filter((code) => code !== flight.suite);
    groups = groups.filter((code) => code !== flight.group);
    // An answer with nothing new would go on for ever.
    return fresh.includes(true) ? 'hello' : 'lost';
  };

  let last = await put({ suites, groups });
  while (last === 'hello' && suites.length > 0 && groups.length > 0) last = await put({ suites, groups });
  if (scan.suites.length === 0) {
    if (last === 'refused') return { ...scan, offered: false, suitesComplete: true, groupsComplete: true };
    return scan;
  }
  scan.offered = true;
  if (last === 'lost') return scan;
  let known = [...scan.suites];
  const drainGroups = async () => {
    let kind: Reply['kind'] = 'hello';
    while (kind === 'hello' && groups.length > 0) kind = await put({ suites: known, groups });
    scan.groupsComplete = kind !== 'lost';
    return kind;
  };
  const before = scan.groups.length;
  await drainGroups();
  // That groups still worked with known suites proves that it was the suites which ran out.
  if (scan.groups.length > before && last === 'refused') scan.suitesComplete = true;
  else {
    let kind: Reply['kind'] = 'hello';
    known = [...scan.groups];
    while (kind === 'hello' && suites.length > 0) kind = await put({ suites, groups: known });
    scan.suitesComplete = kind !== 'lost';
  }
  return scan;
}
