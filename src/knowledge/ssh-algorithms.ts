/**
 * What is known of SSH's algorithms: a verdict with its reason, its source and since when. Rules go by name, first match
 * wins, so that variants with a vendor's suffix are judged like their original. Dated 2026-11: a name that no rule knows is
 * said to be unknown, never good.
 */
export interface AlgorithmRule {
  name: RegExp;
  /** `broken`: practical attacks, or 64-bit and smaller security. `weak`: deprecated, to be turned off. `ok`: fine. */
  verdict: 'ok' | 'weak' | 'broken';
  reason: string;
  source: string;
  /** Year since when this is known or recommended. */
  since: number;
}

const RFC9142 = 'RFC 9142';
const RFC8332 = 'RFC 8332 and OpenSSH 8.8 release notes';
const SWEET32 = 'https://sweet32.info (CVE-2016-2183)';
const CBC = 'CVE-2008-5161';
const SHATTERED = 'https://shattered.io';
const RFC6151 = 'RFC 6151';
const OPENSSH = 'https://www.openssh.com/releasenotes.html';

/** Names in a list of key exchanges that are no key exchanges: signals of extensions (RFC 8308, OpenSSH PROTOCOL 1.10). */
export const KEX_SIGNALS = /^(?:ext-info-[cs]|kex-strict-[cs]-v00@openssh\.com)$/;

export const KEX_RULES: readonly AlgorithmRule[] = [
  {
    name: /^mlkem(?:512|768|1024)(?:x25519|nistp(?:256|384))-/,
    verdict: 'ok',
    reason: 'hybrid with ML-KEM: safe against quantum computers',
    source: OPENSSH,
    since: 2024,
  },
  {
    name: /^(?:sntrup761x25519|sntrup4591761x25519)-/,
    verdict: 'ok',
    reason: 'hybrid with NTRU Prime: safe against quantum computers',
    source: OPENSSH,
    since: 2022,
  },
  {
    name: /^(?:kyber|x25519-kyber|ecdh-nistp\d+-kyber|ssh-mlkem|mlkem)/,
    verdict: 'ok',
    reason: 'hybrid with a lattice scheme: safe against quantum computers',
    source: 'draft-kampanakis-curdle-ssh-pq-ke',
    since: 2023,
  },
  { name: /^curve(?:25519|448)-/, verdict: 'ok', reason: 'modern elliptic curve', source: RFC9142, since: 2013 },
  {
    name: /^diffie-hellman-group1-/,
    verdict: 'broken',
    reason: '1024-bit group, within reach of states (Logjam)',
    source: `${RFC9142}; https://weakdh.org`,
    since: 2015,
  },
  {
    name: /^diffie-hellman-group-exchange-sha1/,
    verdict: 'broken',
    reason: 'SHA-1, and groups from 1024 bits',
    source: RFC9142,
    since: 2017,
  },
  { name: /^rsa1024-/, verdict: 'broken', reason: 'RSA with 1024 bits and SHA-1', source: RFC9142, since: 2010 },
  {
    name: /^gss-group1-/,
    verdict: 'broken',
    reason: '1024-bit group, within reach of states (Logjam)',
    source: 'RFC 8732',
    since: 2015,
  },
  {
    name: /^gss-gex-sha1/,
    verdict: 'broken',
    reason: 'SHA-1, and groups from 1024 bits',
    source: 'RFC 8732',
    since: 2020,
  },
  {
    name: /sha1(?:$|[-@])/,
    verdict: 'weak',
    reason: 'SHA-1, for which collisions can be made',
    source: `${RFC9142}; ${SHATTERED}`,
    since: 2017,
  },
  { name: /^rsa2048-/, verdict: 'weak', reason: 'no forward secrecy', source: RFC9142, since: 2022 },
  {
    name: /^gss-/,
    verdict: 'ok',
    reason: 'key exchange authenticated by Kerberos, with SHA-2',
    source: 'RFC 8732',
    since: 2020,
  },
  {
    name: /^diffie-hellman-group(?:14|15|16|17|18|19|20|21)-sha(?:224|256|384|512)/,
    verdict: 'ok',
    reason: 'group of 2048 bits or more with SHA-2',
    source: RFC9142,
    since: 2017,
  },
  {
    name: /^diffie-hellman-group-exchange-sha(?:224|256|384|512)/,
    verdict: 'ok',
    reason: 'negotiated group with SHA-2; its size is what counts',
    source: RFC9142,
    since: 2006,
  },
  {
    name: /^ecdh-sha2-(?:nistp(?:192|224)|nist[kb](?:163|192|224|233)|1\.3\.132\.0\.(?:1|26|27|33)$|1\.2\.840\.10045\.3\.1\.1$)/,
    verdict: 'weak',
    reason: 'elliptic curve below 256 bits',
    source: RFC9142,
    since: 2022,
  },
  {
    // Curves of 163 to 233 bits under the hash of their object identifier (RFC 5656, section 6.1).
    name: /^ecdh-sha2-(?:4MHB\+NBt3AlaSRQ7MnB4cg|5pPrSUQtIaTjUSt5VZNBjg|qCbG5Cn\/jjsZ7nBeR7EnOA|VqBg4QRPjxx1EXZdV0GdWQ|zD\/b3hu\/71952ArpUG4OjQ)==$/,
    verdict: 'weak',
    reason: 'elliptic curve below 256 bits',
    source: RFC9142,
    since: 2022,
  },
  {
    name: /^(?:ecdh-sha2-|ecmqv-sha2)/,
    verdict: 'ok',
    reason: 'elliptic curve with SHA-2',
    source: RFC9142,
    since: 2009,
  },
  {
    name: /^(?:sm2kep-|kexguess2|m383-|m511-)/,
    verdict: 'ok',
    reason: 'no known weakness, rarely analysed',
    source: 'IANA SSH parameters',
    since: 2015,
  },
  {
    name: /^(?:kexAlgoCurve25519SHA256|kexAlgoECDH\d+|Curve25519SHA256)$/i,
    verdict: 'ok',
    reason: 'elliptic curve under a misspelt name',
    source: RFC9142,
    since: 2013,
  },
  {
    name: /^kexAlgoDH1SHA1$/i,
    verdict: 'broken',
    reason: '1024-bit group, within reach of states (Logjam)',
    source: RFC9142,
    since: 2015,
  },
  {
    name: /^(?:kexAlgoDH14SHA1|diffie-hellman_group17-sha512|diffie-hellman-)/i,
    verdict: 'weak',
    reason: 'a group or hash that cannot be told from its name',
    source: RFC9142,
    since: 2022,
  },
];

