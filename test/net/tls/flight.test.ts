import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CIPHER_SUITES } from '../../../src/knowledge/tls/cipher-suites.ts';
import { readChain } from '../../../src/net/tls/certificate.ts';
import { readFlight } from '../../../src/net/tls/server-flight.ts';
import { readKeyExchange } from '../../../src/net/tls/server-key-exchange.ts';
import { readSslv2 } from '../../../src/net/tls/sslv2.ts';
import { recordedBytes } from '../../support/tls.ts';

const NAMES = ['tls12-ecdhe', 'tls12-dhe', 'tls13-retry', 'tls10-rsa', 'alert'];
const recorded = (name: string) => recordedBytes(`${name}.hex`);

function flightOf(name: string) {
  const flight = readFlight(recorded(name));
  if (flight?.kind !== 'hello') throw new Error(`${name} is no flight`);
  return flight;
}

function exchangeOf(name: string) {
  const flight = flightOf(name);
  const suite = CIPHER_SUITES.get(flight.suite);
  if (!suite || !flight.keyExchange) throw new Error(`${name} has no key exchange`);
  return readKeyExchange(flight.keyExchange, suite, flight.version);
}

/** The same handshake bytes in records of another size. */
function recut(bytes: Buffer, size: number): Buffer {
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at + 3);
    payloads.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const all = Buffer.concat(payloads);
  const records: Buffer[] = [];
  for (let at = 0; at < all.length; at += size) {
    const part = all.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 3, part.length >> 8, part.length & 0xff]), part);
  }
  return Buffer.concat(records);
}

describe('what OpenSSL 3.0 answered', () => {
  it('TLS 1.2 with ECDHE: suite, curve, scheme, chain', () => {
    expect(flightOf('tls12-ecdhe')).toMatchObject({ version: 0x0303, suite: 0xc02f, compression: 0, complete: true });
    expect(exchangeOf('tls12-ecdhe')).toMatchObject({ group: 29, scheme: 0x0804 });
    const chain = readChain(flightOf('tls12-ecdhe').chain ?? []);
    expect(chain.note).toBeNull();
    expect(chain.certificates[0]).toMatchObject({ commonName: 'shop.example', key: { type: 'rsa', bits: 2048 } });
  });

  it('TLS 1.2 with DHE: the prime', () => {
    expect(exchangeOf('tls12-dhe').prime?.length).toBe(256);
  });

  it('TLS 1.3 without a key share: a HelloRetryRequest that names the group', () => {
    expect(flightOf('tls13-retry')).toMatchObject({ version: 0x0304, retry: true, group: 29, complete: true });
  });

  it('TLS 1.0 with RSA: no key exchange message', () => {
    expect(flightOf('tls10-rsa')).toMatchObject({ version: 0x0301, suite: 0x2f, keyExchange: null, complete: true });
  });

  it('a refusal', () => {
    expect(readFlight(recorded('alert'))).toEqual({ kind: 'alert', description: expect.any(Number) });
  });
});

describe('hostile bytes', () => {
  it('the first answer needs all of its bytes, and reads the same however records cut it', () => {
    for (const name of ['tls12-ecdhe', 'tls12-dhe', 'tls10-rsa']) {
      const whole = recorded(name);
      const expected = readFlight(whole);
      fc.assert(
        fc.property(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 2_000 }), (cut, size) => {
          expect(readFlight(whole.subarray(0, cut))).toBeUndefined();
          expect(readFlight(recut(whole, size))).toEqual(expected);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('never throws, whatever is changed, and neither do the certificates in it', () => {
    const change = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), change, fc.nat(), (name, changes, cut) => {
        const bytes = Buffer.from(recorded(name));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        for (const final of [false, true]) {
          const answer = readFlight(bytes.subarray(0, 1 + (cut % bytes.length)), final) ?? readFlight(bytes, final);
          if (answer?.kind !== 'hello') continue;
          const chain = readChain(answer.chain ?? []);
          for (const one of chain.certificates) expect(Number.isFinite(one.notAfter)).toBe(true);
          const suite = CIPHER_SUITES.get(answer.suite);
          if (suite && answer.keyExchange) readKeyExchange(answer.keyExchange, suite, answer.version);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('takes no other bytes for TLS', () => {
    for (const text of [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'SSH-2.0-OpenSSH_9.2\r\n',
      '220 mail.shop.example ESMTP\r\n',
    ])
      expect(readFlight(Buffer.from(text))).toMatchObject({ kind: 'not-tls' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readFlight(bytes);
        readFlight(bytes, true);
        readSslv2(bytes);
      }),
    );
  });

  it('reads an SSLv2 server hello, and no other length than its own', () => {
    const kinds = Buffer.from([1, 0, 0x80, 7, 0, 0xc0]);
    const certificate = Buffer.from('certificate');
    const body = Buffer.concat([
      Buffer.from([4, 0, 1, 0, 2, 0, certificate.length, 0, kinds.length, 0, 0]),
      certificate,
      kinds,
    ]);
    const hello = Buffer.concat([Buffer.from([0x80, body.length]), body]);
    expect(readSslv2(hello)).toMatchObject({
      kind: 'hello',
      ciphers: ['SSL_CK_RC4_128_WITH_MD5', 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
    });
    expect(readSslv2(hello.subarray(0, 20))).toBeUndefined();
  });
});
