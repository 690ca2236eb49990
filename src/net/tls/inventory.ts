import type { TlsAddressFacts, TlsFeatureFacts, TlsVersion } from '../../core/facts/tls.ts';
import { ALERT } from '../../knowledge/tls/alerts.ts';
import { suiteName } from '../../knowledge/tls/cipher-suites.ts';
import { GROUPS, groupName } from '../../knowledge/tls/groups.ts';
import { SIGNATURE_SCHEMES, schemeName } from '../../knowledge/tls/signature-schemes.ts';
import type { Asker } from './asker.ts';
import { tryCcsInjection } from './ccs-injection.ts';
import type { Hello } from './client-hello.ts';
import { tryHeartbleed } from './heartbleed.ts';
import type { Observations } from './observations.ts';
import { readSslv2, sslv2Hello } from './sslv2.ts';
import { chunksFor, mergeOrder, type SuiteScan, scanPreference, scanSuites } from './suites.ts';
import { scanOlderGroups, scanSchemes } from './tls12.ts';
import { scanTls13, type Tls13Scan } from './tls13.ts';

/** What the wire tells: everything of the address but its certificates. */
export type Inventory = Pick<
  TlsAddressFacts,
  | 'protocols'
  | 'groups'
  | 'groupsComplete'
  | 'groupPreference'
  | 'signatureAlgorithms'
  | 'signatureAlgorithmsComplete'
  | 'dh'
> & {
  features: Partial<TlsFeatureFacts>;
  heartbleed: boolean | null;
  ccsInjection: boolean | null;
  /** A hello that the newest version below TLS 1.3 answers; `null` where none is spoken. */
  older: Hello | null;
};

const OLDER = ['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2'] as const;
type Older = (typeof OLDER)[number];

const SCSV = 0x5600;
const ALL_GROUPS = GROUPS.map((group) => group.code);

/** What every hello of a scan has, whatever it asks. */
export function baseHello(serverName: string): Omit<Hello, 'suites' | 'version'> {
  return { serverName, groups: ALL_GROUPS, signatureSchemes: SIGNATURE_SCHEMES };
}

/** A hello as a browser's, with what nearly every server can answer: the first one, and the control later on. */
export function pilotHello(serverName: string): Hello {
  const suites = [...chunksFor('TLSv1.3').flat().slice(0, 5), ...(chunksFor('TLSv1.2')[0] ?? []).slice(0, 100)];
  return { ...baseHello(serverName), version: 'TLSv1.3', allowOlder: true, suites };
}

/** The whole inventory of one address; the pilot has been answered or refused already. */
export async function takeInventory(asker: Asker, seen: Observations, serverName: string): Promise<Inventory> {
  const base = baseHello(serverName);
  const [sslv2, tls13, ...older] = await Promise.all([
    scanSslv2(asker),
    scanTls13(asker, base),
    ...OLDER.map((version) => scanSuites(asker, { ...base, version })),
  ]);
  const scans = Object.fromEntries(OLDER.map((version, index) => [version, older[index]])) as Record<Older, SuiteScan>;
  const offered = OLDER.filter((version) => scans[version].suites.length > 0);
  const highest = offered.at(-1);

  const [preferences, preference13, groupPreference, olderGroups, schemes, fallbackScsv] = await Promise.all([
    Promise.all(
      OLDER.map((version) => prefer(asker, { ...base, version, compression: version === highest }, scans[version])),
    ),
    scanPreference(asker, { ...base, version: 'TLSv1.3' }, tls13.suites),
    scanGroupPreference(asker, base, tls13),
    highest ? scanOlderGroups(asker, { ...base, version: highest }, scans[highest], tls13) : null,
    scans['TLSv1.2'].offered ? scanSchemes(asker, { ...base, version: 'TLSv1.2' }, scans['TLSv1.2']) : null,
    askFallback(asker, base, scans, tls13),
  ]);

  // The question after the order carried DEFLATE too; with a single suite there was none.
  if (highest && seen.compression === null)
    await asker.ask({ ...base, version: highest, suites: scans[highest].suites, compression: true });
  const { heartbeat } = seen.features();
  const olderHello = highest ? { ...base, version: highest, suites: scans[highest].suites.slice(0, 100) } : null;
  const [heartbleed, ccsInjection] = await Promise.all([
    heartbeat && olderHello ? tryHeartbleed(asker, olderHello) : heartbeat === false ? false : null,
    olderHello && tryCcsInjection(asker, olderHello),
  ]);
  const proven = await proofOf(asker, [tls13, ...older]);
  const groups = [...tls13.groups, ...(olderGroups?.groups ?? [])];
  for (const group of seen.groups) if (!groups.includes(group)) groups.push(group);
  return {
    protocols: {
      SSLv2: sslv2,
      ...(Object.fromEntries(
        OLDER.map((version, index) => [version, toFacts(scans[version], preferences[index] ?? null, proven)]),
      ) as Record<Older, TlsAddressFacts['protocols'][Older]>),
      'TLSv1.3': toFacts({ ...tls13, complete: tls13.suitesComplete }, preference13, proven),
    },
    groups: groups.map(groupName),
    groupsComplete:
      (tls13.offered === false || tls13.groupsComplete) &&
      (highest === undefined ? tls13.offered === true : (olderGroups?.complete ?? false)) &&
      proven(tls13),
    groupPreference,
    signatureAlgorithms: [...new Set([...(schemes?.schemes ?? []), ...seen.schemes])].map(schemeName),
    signatureAlgorithmsComplete: schemes?.complete ?? false,
    dh: [...seen.dh.values()],
    heartbleed,
    ccsInjection,
    older: olderHello,
    features: { ...seen.features(), compression: seen.compression, fallbackScsv },
  };
}

