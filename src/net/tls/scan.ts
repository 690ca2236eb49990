import type { Socket } from 'node:net';
import type { Absence } from '../../core/collected.ts';
import type { TlsAddressFacts } from '../../core/facts/tls.ts';
import { formatHostPort, TcpProblem } from '../tcp.ts';
import { Asker, type Reply } from './asker.ts';
import { blankAddress } from './blank.ts';
import { readChain } from './certificate.ts';
import { type HandshakeResult, handshake } from './handshake.ts';
import { baseHello, pilotHello, takeInventory } from './inventory.ts';
import { Observations } from './observations.ts';
import { readStaple } from './ocsp.ts';
import { chunksFor } from './suites.ts';
import { trustOf } from './trust.ts';

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
  const asker = new Asker({ ...options, parallel: 8, onFlight: (flight, hello) => seen.note(flight, hello) });
  const absence = await pilot(asker, options);
  if (absence) return { ...blankAddress(address, port, absence), connections: asker.connections };
  const [inventory, shaken] = await Promise.all([takeInventory(asker, seen, serverName), shake(asker, options)]);
  const facts = blankAddress(address, port);
  Object.assign(facts, inventory, { features: { ...facts.features, ...inventory.features } });
  addCertificates(facts, seen, shaken);
  facts.connections = asker.connections;
  return facts;
}

/** The first hello decides whether there is anything to look at; an old server may stumble over a modern one. */
async function pilot(asker: Asker, options: ScanOptions): Promise<Absence | null> {
  const modern = await asker.ask(pilotHello(options.serverName));
  if (modern.kind === 'hello') return null;
  const old: Reply = await asker.ask({
    ...baseHello(options.serverName),
    version: 'TLSv1.0',
    suites: chunksFor('TLSv1.0')[0] ?? [],
    bare: true,
  });
  if (old.kind !== 'lost' || modern.kind === 'refused') return null;
  const kind = /no answer|no connection|deadline|timed out/.test(modern.reason)
    ? 'timeout'
    : modern.reason.includes('not TLS')
      ? 'unreadable'
      : 'unreachable';
  return { kind, reason: modern.reason };
}

/** One whole handshake by Node's OpenSSL: trust, staple, ALPN, and the certificates of TLS 1.3. */
async function shake(asker: Asker, options: ScanOptions): Promise<HandshakeResult> {
  try {
    return await asker.connected((socket, leftMs) =>
      handshake(socket, { ...options, timeoutMs: leftMs, alpn: ['h2', 'http/1.1'] }),
    );
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
    facts.features.alpn = shaken.alpn === null ? [] : [shaken.alpn];
  } else facts.trust = { trusted: null, code: null, reason: shaken.reason };
  const staple = shaken.ok ? (shaken.staple ?? seen.staple) : seen.staple;
  facts.ocspStaple = staple || shaken.ok ? readStaple(staple) : facts.ocspStaple;
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