export const HOST_KEY_RULES: readonly AlgorithmRule[] = [
  {
    name: /^(?:ssh-dss|x509v3-sign-dss|x509v3-ssh-dss|pgp-sign-dss|spki-sign-dss|null$|ssh-dsa)/,
    verdict: 'broken',
    reason: 'DSA with 1024 bits and SHA-1',
    source: `${OPENSSH} (7.0)`,
    since: 2015,
  },
  {
    name: /^(?:ssh-rsa1|rsa-sha1|ssh-rsa-md5|x509v3-sign-rsa(?:-sha1)?$|x509v3-sign-rsa-md5)/,
    verdict: 'broken',
    reason: 'RSA with MD5 or SHA-1',
    source: RFC8332,
    since: 2017,
  },
  {
    name: /^(?:ssh-rsa$|ssh-rsa-cert-v0[01]@|x509v3-ssh-rsa$|pgp-sign-rsa|spk?i-sign-rsa|ssh-rsa-sha1)/,
    verdict: 'weak',
    reason: 'signatures with SHA-1, for which collisions can be made',
    source: `${RFC8332}; ${SHATTERED}`,
    since: 2017,
  },
  {
    name: /^(?:rsa-sha2-|ssh-rsa-sha(?:224|256|384|512)|x509v3-rsa2048|x509v3-sign-rsa-sha(?:224|256|384|512)|x509v3-ssh-rsa-sha)/,
    verdict: 'ok',
    reason: 'RSA with SHA-2; its size is what counts',
    source: 'RFC 8332',
    since: 2018,
  },
  {
    name: /^(?:ssh-ed25519|ssh-ed448|sk-ssh-ed25519|webauthn-sk-|sk-ecdsa)/,
    verdict: 'ok',
    reason: 'modern signature',
    source: 'RFC 8709',
    since: 2014,
  },
  {
    name: /ecdsa-sha2-(?:nistp(?:192|224)|nist[kb](?:163|192|224|233)|1\.3\.132\.0\.(?:1|26|27|33)$|1\.2\.840\.10045\.3\.1\.1$)/,
    verdict: 'weak',
    reason: 'elliptic curve below 256 bits',
    source: 'RFC 5656',
    since: 2022,
  },
  { name: /ecdsa-sha2-/, verdict: 'ok', reason: 'elliptic curve of 256 bits or more', source: 'RFC 5656', since: 2009 },
  {
    name: /^(?:mldsa-|ssh-mldsa|ssh-falcon|ssh-dilithium|ssh-sphincs|ssh-slh-dsa)/,
    verdict: 'ok',
    reason: 'signature safe against quantum computers',
    source: 'FIPS 204',
    since: 2024,
  },
  {
    name: /^dsa\d+-/,
    verdict: 'weak',
    reason: 'DSA, which FIPS 186-5 no longer allows for signatures',
    source: 'FIPS 186-5',
    since: 2023,
  },
  {
    name: /^ssh-gost/,
    verdict: 'weak',
    reason: 'GOST signatures, whose S-box was shown not to be random',
    source: 'Perrin, ToSC 2019(1)',
    since: 2019,
  },
  {
    name: /^(?:ssh-xmss|sm2|ssh-rsa-sha2|eddsa-)/,
    verdict: 'ok',
    reason: 'no known weakness, rarely analysed',
    source: 'IANA SSH parameters',
    since: 2015,
  },
];

