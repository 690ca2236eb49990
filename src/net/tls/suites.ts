import { ALERT } from '../../knowledge/tls/alerts.ts';
import { CIPHER_SUITES, type CipherSuite } from '../../knowledge/tls/cipher-suites.ts';
import { schemeName } from '../../knowledge/tls/signature-schemes.ts';
import type { Asker } from './asker.ts';
import { type Hello, type HelloVersion, VERSION_CODE } from './client-hello.ts';

/** What was learnt of one version. Suites by code point, in the order in which the server chose them. */
export interface SuiteScan {
  offered: boolean | null;
  suites: number[];
  complete: boolean;
  /** Turn of the last refusal on which "not offered" rests, and whether one was silent. */
  refusedAt: number;
  silent: boolean;
}

/** Some stacks fail on hellos with more than 128 suites. */
const CHUNK = 120;

/** What servers usually have comes first, so that one chunk finds nearly all. */
function rarity(suite: CipherSuite): number {
  const common = /^(ecdhe|dhe|rsa|tls13)$/.test(suite.keyExchange) && /^(rsa|ecdsa|any)$/.test(suite.authentication);
  const cipher = ['AES', 'CHACHA20', '3DES', 'CAMELLIA', 'RC4', 'DES', 'SEED', 'IDEA', 'ARIA'].indexOf(suite.cipher);
  const odd = suite.export || suite.cipher === 'NULL' ? 2 : 0;
  return (
    (common && !/PSK|CECPQ|OLD/.test(suite.name) ? 0 : suite.authentication === 'anon' ? 30 : 40) +
    (cipher < 0 ? 12 : cipher) +
    odd
  );
}

const SORTED = [...CIPHER_SUITES.values()].sort((a, b) => rarity(a) - rarity(b) || b.code - a.code);

/** Code points to offer in a version, in chunks. */
export function chunksFor(version: HelloVersion): number[][] {
  const fits = (suite: CipherSuite) =>
    version === 'TLSv1.3'
      ? suite.versions === 'tls13'
      : suite.versions === 'any' || (version === 'TLSv1.2' && suite.versions === 'tls12');
  const codes = SORTED.filter(fits).map((suite) => suite.code);
  const chunks: number[][] = [];
  for (let at = 0; at < codes.length; at += CHUNK) chunks.push(codes.slice(at, at + CHUNK));
  return chunks;
}

/**
 * Finds the suites of a version by offering all that remain and taking out the one that was chosen: as many connections as
 * there are suites, plus one refusal per chunk.
 */
export async function scanSuites(asker: Asker, base: Omit<Hello, 'suites'>): Promise<SuiteScan> {
  const scan: SuiteScan = { offered: null, suites: [], complete: true, refusedAt: 0, silent: false };
  const [first = [], ...rest] = chunksFor(base.version);
  const chunks: (readonly number[])[] = [];
  const go = (codes: readonly number[]) => drainBoth(asker, base, codes, scan);
  // The version itself may be refused: then the other chunks need not be asked.
  if ((await go(first)) === 'version-refused') return { ...scan, offered: false };
  chunks.push([...scan.suites]);
  for (const found of await Promise.all(
    rest.map(async (chunk) => {
      const own: SuiteScan = { offered: null, suites: [], complete: true, refusedAt: 0, silent: false };
      await drainBoth(asker, base, chunk, own);
      return own;
    }),
  )) {
    chunks.push(found.suites);
    scan.complete &&= found.complete;
    scan.silent ||= found.silent;
    scan.refusedAt = Math.max(scan.refusedAt, found.refusedAt);
  }
  scan.suites = chunks.flat();
  scan.offered = scan.suites.length > 0 ? true : scan.complete ? false : null;
  return scan;
}

/**
 * Drains a chunk, and where nothing but ECDSA came of it, once more without any sign of ECDSA: servers that choose the
 * certificate before the suite (HAProxy) give the RSA one, and its suites, only to clients that cannot take the other.
 */
