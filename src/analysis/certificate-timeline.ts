import type { CertificateFacts } from '../core/facts/certificate.ts';

/** Where in its life a certificate is. All in epoch ms or ms. */
export interface Timeline {
  state: 'not-yet-valid' | 'fresh' | 'renewal-due' | 'expiring' | 'last-moment' | 'expired';
  lifetimeMs: number;
  leftMs: number;
  /** When a new one should have been in place. */
  renewAt: number;
}

/**
 * Judges expiry by the fraction of the lifetime that is used, so that a 6-day, a 47-day and a 398-day certificate are
 * judged alike. Renewal belongs at two thirds (what ACME clients do, and RFC 9773's usual window); a forty-eighth more is
 * left to a renewal job that runs once a day. From five sixths on it is urgent, the last twentieth is the last moment.
 */
export function timelineOf(
  certificate: Pick<CertificateFacts, 'notBefore' | 'notAfter'>,
  now: number,
  renewAtFraction = 2 / 3,
): Timeline {
  const lifetimeMs = Math.max(0, certificate.notAfter - certificate.notBefore);
  const renewAt = certificate.notBefore + lifetimeMs * renewAtFraction;
  const leftMs = certificate.notAfter - now;
  return { state: stateOf(), lifetimeMs, leftMs, renewAt };

  function stateOf(): Timeline['state'] {
    if (now < certificate.notBefore) return 'not-yet-valid';
    if (leftMs <= 0) return 'expired';
    if (leftMs <= lifetimeMs / 20) return 'last-moment';
    if (leftMs <= lifetimeMs / 6) return 'expiring';
    return now > renewAt + lifetimeMs / 48 ? 'renewal-due' : 'fresh';
  }
}
