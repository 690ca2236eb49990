import type { TlsAddressFacts, TlsFacts } from '../core/facts/tls.ts';
import { notApplicable, type Outcome, type Outcomes, outcomesOr, unknown } from '../core/outcome.ts';

/** Names the subject of an outcome: the thing, with the address where the endpoint has several. */
export type Naming = (thing?: string) => string;

/** `host:port`, with brackets around an IPv6 address. */
export function formatAddress({ address, port }: Pick<TlsAddressFacts, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Judges every address by itself; one that could not be looked at is `unknown` beside the others. With a single address
 * its number is no part of the subject, so that findings survive a move to another one.
 */
export function eachAddress(
  tls: TlsFacts,
  judge: (address: TlsAddressFacts, name: Naming) => Outcome | readonly Outcome[],
  declined: (words: string, name: Naming) => Outcome = (_, name) =>
    notApplicable('the server offers no TLS', { subject: name() }),
): Outcomes {
  const several = tls.addresses.length > 1;
  const outcomes = tls.addresses.flatMap((address) => {
    const where = several ? formatAddress(address) : '';
    const name: Naming = (thing = '') => [thing, where].filter((part) => part !== '').join(' at ');
    if (address.declined !== null) return [declined(address.declined, name)];
    return address.absence
      ? [unknown(name(), `could not look: ${address.absence.reason}`)]
      : [judge(address, name)].flat();
  });
  return outcomesOr(outcomes, unknown('', 'no address was looked at'));
}
