import type { Severity } from '../core/severity.ts';
import type { CipherSuite } from '../knowledge/tls/cipher-suites.ts';

/** Why a suite counts as broken, and how bad that is; `undefined` for one that is not. */
export function suiteWeakness(suite: CipherSuite): readonly [Severity, string] | undefined {
  if (suite.cipher === 'NULL') return ['critical', 'does not encrypt'];
  if (suite.authentication === 'anon') return ['critical', 'lets anybody be the server: nobody proves who they are'];
  if (suite.export) return ['critical', `has ${suite.bits} bits: an export suite that can be broken in hours`];
  if (suite.cipher === 'DES' || suite.cipher === 'RC2')
    return ['critical', `is ${suite.cipher}, which can be broken by trying keys`];
  if (suite.cipher === 'RC4') return ['high', 'is RC4, forbidden by RFC 7465'];
  if (suite.cipher === '3DES') return ['high', 'is 3DES, whose 64-bit blocks leak in long connections (SWEET32)'];
  if (suite.hash === 'md5') return ['high', 'protects records with MD5'];
  if (suite.cipher === 'IDEA' || suite.cipher === 'SEED')
    return ['medium', `is ${suite.cipher}, which no current library keeps up`];
  return undefined;
}