async function drainBoth(
  asker: Asker,
  base: Omit<Hello, 'suites'>,
  codes: readonly number[],
  scan: SuiteScan,
): Promise<'done' | 'version-refused'> {
  const ended = await drain(asker, base, codes, scan, 0);
  const isEcdsa = (code: number) => CIPHER_SUITES.get(code)?.authentication === 'ecdsa';
  if (scan.suites.length === 0 || !scan.suites.every(isEcdsa)) return ended;
  const others = codes.filter((code) => !isEcdsa(code));
  const signatureSchemes = base.signatureSchemes.filter((code) => !/ecdsa/.test(schemeName(code)));
  await drain(asker, { ...base, signatureSchemes }, others, scan, 0);
  return ended;
}

async function drain(
  asker: Asker,
  base: Omit<Hello, 'suites'>,
  codes: readonly number[],
  scan: SuiteScan,
  depth: number,
): Promise<'done' | 'version-refused'> {
  const remaining = [...codes];
  while (remaining.length > 0) {
    const reply = await asker.ask({ ...base, suites: remaining });
    if (reply.kind === 'lost') {
      scan.complete = false;
      return 'done';
    }
    if (reply.kind === 'refused') {
      scan.refusedAt = Math.max(scan.refusedAt, reply.turn);
      scan.silent ||= reply.silent;
      if (reply.alert === ALERT.protocolVersion && scan.suites.length === 0) return 'version-refused';
      // The server stumbled over what it chose; what it would choose among the others is not known yet.
      if (reply.alert === ALERT.internalError && remaining.length > 1 && depth < 3) {
        const half = remaining.length >> 1;
        await drain(asker, base, remaining.slice(0, half), scan, depth + 1);
        await drain(asker, base, remaining.slice(half), scan, depth + 1);
      }
      // A server that chose DHE and has no parameters for it hangs up (Dovecot): what it would choose instead is asked.
      if (reply.silent && depth < 3) {
        const others = remaining.filter((code) => CIPHER_SUITES.get(code)?.keyExchange !== 'dhe');
        if (others.length > 0 && others.length < remaining.length) await drain(asker, base, others, scan, 3);
      }
      return 'done';
    }
    const { flight } = reply;
    if (flight.version !== VERSION_CODE[base.version]) return scan.suites.length === 0 ? 'version-refused' : 'done';
    const at = remaining.indexOf(flight.suite);
    if (at === -1) {
      // It chose what was not offered: nothing can be concluded for the rest.
      scan.complete = false;
      return 'done';
    }
    remaining.splice(at, 1);
    scan.suites.push(flight.suite);
  }
  return 'done';
}

/**
 * Whether the server insists on its own order: offered the other way round, it still takes the same first suite. ChaCha20
 * is kept from the front, because servers that follow a client's wish for it alone are common.
 */
export async function scanPreference(
  asker: Asker,
  base: Omit<Hello, 'suites'>,
  suites: readonly number[],
): Promise<boolean | null> {
  if (suites.length < 2) return null;
  const reversed = [...suites].reverse();
  const plain = reversed.findIndex((code) => CIPHER_SUITES.get(code)?.cipher !== 'CHACHA20');
  if (plain > 0 && reversed[plain] !== suites[0]) reversed.unshift(...reversed.splice(plain, 1));
  const reply = await asker.ask({ ...base, suites: reversed });
  return reply.kind === 'hello' ? reply.flight.suite !== reversed[0] : null;
}

/** Puts suites that were found in a later chunk where the server has them: by bisection, two suites per question. */
export async function mergeOrder(
  asker: Asker,
  base: Omit<Hello, 'suites'>,
  ordered: readonly number[],
  later: readonly number[],
): Promise<number[]> {
  const merged = [...ordered];
  let from = 0;
  for (const code of later) {
    let [low, high] = [from, merged.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = merged[middle] ?? code;
      const reply = await asker.ask({ ...base, suites: [other, code] });
      if (reply.kind !== 'hello') return [...merged, ...later.slice(later.indexOf(code))];
      if (reply.flight.suite === code) high = middle;
      else low = middle + 1;
    }
    merged.splice(low, 0, code);
    from = low + 1;
  }
  return merged;
}