async function scanSslv2(asker: Asker): Promise<TlsAddressFacts['protocols']['SSLv2']> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const ended = await asker.converse(sslv2Hello(), readSslv2);
    if (ended?.end === 'answer' && ended.value.kind === 'hello') {
      const { ciphers } = ended.value;
      return {
        offered: ciphers.length > 0,
        ciphers,
        complete: true,
        serverPreference: ciphers.length > 1 ? false : null,
      };
    }
    // Servers without SSLv2 answer with an alert, with nothing, or leave; only silence and a failing network say nothing.
    if (
      ended &&
      (ended.end === 'answer' || ((ended.end === 'closed' || ended.end === 'reset') && (await asker.control())))
    )
      return { offered: false, ciphers: [], complete: true, serverPreference: null };
  }
  return { offered: null, ciphers: [], complete: false, serverPreference: null };
}

async function prefer(asker: Asker, base: Omit<Hello, 'suites'>, scan: SuiteScan): Promise<boolean | null> {
  const preference = await scanPreference(asker, base, scan.suites);
  const first = new Set(chunksFor(base.version)[0]);
  const later = scan.suites.filter((code) => !first.has(code));
  if (preference && later.length > 0 && later.length < scan.suites.length) {
    const ordered = scan.suites.filter((code) => first.has(code));
    scan.suites = await mergeOrder(asker, base, ordered, later);
  }
  return preference;
}

async function scanGroupPreference(
  asker: Asker,
  base: Omit<Hello, 'suites' | 'version'>,
  tls13: Tls13Scan,
): Promise<boolean | null> {
  const [first] = tls13.groups;
  if (tls13.groups.length < 2 || first === undefined) return null;
  const groups = [...tls13.groups].reverse();
  const reply = await asker.ask({ ...base, version: 'TLSv1.3', suites: tls13.suites, groups });
  return reply.kind === 'hello' && reply.flight.group !== null ? reply.flight.group === first : null;
}

/** A hello one version below the best, with the signal that this is a fallback: it must be refused (RFC 7507). */
async function askFallback(
  asker: Asker,
  base: Omit<Hello, 'suites' | 'version'>,
  scans: Record<Older, SuiteScan>,
  tls13: Tls13Scan,
): Promise<boolean | null> {
  const spoken = OLDER.filter((version) => scans[version].suites.length > 0);
  const lower = tls13.offered ? spoken.at(-1) : spoken.at(-2);
  if (!lower) return null;
  const reply = await asker.ask({ ...base, version: lower, suites: [...scans[lower].suites.slice(0, 100), SCSV] });
  if (reply.kind === 'refused') return reply.alert === ALERT.inappropriateFallback ? true : null;
  return reply.kind === 'hello' ? false : null;
}

type Refusable = Pick<SuiteScan, 'refusedAt' | 'silent'>;

/** A silent refusal counts only if the server never dropped anything by chance, and any only if it still answers afterwards. */
async function proofOf(asker: Asker, scans: readonly Refusable[]): Promise<(scan: Refusable) => boolean> {
  const stillThere = await asker.provenUntil(Math.max(...scans.map((scan) => scan.refusedAt)));
  return (scan) => (stillThere || scan.refusedAt === 0) && !(scan.silent && asker.flaky);
}

function toFacts(
  scan: Pick<SuiteScan, 'offered' | 'suites' | 'complete'> & Refusable,
  serverPreference: boolean | null,
  proven: (scan: Refusable) => boolean,
): TlsAddressFacts['protocols'][TlsVersion] {
  const complete = scan.complete && proven(scan);
  return {
    offered: scan.offered === false && !complete ? null : scan.offered,
    ciphers: scan.suites.map(suiteName),
    complete,
    serverPreference,
  };
}
