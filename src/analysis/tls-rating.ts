import type { HttpFacts } from '../core/facts/http.ts';
import type { TlsAddressFacts } from '../core/facts/tls.ts';
import { matchName } from './certificate-name.ts';
import { parseHsts } from './hsts.ts';
import { isForwardSecret, offeredSuites, offeredVersions } from './tls-suites.ts';

/** A rating by the SSL Labs guide 2009r: three scores of 0 to 100, the grade, and what lowered it. */
export interface TlsRating {
  guide: '2009r';
  grade: 'A+' | 'A' | 'A-' | 'B' | 'C' | 'D' | 'E' | 'F' | 'T' | 'M';
  score: number;
  protocol: number;
  keyExchange: number;
  cipher: number;
  /** Why the grade cannot be better, `grade: reason`. */
  caps: string[];
  /** What keeps an A from its plus. */
  warnings: string[];
}

const PROTOCOL_SCORE = { SSLv2: 0, SSLv3: 80, 'TLSv1.0': 90, 'TLSv1.1': 95, 'TLSv1.2': 100, 'TLSv1.3': 100 } as const;
/** Half a year, below which HSTS counts as short. */
const HSTS_SECONDS = 15_552_000;

type Cap = readonly [grade: TlsRating['grade'], reason: string];
const ORDER: readonly TlsRating['grade'][] = ['M', 'T', 'F', 'E', 'D', 'C', 'B', 'A-', 'A', 'A+'];

/** Rates one address. `http` adds what HSTS says; without it a web server is rated as having none. */
export function rateTls(
  address: TlsAddressFacts,
  serverName: string,
  web: Pick<HttpFacts, 'hops'> | 'not-web' | undefined,
  now: number,
): TlsRating {
  const protocol = protocolScore(address);
  const keyExchange = keyScore(address);
  const cipher = cipherScore(address);
  const zero = protocol === 0 || keyExchange === 0 || cipher === 0;
  const score = zero ? 0 : Math.floor((protocol * 30 + keyExchange * 30 + cipher * 40) / 100);
  const caps = [...capsOf(address, serverName, keyExchange, now), ...hstsCaps(web)];
  const warnings = [...warningsOf(address), ...hstsWarnings(web)];
  const byScore = gradeOf(score);
  const capped = caps.reduce((worst, [grade]) => worse(worst, grade), byScore);
  const grade =
    capped === 'A' && byScore === 'A' ? (warnings.length > 0 ? 'A-' : caps.length > 0 ? 'A' : 'A+') : capped;
  return {
    guide: '2009r',
    grade,
    score,
    protocol,
    keyExchange,
    cipher,
    caps: caps.map(([cap, reason]) => `${cap}: ${reason}`),
    warnings,
  };
}

function gradeOf(score: number): TlsRating['grade'] {
  if (score >= 80) return 'A';
  if (score >= 65) return 'B';
  if (score >= 50) return 'C';
  if (score >= 35) return 'D';
  return score >= 20 ? 'E' : 'F';
}

function worse(a: TlsRating['grade'], b: TlsRating['grade']): TlsRating['grade'] {
  return ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b;
}

/** The mean of best and worst version. */
function protocolScore(address: TlsAddressFacts): number {
  return mean(offeredVersions(address).map((version) => PROTOCOL_SCORE[version]));
}

/** The weakest key or parameter that a client can be given. */
function keyScore(address: TlsAddressFacts): number {
  const keys = [address.certificateChain, ...address.otherChains].flatMap(([leaf]) => (leaf ? [leaf.key] : []));
  const scores = keys.map(({ type, bits }) =>
    bits === null ? 0 : /^(ec|ed)/.test(type) ? curveScore(bits) : fieldScore(bits),
  );
  return Math.min(100, ...scores, ...address.dh.map(({ bits }) => fieldScore(bits)));
}

function fieldScore(bits: number): number {
  if (bits < 512) return 20;
  if (bits < 1024) return 40;
  if (bits < 2048) return 80;
  return bits < 4096 ? 90 : 100;
}

/** The same strengths for curves. */
function curveScore(bits: number): number {
  if (bits < 110) return 20;
  if (bits < 123) return 40;
  if (bits < 163) return 80;
  return bits < 225 ? 90 : 100;
}

/** The mean of strongest and weakest suite. */
function cipherScore(address: TlsAddressFacts): number {
  const scores = offeredSuites(address).map(({ suite: { bits } }) =>
    bits >= 256 ? 100 : bits >= 128 ? 80 : bits > 0 ? 20 : 0,
  );
  return mean(scores);
}

function mean(scores: readonly number[]): number {
  return scores.length === 0 ? 0 : Math.floor((Math.max(...scores) + Math.min(...scores)) / 2);
}

