import type { CertificateFacts } from '../../core/facts/certificate.ts';
import { child, type Der, oidOf, readDer, tagged } from './der.ts';

type Extensions = Pick<CertificateFacts, 'names' | 'ca' | 'ocsp' | 'caIssuers' | 'crl' | 'mustStaple' | 'scts'>;

const OCSP = '1.3.6.1.5.5.7.48.1';
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';
/** status_request and status_request_v2 (RFC 7633). */
const STAPLE_FEATURES = new Set([5, 17]);
/** Of URLs a certificate needs a handful. */
const MAX_URLS = 16;

/** Reads the extensions that checks ask for; one that cannot be read throws, so that no answer is made up. */
export function readExtensions(list: Der | undefined): Extensions {
  const found: Extensions = {
    names: { dns: [], ip: [] },
    ca: false,
    ocsp: [],
    caIssuers: [],
    crl: [],
    mustStaple: false,
    scts: [],
  };
  for (const extension of list?.children ?? []) {
    const oid = oidOf(child(extension, 0));
    const read = READERS[oid];
    const value = extension.children.at(-1);
    if (read && value) read(found, value.content);
  }
  return found;
}

const READERS: Record<string, (into: Extensions, value: Uint8Array) => void> = {
  '2.5.29.17': (into, value) => {
    for (const name of readDer(value).children) {
      if (name.tag === 2) into.names.dns.push(ascii(name));
      if (name.tag === 7) into.names.ip.push(ipOf(name.content));
    }
  },
  '2.5.29.19': (into, value) => {
    const [first] = readDer(value).children;
    into.ca = first?.tag === 1 && first.content[0] !== 0;
  },
  '1.3.6.1.5.5.7.1.1': (into, value) => {
    for (const description of readDer(value).children) {
      const method = oidOf(child(description, 0));
      const url = ascii(child(description, 1));
      if (method === OCSP && into.ocsp.length < MAX_URLS) into.ocsp.push(url);
      if (method === CA_ISSUERS && into.caIssuers.length < MAX_URLS) into.caIssuers.push(url);
    }
  },
  '2.5.29.31': (into, value) => {
    for (const point of readDer(value).children) {
      const name = tagged(point, 0);
      const full = name && tagged(name, 0);
      for (const one of full?.children ?? [])
        if (one.tag === 6 && into.crl.length < MAX_URLS) into.crl.push(ascii(one));
    }
  },
  '1.3.6.1.5.5.7.1.24': (into, value) => {
    into.mustStaple = readDer(value).children.some((feature) => STAPLE_FEATURES.has(feature.content.at(-1) ?? 0));
  },
  '1.3.6.1.4.1.11129.2.4.2': (into, value) => {
    into.scts = readSctList(readDer(value).content);
  },
};

/** SignedCertificateTimestampList (RFC 6962 3.3): length-prefixed entries of version, log id, timestamp. */
export function readSctList(bytes: Uint8Array): CertificateFacts['scts'] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scts: CertificateFacts['scts'] = [];
  let at = 2;
  while (at + 2 <= bytes.length && scts.length < 64) {
    const length = view.getUint16(at);
    at += 2;
    if (length >= 41 && at + length <= bytes.length && bytes[at] === 0)
      scts.push({
        log: Buffer.from(bytes.subarray(at + 1, at + 33)).toString('hex'),
        at: Number(view.getBigUint64(at + 33)),
      });
    at += length;
  }
  return scts;
}

/** IA5String content; control characters of hostile certificates become a full stop. */
function ascii(node: Der): string {
  return Buffer.from(node.content.subarray(0, 2_048))
    .toString('latin1')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '.');
}

function ipOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.length !== 16) return Buffer.from(bytes.subarray(0, 32)).toString('hex');
  const hex = Buffer.from(bytes).toString('hex');
  const words = Array.from({ length: 8 }, (_, index) => hex.slice(index * 4, index * 4 + 4));
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}
