import type { Socket } from 'node:net';
import type { Absence } from '../../core/collected.ts';
import type { TlsAddressFacts } from '../../core/facts/tls.ts';
import { formatHostPort, TcpProblem } from '../tcp.ts';
import { Asker } from './asker.ts';
import { addressWithoutTls, blankAddress } from './blank.ts';
import { readChain } from './certificate.ts';
import { readSctList } from './certificate-extensions.ts';
import { type HandshakeOptions, type HandshakeResult, handshake } from './handshake.ts';
import { baseHello, pilotHello, takeInventory } from './inventory.ts';
import { Observations } from './observations.ts';
import { readStaple, stapledScts } from './ocsp.ts';
import { scanSchemes13 } from './schemes13.ts';
import { readSession } from './session-state.ts';
import { trySessions } from './sessions.ts';
import { chunksFor } from './suites.ts';
import { tryTicketbleed } from './ticketbleed.ts';
import { settleTrust, trustOf } from './trust.ts';

export interface ScanOptions {
  address: string;
  port: number;
  serverName: string;
  ca?: readonly string[];
  signal: AbortSignal;
  /** For one connection, from connect to the end of its handshake. */
  timeoutMs: number;
  /** Connections that may be made to this address. */
  budget: number;
  /** Words before TLS on a connection that begins in the clear. */
  prelude?(socket: Socket): Promise<void>;
  onConnection(): void;
}

/** Looks at one address; what could not be told is `null`, and an address that gave nothing carries its absence. */
export async function scanAddress(options: ScanOptions): Promise<TlsAddressFacts> {
  const { address, port, serverName } = options;
  const seen = new Observations();
  const asker = new Asker({
    ...options,
    parallel: options.prelude ? 3 : 8,
    onFlight: (flight, hello) => seen.note(flight, hello),
  });
  const { absence, greaseTolerant } = await pilot(asker, options);
  if (asker.declined !== null)
    return { ...addressWithoutTls(address, port, asker.declined), connections: asker.connections };
  if (absence) return { ...blankAddress(address, port, absence), connections: asker.connections };
  const [{ heartbleed, ccsInjection, older, ...inventory }, shaken, { ticket, resume, clientRenegotiation }] =
    await Promise.all([
      takeInventory(asker, seen, serverName),
      shakeOrOlder(asker, options),
      trySessions((more) => shake(asker, options, more)),
    ]);
  const withTicket =
    inventory.features.sessionTickets === false
      ? { bleeds: false, resumed: null }
      : older && ticket && (await tryTicketbleed(asker, older, ticket));
  const resumption = withTicket?.resumed ?? (await resume());
  const facts = blankAddress(address, port);
  Object.assign(facts, inventory, {
    features: { ...facts.features, ...inventory.features, clientRenegotiation, resumption, greaseTolerant },
    holes: { heartbleed, ccsInjection, ticketbleed: withTicket?.bleeds ?? null },
  });
  if (older === null && shaken.ok && shaken.chain[0]) {
    const signatures = await scanSchemes13((more) => shake(asker, options, more), shaken.chain[0]);
    facts.signatureAlgorithms = signatures.schemes;
    facts.signatureAlgorithmsComplete = signatures.complete;
    if (signatures.second) seen.noteChain(signatures.second);
  }
  addCertificates(facts, seen, shaken);
  facts.trust = settleTrust(facts.trust, facts.certificateChain[0], options.ca);
  facts.connections = asker.connections;
  return facts;
}

interface Piloted {
  absence: Absence | null;
  greaseTolerant: boolean | null;
}

/**
 * The first hellos decide whether there is anything to look at. A modern one with GREASE, as browsers send it; where that
 * fails the same without; and a bare TLS 1.0 one for servers that stumble over anything newer.
 */