function capsOf(address: TlsAddressFacts, serverName: string, keyExchange: number, now: number): Cap[] {
  const caps: Cap[] = [];
  const cap = (when: boolean | null | undefined, grade: TlsRating['grade'], reason: string) => {
    if (when) caps.push([grade, reason]);
  };
  const { protocols, features, holes, trust, certificateChain } = address;
  const [leaf] = certificateChain;
  const offered = offeredSuites(address);
  const has = (test: (one: (typeof offered)[number]) => boolean) => offered.some(test);
  const from11 = (versions: readonly string[]) => versions.some((one) => one === 'TLSv1.1' || one === 'TLSv1.2');

  cap(trust.trusted === false, 'T', `certificate not trusted (${trust.code})`);
  cap(leaf && (now < leaf.notBefore || now >= leaf.notAfter), 'T', 'certificate expired or not yet valid');
  cap(leaf?.signatureHash === 'sha1' && !leaf.selfSigned, 'T', 'certificate signed with SHA-1');
  cap(leaf && !matchName(leaf, serverName).matches, 'M', 'certificate for another name');
  cap(/^md[25]$/.test(leaf?.signatureHash ?? ''), 'F', 'certificate signed with MD5 or MD2');
  cap(leaf?.key.exponent === '1', 'F', 'RSA exponent 1');
  cap(protocols.SSLv2.offered, 'F', 'SSLv2 (DROWN)');
  cap(
    has(({ suite }) => suite.export),
    'F',
    'export suites',
  );
  cap(
    has(({ suite }) => suite.bits < 112),
    'F',
    'suites below 112 bits',
  );
  cap(
    has(({ suite }) => suite.authentication === 'anon'),
    'F',
    'anonymous suites',
  );
  cap(keyExchange <= 40, 'F', 'key exchange below 1024 bits');
  cap(holes.heartbleed, 'F', 'Heartbleed');
  cap(holes.ccsInjection, 'F', 'CCS injection');
  cap(holes.ticketbleed, 'F', 'Ticketbleed');
  cap(protocols['TLSv1.2'].offered === false && protocols['TLSv1.3'].offered === false, 'C', 'neither TLS 1.2 nor 1.3');
  cap(
    protocols.SSLv3.offered && has(({ suite, versions }) => suite.mode === 'cbc' && versions.includes('SSLv3')),
    'C',
    'POODLE',
  );
  cap(features.compression, 'C', 'CRIME');
  const rc4 = has(({ suite }) => suite.cipher === 'RC4');
  cap(
    has(({ suite, versions }) => suite.cipher === 'RC4' && from11(versions)),
    'C',
    'RC4 with TLS 1.1 or newer',
  );
  cap(
    has(({ suite, versions }) => /^(3DES|DES|IDEA|RC2)$/.test(suite.cipher) && from11(versions)),
    'C',
    'SWEET32 with TLS 1.1 or newer',
  );
  cap(rc4, 'B', 'RC4');
  for (const version of ['SSLv3', 'TLSv1.0', 'TLSv1.1'] as const) cap(protocols[version].offered, 'B', version);
  cap(offered.length > 0 && !has(({ suite }) => isForwardSecret(suite)), 'B', 'no forward secrecy');
  cap(offered.length > 0 && !has(({ suite }) => suite.mode === 'aead'), 'B', 'no AEAD');
  cap(keyExchange <= 80, 'B', 'key exchange below 2048 bits');
  return caps;
}

function warningsOf({ protocols, features }: TlsAddressFacts): string[] {
  const warnings: string[] = [];
  if (protocols['TLSv1.3'].offered === false) warnings.push('no TLS 1.3');
  if (features.secureRenegotiation === false) warnings.push('no secure renegotiation');
  return warnings;
}

/** Seconds of the page's HSTS header, `null` where there is none that holds. RFC 6797 8.1: only the first one counts. */
function hstsOf(web: Pick<HttpFacts, 'hops'>): number | null {
  const line = web.hops.at(-1)?.headers.find(([name]) => name.toLowerCase() === 'strict-transport-security')?.[1];
  if (line === undefined) return null;
  const hsts = parseHsts(line);
  return hsts.ok ? hsts.maxAge : null;
}

function hstsCaps(web: Pick<HttpFacts, 'hops'> | 'not-web' | undefined): Cap[] {
  if (web === 'not-web') return [];
  return web === undefined || hstsOf(web) === null ? [['A', 'no HSTS seen']] : [];
}

function hstsWarnings(web: Pick<HttpFacts, 'hops'> | 'not-web' | undefined): string[] {
  if (web === 'not-web' || web === undefined) return [];
  const seconds = hstsOf(web);
  return seconds !== null && seconds < HSTS_SECONDS ? ['HSTS for less than six months'] : [];
}
