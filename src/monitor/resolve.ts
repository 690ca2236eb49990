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
export function makeResolver(clock: () => number): (host: string) => Promise<Resolved> {
  const known = new Map<string, { at: number; answer: Promise<readonly string[]> }>();
  return async (host) => {
    const bare = host.replace(/^\[|\]$/g, '');
    if (isIP(bare)) return { addresses: [bare], ms: null };
    const started = clock();
    const kept = known.get(bare);
    if (kept && started - kept.at < KEPT_MS) return { addresses: await kept.answer, ms: null };
    const answer = lookup(bare, { all: true }).then((entries) => entries.map((entry) => entry.address));
    if (known.size >= KEPT_MAX) known.clear();
    known.set(bare, { at: started, answer });
    answer.catch(() => known.delete(bare));
    return { addresses: await answer, ms: clock() - started };
  };
}
