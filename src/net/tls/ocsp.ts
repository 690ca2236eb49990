import type { TlsAddressFacts } from '../../core/facts/tls.ts';
import { child, oidOf, readDer, tagged, timeOf } from './der.ts';

type Staple = TlsAddressFacts['ocspStaple'];

const BASIC = '1.3.6.1.5.5.7.48.1.1';
const STATUS: Record<number, Staple['status']> = { 0: 'good', 1: 'revoked', 2: 'unknown' };

/** Reads the first answer of an OCSP response (RFC 6960 4.2.1); its signature is not verified. */
export function readStaple(response: Uint8Array | null): Staple {
  const none: Staple = { stapled: response !== null, status: null, thisUpdate: null, nextUpdate: null };
  if (!response) return none;
  try {
    const bytes = tagged(readDer(response), 0)?.children[0];
    if (!bytes || oidOf(child(bytes, 0)) !== BASIC) return none;
    const data = child(readDer(child(bytes, 1).content), 0);
    const responses = data.children.find((one) => one.tagClass === 'universal' && one.tag === 16);
    const single = responses?.children[0];
    if (!single) return none;
    const next = tagged(single, 0)?.children[0];
    return {
      stapled: true,
      status: STATUS[child(single, 1).tag] ?? null,
      thisUpdate: timeOf(child(single, 2)),
      nextUpdate: next ? timeOf(next) : null,
    };
  } catch {
    return none;
  }
}
