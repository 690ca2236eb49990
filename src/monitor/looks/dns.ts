import type { Answer } from 'dns-packet';
import type { Look } from '../../core/monitor.ts';
import { createDnsClient } from '../../net/dns.ts';
import { CannotLookError } from './looked.ts';

type DnsLook = Extract<Look, { kind: 'dns' }>;

/** Asks for the record and says what is wrong with the answer, as a sentence; `null` when all is as wanted. */
export async function askDns(look: DnsLook, signal: AbortSignal): Promise<string | null> {
  const servers = look.server === null ? {} : { servers: [look.server] };
  const client = createDnsClient({ ...servers, signal, count: () => {} });
  const answer = await client.lookup(look.name, look.type);
  signal.throwIfAborted();
  if (answer.status === 'failed') {
    const reason = answer.reason ?? 'no answer';
    // Of a server that is named the answer is asked; that our own resolver is silent is our trouble.
    if (look.server === null && !/ answers [A-Z]+$/.test(reason)) throw new CannotLookError(reason);
    return reason;
  }
  if (answer.status === 'nxdomain') return `${look.name} does not exist`;
  if (answer.status === 'none') return `${look.name} has no ${look.type} record`;
  if (look.dnssec && !answer.authentic) return 'the answer is not validated (no AD flag)';
  const found = answer.records.map(textOf);
  const missing = look.records.find((wanted) => !found.some((text) => same(text, wanted)));
  if (missing === undefined) return null;
  return `${look.type} is ${found.slice(0, 6).join(', ').slice(0, 160)}, without ${missing}`;
}

const same = (a: string, b: string): boolean => bare(a) === bare(b);
const bare = (text: string): string => text.toLowerCase().replace(/\.$/, '');

/** A record as a zone file has it, without its name and class. */
export function textOf(record: Answer): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return record.data;
    case 'MX':
      return `${record.data.preference ?? 0} ${record.data.exchange}`;
    case 'SRV':
      return `${record.data.priority ?? 0} ${record.data.weight ?? 0} ${record.data.port} ${record.data.target}`;
    case 'CAA':
      return `${record.data.flags ?? 0} ${record.data.tag} ${record.data.value}`;
    case 'SOA':
      return record.data.mname;
    case 'TXT':
      return (Array.isArray(record.data) ? record.data : [record.data]).map(String).join('');
    default:
      return '';
  }
}
