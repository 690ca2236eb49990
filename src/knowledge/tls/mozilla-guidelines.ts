/**
 * Mozilla's server-side TLS guidelines, version 6.0. Source: https://ssl-config.mozilla.org/guidelines/6.0.json, read 2026-11.
 * Names of curves are IANA's; `certificateDays` is the longest lifetime.
 */
export interface Guideline {
  name: 'modern' | 'intermediate';
  versions: readonly string[];
  suites: readonly string[];
  groups: readonly string[];
  certificateTypes: readonly string[];
  certificateCurves: readonly string[];
  certificateSignatures: readonly string[];
  rsaBits: number | null;
  dhBits: number | null;
  certificateDays: number;
}

const TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const GROUPS = ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'];
const ECDSA_SIGNATURES = ['ecdsa-with-SHA256', 'ecdsa-with-SHA384', 'ecdsa-with-SHA512'];

/** The stricter one first. */
export const MOZILLA_GUIDELINES: readonly Guideline[] = [
  {
    name: 'modern',
    versions: ['TLSv1.3'],
    suites: TLS13,
    groups: GROUPS,
    certificateTypes: ['ec'],
    certificateCurves: ['prime256v1', 'secp384r1'],
    certificateSignatures: ECDSA_SIGNATURES,
    rsaBits: null,
    dhBits: null,
    certificateDays: 90,
  },
  {
    name: 'intermediate',
    versions: ['TLSv1.2', 'TLSv1.3'],
    suites: [
      ...TLS13,
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
    ],
    groups: GROUPS,
    certificateTypes: ['ec', 'rsa'],
    certificateCurves: ['prime256v1', 'secp384r1'],
    certificateSignatures: ['sha256WithRSAEncryption', ...ECDSA_SIGNATURES],
    rsaBits: 2048,
    dhBits: 2048,
    certificateDays: 366,
  },
];
