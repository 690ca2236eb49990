/**
 * Key-exchange groups. Source: IANA "TLS Supported Groups" registry as of 2026-11 (RFC 8422, 7919, 8446, 8734, 8998, 9189,
 * draft-ietf-tls-ecdhe-mlkem, draft-ietf-tls-mlkem); the last two are Kyber drafts that browsers used in 2023 and 2024.
 */
export interface Group {
  code: number;
  /** IANA name. */
  name: string;
  /** Classical security in bits (NIST SP 800-57 for curves, RFC 7919 for fields). */
  bits: number;
  kind: 'curve' | 'field' | 'hybrid' | 'kem';
}

const TABLE: readonly (readonly [code: number, name: string, bits: number, kind: Group['kind']])[] = [
  [4588, 'X25519MLKEM768', 128, 'hybrid'],
  [4587, 'SecP256r1MLKEM768', 128, 'hybrid'],
  [4589, 'SecP384r1MLKEM1024', 192, 'hybrid'],
  [4590, 'curveSM2MLKEM768', 128, 'hybrid'],
  [512, 'MLKEM512', 128, 'kem'],
  [513, 'MLKEM768', 192, 'kem'],
  [514, 'MLKEM1024', 256, 'kem'],
  [29, 'x25519', 128, 'curve'],
  [23, 'secp256r1', 128, 'curve'],
  [30, 'x448', 224, 'curve'],
  [24, 'secp384r1', 192, 'curve'],
  [25, 'secp521r1', 256, 'curve'],
  [256, 'ffdhe2048', 103, 'field'],
  [257, 'ffdhe3072', 125, 'field'],
  [258, 'ffdhe4096', 150, 'field'],
  [259, 'ffdhe6144', 175, 'field'],
  [260, 'ffdhe8192', 192, 'field'],
  [31, 'brainpoolP256r1tls13', 128, 'curve'],
  [32, 'brainpoolP384r1tls13', 192, 'curve'],
  [33, 'brainpoolP512r1tls13', 256, 'curve'],
  [26, 'brainpoolP256r1', 128, 'curve'],
  [27, 'brainpoolP384r1', 192, 'curve'],
  [28, 'brainpoolP512r1', 256, 'curve'],
  [41, 'curveSM2', 128, 'curve'],
  [34, 'GC256A', 128, 'curve'],
  [35, 'GC256B', 128, 'curve'],
  [36, 'GC256C', 128, 'curve'],
  [37, 'GC256D', 128, 'curve'],
  [38, 'GC512A', 256, 'curve'],
  [39, 'GC512B', 256, 'curve'],
  [40, 'GC512C', 256, 'curve'],
  [22, 'secp256k1', 128, 'curve'],
  [21, 'secp224r1', 112, 'curve'],
  [20, 'secp224k1', 112, 'curve'],
  [19, 'secp192r1', 96, 'curve'],
  [18, 'secp192k1', 96, 'curve'],
  [17, 'secp160r2', 80, 'curve'],
  [16, 'secp160r1', 80, 'curve'],
  [15, 'secp160k1', 80, 'curve'],
  [14, 'sect571r1', 256, 'curve'],
  [13, 'sect571k1', 256, 'curve'],
  [12, 'sect409r1', 192, 'curve'],
  [11, 'sect409k1', 192, 'curve'],
  [10, 'sect283r1', 128, 'curve'],
  [9, 'sect283k1', 128, 'curve'],
  [8, 'sect239k1', 112, 'curve'],
  [7, 'sect233r1', 112, 'curve'],
  [6, 'sect233k1', 112, 'curve'],
  [5, 'sect193r2', 96, 'curve'],
  [4, 'sect193r1', 96, 'curve'],
  [3, 'sect163r2', 80, 'curve'],
  [2, 'sect163r1', 80, 'curve'],
  [1, 'sect163k1', 80, 'curve'],
  [25497, 'X25519Kyber768Draft00', 128, 'hybrid'],
  [25498, 'SecP256r1Kyber768Draft00', 128, 'hybrid'],
];

/** All groups, the commonest first. */
export const GROUPS: readonly Group[] = TABLE.map(([code, name, bits, kind]) => ({ code, name, bits, kind }));

const BY_CODE = new Map(GROUPS.map((group) => [group.code, group]));
const BY_NAME = new Map(GROUPS.map((group) => [group.name, group]));

/** The name of a code point, `0x1234` where it has none. */
export function groupName(code: number): string {
  return BY_CODE.get(code)?.name ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** A group by its IANA name. */
export function groupByName(name: string): Group | undefined {
  return BY_NAME.get(name);
}
