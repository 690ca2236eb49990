import { CIPHER_SUITES } from '../../knowledge/tls/cipher-suites.ts';
import { GROUPS } from '../../knowledge/tls/groups.ts';
import type { Asker } from './asker.ts';
import { type Hello, VERSION_CODE } from './client-hello.ts';
import type { Flight } from './server-flight.ts';
import { readKeyExchange } from './server-key-exchange.ts';
import type { SuiteScan } from './suites.ts';
import type { Tls13Scan } from './tls13.ts';

const CURVES = GROUPS.filter((group) => group.kind === 'curve').map((group) => group.code);

/** Suites whose server signs an ephemeral key exchange by these means. */
function suitesWith(scan: SuiteScan, exchange: readonly string[], authentication: readonly string[]): number[] {
  return scan.suites.filter((code) => {
    const suite = CIPHER_SUITES.get(code);
    return suite && exchange.includes(suite.keyExchange) && authentication.includes(suite.authentication);
  });
}

/** Curves of TLS 1.2 and below that TLS 1.3 did not show, by taking out the one that ServerKeyExchange names. */
export async function scanOlderGroups(
  asker: Asker,
  base: Omit<Hello, 'suites'>,
  scan: SuiteScan,
  tls13: Tls13Scan,
): Promise<{ groups: number[]; complete: boolean }> {
  // An ECDSA certificate's own curve has to stay on offer (RFC 8422 5.3) and would be chosen again and again, so that
  // suites of other certificates are asked where there are any.
  const free = suitesWith(scan, ['ecdhe'], ['rsa', 'anon']);
  const bound = suitesWith(scan, ['ecdhe'], ['ecdsa']);
  const suites = free.length > 0 ? free : bound;
  if (suites.length === 0) return { groups: [], complete: true };
  if (free.length === 0 && tls13.offered && tls13.groupsComplete) return { groups: [], complete: true };
  let remaining = CURVES.filter((code) => !tls13.groups.includes(code));
  const groups: number[] = [];
  while (remaining.length > 0) {
    const reply = await asker.ask({ ...base, suites, groups: remaining });
    if (reply.kind === 'lost') return { groups, complete: false };
    if (reply.kind === 'refused') return { groups, complete: free.length > 0 };
    const group = exchangeOf(reply.flight)?.group ?? null;
    if (group === null || !remaining.includes(group)) return { groups, complete: false };
    groups.push(group);
    remaining = remaining.filter((code) => code !== group);
  }
  return { groups, complete: true };
}

/** Schemes with which the server signs in TLS 1.2, by taking out the one that ServerKeyExchange carries. */
export async function scanSchemes(
  asker: Asker,
  base: Omit<Hello, 'suites'>,
  scan: SuiteScan,
): Promise<{ schemes: number[]; complete: boolean }> {
  const suites = suitesWith(scan, ['ecdhe', 'dhe'], ['rsa', 'ecdsa', 'dss']);
  if (suites.length === 0) return { schemes: [], complete: scan.complete };
  let remaining = [...base.signatureSchemes];
  const schemes: number[] = [];
  while (remaining.length > 0) {
    const reply = await asker.ask({ ...base, suites, signatureSchemes: remaining });
    if (reply.kind === 'lost') return { schemes, complete: false };
    if (reply.kind === 'refused') break;
    const scheme = exchangeOf(reply.flight)?.scheme ?? null;
    // Some servers sign with SHA-1 whatever is offered (RFC 5246's default): seen once, it is known.
    if (scheme === null || !remaining.includes(scheme)) {
      if (scheme !== null && !schemes.includes(scheme)) schemes.push(scheme);
      return { schemes, complete: scheme !== null };
    }
    schemes.push(scheme);
    remaining = remaining.filter((code) => code !== scheme);
  }
  return { schemes, complete: true };
}

function exchangeOf(flight: Flight) {
  const suite = CIPHER_SUITES.get(flight.suite);
  if (!suite || !flight.keyExchange || flight.version >= VERSION_CODE['TLSv1.3']) return undefined;
  return readKeyExchange(flight.keyExchange, suite, flight.version);
}