export const CIPHER_RULES: readonly AlgorithmRule[] = [
  { name: /^none$/, verdict: 'broken', reason: 'no encryption at all', source: 'RFC 4253, section 6.3', since: 2006 },
  {
    name: /^(?:arcfour|rc4)/,
    verdict: 'broken',
    reason: 'RC4, whose key stream is biased',
    source: 'RFC 8758',
    since: 2015,
  },
  {
    name: /^(?:des-|des$|grasshopper-des)/,
    verdict: 'broken',
    reason: 'DES with a 56-bit key',
    source: 'RFC 4253, section 6.3',
    since: 1998,
  },
  {
    name: /^(?:3des|des3|blowfish|blow$|cast|idea|crypticore|seed-|rc2)/,
    verdict: 'broken',
    reason: '64-bit blocks or obsolete: plaintext leaks in long sessions',
    source: SWEET32,
    since: 2016,
  },
  {
    name: /^(?:chacha20-poly1305|AEAD_|aes(?:128|192|256)-gcm|aegis|camellia\d+-gcm)/i,
    verdict: 'ok',
    reason: 'authenticated encryption',
    source: 'RFC 5647 and OpenSSH PROTOCOL.chacha20poly1305',
    since: 2013,
  },
  {
    name: /^serpent\d+-ctr/,
    verdict: 'weak',
    reason: 'a cipher that no maintained implementation offers',
    source: 'IANA SSH parameters',
    since: 2006,
  },
  { name: /-(?:ctr|sdctr)(?:@|$)/, verdict: 'ok', reason: 'counter mode', source: 'RFC 4344', since: 2006 },
  {
    name: /(?:-cbc|^rijndael|^aes\d*$|^twofish|^serpent|^acss)/,
    verdict: 'weak',
    reason: 'CBC mode or obsolete: plaintext can be recovered in part',
    source: CBC,
    since: 2008,
  },
  {
    name: /^grasshopper-/,
    verdict: 'weak',
    reason: 'Kuznyechik, whose S-box was shown not to be random',
    source: 'Perrin, ToSC 2019(1)',
    since: 2019,
  },
  {
    name: /(?:-cfb|-ofb|-pcbc|-ecb|-ocb)/,
    verdict: 'weak',
    reason: 'a mode that nobody recommends',
    source: 'RFC 4344',
    since: 2006,
  },
  {
    name: /^(?:chacha20|xchacha|salsa)/,
    verdict: 'weak',
    reason: 'no integrity of its own and no specification',
    source: 'IANA SSH parameters',
    since: 2013,
  },
];

export const MAC_RULES: readonly AlgorithmRule[] = [
  { name: /^none$/, verdict: 'broken', reason: 'no integrity at all', source: 'RFC 4253, section 6.4', since: 2006 },
  { name: /md5|^hmac-ripemd$|md4/, verdict: 'broken', reason: 'MD5', source: RFC6151, since: 2011 },
  { name: /sha1|sha-1|sha1-96|^hmac-sha$/, verdict: 'weak', reason: 'SHA-1', source: SHATTERED, since: 2017 },
  {
    name: /(?:^|-)(?:ripemd160|hmac-ripemd160)/,
    verdict: 'weak',
    reason: 'RIPEMD-160, unmaintained and removed from OpenSSH',
    source: `${OPENSSH} (7.6)`,
    since: 2017,
  },
  { name: /^umac-(?:32|64|96)/, verdict: 'weak', reason: 'tag of 64 bits or fewer', source: 'RFC 4418', since: 2013 },
  {
    name: /^(?:crypticore-mac|hmac-sha2-56$|cbcmac-)/,
    verdict: 'weak',
    reason: 'no specification and no analysis',
    source: 'IANA SSH parameters',
    since: 2013,
  },
  { name: /-(?:96|64|32)(?:@|-etm|$)/, verdict: 'weak', reason: 'truncated tag', source: 'RFC 6668', since: 2013 },
  {
    name: /^(?:chacha20-poly1305|aes\d+-gcm|AEAD_|aegis)/i,
    verdict: 'ok',
    reason: 'authenticated encryption',
    source: 'RFC 5647',
    since: 2009,
  },
  { name: /-etm@/, verdict: 'ok', reason: 'the tag is over the ciphertext', source: `${OPENSSH} (6.2)`, since: 2013 },
  {
    name: /^(?:hmac-sha2-(?:224|256|384|512)|hmac-sha(?:224|256|384|512)|hmac-sha3|umac-128|hmac-whirlpool)/,
    verdict: 'ok',
    reason: 'SHA-2 or UMAC; the tag is over the plaintext',
    source: 'RFC 6668',
    since: 2012,
  },
];

/** The rule for a name, or `undefined` where the table does not know it. */
export function ruleFor(rules: readonly AlgorithmRule[], name: string): AlgorithmRule | undefined {
  return rules.find((rule) => rule.name.test(name));
}

/** Key exchanges that a quantum computer does not undo. */
export const POST_QUANTUM_KEX = /^(?:mlkem|sntrup|ssh-mlkem|kyber|x25519-kyber|ecdh-nistp\d+-kyber)/;
