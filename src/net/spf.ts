import type { DnsClient } from './dns.ts';

/** One more than RFC 7208 allows: enough to know that it is too many. */
const ENOUGH = 11;
const MAX_DEPTH = 10;

/**
 * How many names a receiver has to ask for to read an SPF record: include, redirect, a, mx, ptr and exists count, in
 * included records too (RFC 7208, section 4.6.4). Stops at eleven; `null` where an included record could not be read.
 */
export async function countSpfLookups(
  record: string,
  domain: string,
  dns: DnsClient,
  depth = 0,
): Promise<number | null> {
  let count = 0;
  for (const term of record.split(/\s+/).slice(1)) {
    const match = /^[+?~-]?(include|redirect|exists|a|mx|ptr)(?=$|[:=/])[:=]?([^/\s]*)/i.exec(term);
    if (!match) continue;
    count += 1;
    if (count >= ENOUGH) return count;
    const [, name = '', argument = ''] = match;
    if (!/^(include|redirect)$/i.test(name)) continue;
    if (depth >= MAX_DEPTH || argument.includes('%') || argument.toLowerCase() === domain.toLowerCase()) return null;
    const [included, ...more] = await spfRecords(argument, dns);
    if (included === undefined || more.length > 0) return null;
    const inner = await countSpfLookups(included, argument, dns, depth + 1);
    if (inner === null) return null;
    count += inner;
    if (count >= ENOUGH) return ENOUGH;
  }
  return count;
}

async function spfRecords(name: string, dns: DnsClient): Promise<string[]> {
  const answer = await dns.lookup(name, 'TXT');
  return textsOf(answer.records).filter(isSpf);
}

export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** The strings of TXT records, each record's parts joined without a space (RFC 7208, section 3.3). */
export function textsOf(records: readonly { type: string; data?: unknown }[]): string[] {
  return records
    .filter((record) => record.type === 'TXT')
    .map((record) =>
      [record.data]
        .flat()
        .map((part) => (part instanceof Uint8Array ? Buffer.from(part).toString('latin1') : String(part)))
        .join(''),
    );
}
