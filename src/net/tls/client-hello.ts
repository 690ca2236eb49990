import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsVersion } from '../../core/facts/tls.ts';
import { u8, u16, u24, vector8, vector16 } from './bytes.ts';

/** The versions that share one hello format; SSLv2 has its own. */
export type HelloVersion = Exclude<TlsVersion, 'SSLv2'>;

export const VERSION_CODE: Readonly<Record<HelloVersion, number>> = {
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
};

export interface Hello {
  version: HelloVersion;
  suites: readonly number[];
  /** Sent as SNI unless it is an address (RFC 6066 3). */
  serverName: string;
  groups: readonly number[];
  signatureSchemes: readonly number[];
  /** Offers DEFLATE beside null. */
  compression?: boolean;
  alpn?: readonly string[];
  /** A TLS 1.3 hello that also allows 1.2, as browsers send it. */
  allowOlder?: boolean;
  /** Only the suites, without extensions, for servers that stumble over them. */
  bare?: boolean;
  /** To resume a session of TLS 1.2 with (RFC 5077). */
  ticket?: Uint8Array;
  sessionId?: Uint8Array;
  /** Unknown suites, groups and extensions as RFC 8701 has them. */
  grease?: boolean;
}

export const EXTENSION = {
  serverName: 0,
  statusRequest: 5,
  groups: 10,
  pointFormats: 11,
  signatureSchemes: 13,
  heartbeat: 15,
  alpn: 16,
  certificateTimestamps: 18,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  pskModes: 45,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

const GREASE = 0x5a5a;

/**
 * A ClientHello as bytes of one record. TLS 1.3 is asked with an empty key_share: the server then names the group it would
 * take in a HelloRetryRequest, in the clear, and no group's mathematics is needed (RFC 8446 4.1.4, 4.2.8).
 */
export function clientHello(hello: Hello): Buffer {
  const { version } = hello;
  const tls13 = version === 'TLSv1.3';
  const legacy = tls13 ? 0x0303 : VERSION_CODE[version];
  const suites = hello.grease ? [GREASE, ...hello.suites] : hello.suites;
  const extensions = hello.bare || version === 'SSLv3' ? Buffer.alloc(0) : vector16(...extensionsOf(hello));
  const body = Buffer.concat([
    u16(legacy),
    randomBytes(32),
    // A session id in TLS 1.3 hellos keeps middleboxes calm (RFC 8446 D.4).
    vector8(hello.sessionId ?? (tls13 ? randomBytes(32) : Buffer.alloc(0))),
    vector16(...suites.map(u16)),
    vector8(Buffer.from(hello.compression ? [1, 0] : [0])),
    extensions,
  ]);
  const message = Buffer.concat([u8(1), u24(body.length), body]);
  return Buffer.concat([u8(22), u16(version === 'SSLv3' ? 0x0300 : 0x0301), vector16(message)]);
}

function extensionsOf(hello: Hello): Buffer[] {
  const { version, serverName } = hello;
  const parts: Buffer[] = [];
  const add = (type: number, ...body: readonly Uint8Array[]) =>
    parts.push(Buffer.concat([u16(type), vector16(...body)]));
  if (hello.grease) add(GREASE);
  if (serverName !== '' && !isIP(serverName))
    add(EXTENSION.serverName, vector16(u8(0), vector16(Buffer.from(serverName, 'latin1'))));
  const groups = hello.grease ? [GREASE, ...hello.groups] : hello.groups;
  if (groups.length > 0) add(EXTENSION.groups, vector16(...groups.map(u16)));
  if (version === 'TLSv1.2' || version === 'TLSv1.3')
    add(EXTENSION.signatureSchemes, vector16(...hello.signatureSchemes.map(u16)));
  if (hello.alpn) add(EXTENSION.alpn, vector16(...hello.alpn.map((one) => vector8(Buffer.from(one, 'latin1')))));
  add(EXTENSION.statusRequest, Buffer.from([1, 0, 0, 0, 0]));
  if (version !== 'TLSv1.3' || hello.allowOlder) {
    add(EXTENSION.pointFormats, vector8(Buffer.from([0, 1, 2])));
    add(EXTENSION.renegotiationInfo, u8(0));
    add(EXTENSION.extendedMasterSecret);
    add(EXTENSION.encryptThenMac);
    add(EXTENSION.sessionTicket, hello.ticket ?? Buffer.alloc(0));
    add(EXTENSION.heartbeat, u8(1));
    add(EXTENSION.certificateTimestamps);
  }
  if (version === 'TLSv1.3') {
    const versions = hello.allowOlder ? [0x0304, 0x0303, 0x0302, 0x0301] : [0x0304];
    add(EXTENSION.supportedVersions, vector8(...[...(hello.grease ? [GREASE] : []), ...versions].map(u16)));
    add(EXTENSION.pskModes, vector8(u8(1)));
    add(EXTENSION.keyShare, vector16());
  }
  return parts;
}