async function pilot(asker: Asker, options: ScanOptions): Promise<Piloted> {
  const modern = pilotHello(options.serverName);
  const greased = await asker.ask({ ...modern, grease: true });
  if (greased.kind === 'hello') return { absence: null, greaseTolerant: true };
  const lost = greased.kind === 'lost' ? absenceOf(greased.reason) : null;
  // Nobody is there, or nobody who speaks TLS: no other hello will change that.
  if (lost?.kind === 'timeout' || asker.unreachable) return { absence: lost, greaseTolerant: null };
  const plain = await asker.ask(modern);
  if (plain.kind === 'hello') return { absence: null, greaseTolerant: greased.kind === 'refused' ? false : null };
  const old = await asker.ask({
    ...baseHello(options.serverName),
    version: 'TLSv1.0',
    suites: chunksFor('TLSv1.0')[0] ?? [],
    bare: true,
  });
  const answered = [greased, plain, old].some((reply) => reply.kind !== 'lost');
  return { absence: answered ? null : lost, greaseTolerant: null };
}

function absenceOf(reason: string): Absence {
  if (/no answer|no connection|deadline|timed out|one TLS record/.test(reason)) return { kind: 'timeout', reason };
  return { kind: reason.includes('not TLS') ? 'unreadable' : 'unreachable', reason };
}

/** A certificate may be too small for TLS 1.3's signatures and still serve TLS 1.2: that one is asked next. */
async function shakeOrOlder(asker: Asker, options: ScanOptions): Promise<HandshakeResult> {
  const alpn = ['h2', 'http/1.1'];
  const first = await shake(asker, options, { alpn, awaitSession: true });
  if (first.ok || (first.kind !== 'alert' && first.kind !== 'unsupported')) return first;
  const older = await shake(asker, options, { alpn, maxVersion: 'TLSv1.2' });
  return older.ok ? older : first;
}

/** One whole handshake by Node's OpenSSL: trust, staple, ALPN, and the certificates of TLS 1.3. */
async function shake(asker: Asker, options: ScanOptions, more: Partial<HandshakeOptions>): Promise<HandshakeResult> {
  try {
    return await asker.connected((socket, leftMs) => handshake(socket, { ...options, ...more, timeoutMs: leftMs }));
  } catch (thrown) {
    const reason =
      thrown instanceof TcpProblem ? thrown.message : `${formatHostPort(options.address, options.port)}: failed`;
    return { ok: false, kind: 'closed', reason, code: '' };
  }
}

function addCertificates(facts: TlsAddressFacts, seen: Observations, shaken: HandshakeResult): void {
  const chains = new Map([...seen.chains.values()].map((chain) => [key(chain), chain]));
  const [primary] = shaken.ok && shaken.chain.length > 0 ? [shaken.chain] : chains.values();
  if (shaken.ok) {
    facts.trust = trustOf(shaken.verifyError);
    if (shaken.protocol === 'TLSv1.3')
      facts.features.earlyData = shaken.session ? (readSession(shaken.session)?.maxEarlyData ?? null) : 0;
    facts.features.alpn = shaken.alpn === null ? [] : [shaken.alpn];
  } else facts.trust = { trusted: null, code: null, reason: shaken.reason };
  const staple = shaken.ok ? (shaken.staple ?? seen.staple) : seen.staple;
  facts.ocspStaple = staple || shaken.ok ? readStaple(staple) : facts.ocspStaple;
  facts.deliveredScts = [
    ...(seen.scts ? readSctList(seen.scts) : []).map((sct) => ({ ...sct, by: 'tls' as const })),
    ...stapledScts(staple).map((sct) => ({ ...sct, by: 'ocsp' as const })),
  ];
  if (!primary) {
    facts.chainNote = shaken.ok ? 'no certificate was sent' : shaken.reason;
    return;
  }
  // The wire shows exactly what was sent; OpenSSL's list of the same leaf is used only where TLS 1.3 hid it.
  const read = readChain(chains.get(key(primary)) ?? primary);
  facts.certificateChain = read.certificates;
  facts.chainNote = read.note;
  facts.otherChains = [...chains.values()]
    .filter((chain) => key(chain) !== key(primary))
    .map((chain) => readChain(chain).certificates)
    .filter((chain) => chain.length > 0);
}

function key(chain: readonly Uint8Array[]): string {
  return Buffer.from(chain[0] ?? []).toString('base64');
}
