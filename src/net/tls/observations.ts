import { createHash } from 'node:crypto';
import type { TlsAddressFacts, TlsFeatureFacts } from '../../core/facts/tls.ts';
import { CIPHER_SUITES, type CipherSuite } from '../../knowledge/tls/cipher-suites.ts';
import { knownPrime } from '../../knowledge/tls/known-primes.ts';
import { EXTENSION, type Hello, VERSION_CODE } from './client-hello.ts';
import type { Flight } from './server-flight.ts';
import { bitLength, type KeyExchangeFacts, readKeyExchange } from './server-key-exchange.ts';

const MAX_CHAINS = 4;

/** What every ServerHello shows besides the answer that was asked for. Gathered from all of them at no extra connection. */
export class Observations {
  readonly dh = new Map<string, TlsAddressFacts['dh'][number]>();
  readonly groups = new Set<number>();
  readonly schemes = new Set<number>();
  /** Chains as sent, by their leaf, the first seen first. */
  readonly chains = new Map<string, Uint8Array[]>();
  staple: Uint8Array | null = null;
  /** SignedCertificateTimestampList of a ServerHello. */
  scts: Uint8Array | null = null;
  clientCertificate: boolean | null = null;
  /** DEFLATE was offered and taken. */
  compression: boolean | null = null;
  private readonly flights: { flight: Flight; suite: CipherSuite | undefined }[] = [];

  note(flight: Flight, hello: Hello): void {
    const suite = CIPHER_SUITES.get(flight.suite);
    if (flight.version < VERSION_CODE['TLSv1.3']) {
      if (!hello.bare && hello.version !== 'SSLv3' && flight.version >= VERSION_CODE['TLSv1.0'])
        this.flights.push({ flight: { ...flight, chain: null, keyExchange: null }, suite });
      if (hello.compression) this.compression = flight.compression !== 0 || this.compression === true;
      if (flight.complete) this.clientCertificate = flight.clientCertificate || this.clientCertificate === true;
    }
    this.staple ??= flight.staple;
    this.scts ??= flight.extensions.get(EXTENSION.certificateTimestamps) ?? null;
    if (flight.chain) this.noteChain(flight.chain);
    if (suite && flight.keyExchange)
      this.noteExchange(readKeyExchange(flight.keyExchange, suite, flight.version), suite);
  }

  /** Extensions that a server of TLS 1.0 to 1.2 answered; `null` where none of these versions spoke. */
  features(): Partial<TlsFeatureFacts> {
    const [first] = this.flights;
    if (!first) return {};
    const answered = (type: number) => this.flights.some(({ flight }) => flight.extensions.has(type));
    // RFC 7366: a server answers encrypt_then_mac only when it has chosen a CBC suite.
    const cbc = this.flights.filter(({ suite }) => suite?.mode === 'cbc');
    return {
      secureRenegotiation: answered(EXTENSION.renegotiationInfo),
      extendedMasterSecret: answered(EXTENSION.extendedMasterSecret),
      encryptThenMac: cbc.length > 0 ? answered(EXTENSION.encryptThenMac) : null,
      heartbeat: answered(EXTENSION.heartbeat),
      sessionTickets: answered(EXTENSION.sessionTicket),
      sessionIds: this.flights.some(({ flight }) => flight.sessionId.length > 0),
      clientCertificate: this.clientCertificate,
    };
  }

  noteChain(chain: Uint8Array[]): void {
    const [leaf] = chain;
    if (!leaf || this.chains.size >= MAX_CHAINS) return;
    const key = createHash('sha256').update(leaf).digest('hex');
    if (!this.chains.has(key)) this.chains.set(key, chain);
  }

  private noteExchange(exchange: KeyExchangeFacts, suite: CipherSuite): void {
    if (exchange.group !== null) this.groups.add(exchange.group);
    if (exchange.scheme !== null) this.schemes.add(exchange.scheme);
    if (!exchange.prime || this.dh.size >= 8) return;
    const prime = createHash('sha256').update(exchange.prime).digest('hex');
    this.dh.set(`${prime}${suite.export}`, {
      bits: bitLength(exchange.prime),
      prime,
      known: knownPrime(prime),
      export: suite.export,
    });
  }
}
