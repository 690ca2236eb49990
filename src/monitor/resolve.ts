import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

const KEPT_MS = 30_000;
const KEPT_MAX = 20_000;

export interface Resolved {
  addresses: readonly string[];
  /** How long it took; `null` where it was known or needed no asking. */
  ms: number | null;
}

/**
 * Names to addresses, the same name asked once in 30 s however many monitors look at it: the system's resolver has few
 * threads, and one server that does not answer must not hold up the looks at all others. Failures are not kept.
 */
export function makeResolver(clock: () => number): (host: string, family?: 4 | 6) => Promise<Resolved> {
  const known = new Map<string, { at: number; answer: Promise<readonly string[]> }>();
  return async (host, family) => {
    const bare = host.replace(/^\[|\]$/g, '');
    const literal = isIP(bare);
    if (literal !== 0) return { addresses: ofFamily([bare], family), ms: null };
    const started = clock();
    const kept = known.get(bare);
    if (kept && started - kept.at < KEPT_MS) return { addresses: ofFamily(await kept.answer, family), ms: null };
    const answer = lookup(bare, { all: true }).then((entries) => entries.map((entry) => entry.address));
    if (known.size >= KEPT_MAX) known.clear();
    known.set(bare, { at: started, answer });
    answer.catch(() => known.delete(bare));
    return { addresses: ofFamily(await answer, family), ms: clock() - started };
  };
}

function ofFamily(addresses: readonly string[], family: 4 | 6 | undefined): readonly string[] {
  if (family === undefined) return addresses;
  const wanted = addresses.filter((address) => isIP(address) === family);
  if (wanted.length === 0) throw new Error(`there is no IPv${family} address`);
  return wanted;
}
