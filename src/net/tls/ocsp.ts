import type { CertificateFacts } from '../../core/facts/certificate.ts';
import type { TlsAddressFacts } from '../../core/facts/tls.ts';
import { readSctList } from './certificate-extensions.ts';
import { child, type Der, oidOf, readDer, tagged, timeOf } from './der.ts';

type Staple = TlsAddressFacts['ocspStaple'];

const BASIC = '1.3.6.1.5.5.7.48.1.1';
const STATUS: Record<number, Staple['status']> = { 0: 'good', 1: 'revoked', 2: 'unknown' };

/** Timestamps that ride on an answer (RFC 6962 3.3). */
const SCT_LIST = '1.3.6.1.4.1.11129.2.4.5';

/** Reads the timestamps in the first answer of an OCSP response; none where it has none or cannot be read. */
export function stapledScts(response: Uint8Array | null): CertificateFacts['scts'] {
  try {
    const single = response && firstAnswer(response);
    const extensions = single && tagged(single, 1)?.children[0];
    const list = extensions?.children.find((one) => oidOf(child(one, 0)) === SCT_LIST)?.children.at(-1);
    return list ? readSctList(readDer(list.content).content) : [];
  } catch {
    return [];
  }
}

function firstAnswer(response: Uint8Array): Der | undefined {
  const bytes = tagged(readDer(response), 0)?.children[0];
  if (!bytes || oidOf(child(bytes, 0)) !== BASIC) return undefined;
  const data = child(readDer(child(bytes, 1).content), 0);
  return data.children.find((one) => one.tagClass === 'universal' && one.tag === 16)?.children[0];
}

/** Reads the first answer of an OCSP response (RFC 6960 4.2.1); its signature is not verified. */
export function readStaple(response: Uint8Array | null): Staple {
  const none: Staple = { stapled: response !== null, status: null, thisUpdate: null, nextUpdate: null };
  if (!response) return none;
  try {
    const single = firstAnswer(response);
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
