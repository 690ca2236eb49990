import type { AbsentError } from '../../core/collected.ts';
import type { TlsAddressFacts, TlsVersion } from '../../core/facts/tls.ts';
import { connectTcp, formatHostPort, toAbsent, toTcpProblem } from '../tcp.ts';
import { blankAddress } from './blank.ts';
import { readChain } from './certificate.ts';
import { type HandshakeResult, handshake } from './handshake.ts';
import { readStaple } from './ocsp.ts';
import { trustOf } from './trust.ts';

export interface ScanOptions {
  address: string;
  port: number;
  serverName: string;
  ca?: readonly string[];
  signal: AbortSignal;
  /** For one connection, from connect to the end of its handshake. */
  timeoutMs: number;
  onConnection(): void;
}

const NODE_VERSIONS = [
  ['TLSv1.3', 'TLSv1.3'],
  ['TLSv1.2', 'TLSv1.2'],
  ['TLSv1.1', 'TLSv1.1'],
  ['TLSv1.0', 'TLSv1'],
] as const;

/** Looks at one address; what could not be told is `null`, and an address that gave nothing carries its absence. */
export async function scanAddress(options: ScanOptions): Promise<TlsAddressFacts> {
  const { address, port } = options;
  const where = formatHostPort(address, port);
  let connections = 0;
  const attempt = async (version?: (typeof NODE_VERSIONS)[number][1]): Promise<HandshakeResult | AbsentError> => {
    try {
      connections += 1;
      options.onConnection();
      const socket = await connectTcp({ host: address, port, signal: options.signal, timeoutMs: options.timeoutMs });
      return await handshake(socket, {
        ...options,
        alpn: ['h2', 'http/1.1'],
        ...(version ? { minVersion: version, maxVersion: version } : {}),
      });
    } catch (thrown) {
      return toAbsent(toTcpProblem(where, thrown));
    }
  };
  const first = await attempt();
  if (first instanceof Error) return { ...blankAddress(address, port, first.absence), connections };
  if (!first.ok && first.kind !== 'alert' && first.kind !== 'unsupported') {
    const kind =
      first.kind === 'timeout' || first.kind === 'cancelled'
        ? 'timeout'
        : first.kind === 'not-tls'
          ? 'unreadable'
          : 'unreachable';
    return { ...blankAddress(address, port, { kind, reason: first.reason }), connections };
  }
  const facts = blankAddress(address, port);
  if (first.ok) {
    const { certificates, note } = readChain(first.chain);
    Object.assign(facts, { certificateChain: certificates, chainNote: note, trust: trustOf(first.verifyError) });
    facts.ocspStaple = readStaple(first.staple);
    facts.features.alpn = first.alpn === null ? [] : [first.alpn];
  } else facts.chainNote = facts.trust.reason = first.reason;
  for (const [name, version] of NODE_VERSIONS) {
    const result = await attempt(version);
    if (!(result instanceof Error)) record(facts, name, result);
  }
  return { ...facts, connections };
}

function record(facts: TlsAddressFacts, version: TlsVersion, result: HandshakeResult): void {
  const entry = facts.protocols[version];
  if (result.ok) Object.assign(entry, { offered: true, ciphers: [result.cipher] });
  else if (result.kind === 'alert' || /UNSUPPORTED_PROTOCOL|VERSION/.test(result.code)) entry.offered = false;
}
