import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import { AbsentError } from '../core/collected.ts';
import type { DnsFacts } from '../core/facts/dns.ts';
import type { EndpointTarget } from '../core/target.ts';
import { createDnsClient, type DnsAnswer, type DnsClient } from '../net/dns.ts';
import { HTTPS_RECORD, serviceBindings } from '../net/dns-https.ts';
import { createHttpClient } from '../net/http.ts';
import { reach } from '../net/reach.ts';
import { countSpfLookups, isSpf, textsOf } from '../net/spf.ts';
import { type Probe, type ProbeContext, probeOf } from './probe.ts';

const MAX_ADDRESSES = 16;
const POLICY_BYTES = 64 * 1024;
const REACH_MS = 5_000;

/** Asks the name system about an endpoint's name. `servers` are asked instead of the system's resolvers. */
export function dnsProbe(servers: () => readonly string[] = getServers): Probe<'dns', 'endpoint'> {
  return probeOf({
    key: 'dns',
    on: ['endpoint'],
    timeoutMs: 30_000,
    async look(target, context) {
      const name = target.host.replace(/\.$/, '').toLowerCase();
      if (isIP(name) !== 0) throw new AbsentError('not-applicable', 'the endpoint is given by its address');
      if (name === 'localhost' || name.endsWith('.localhost')) {
        throw new AbsentError('not-applicable', 'localhost is not a name of the public name system (RFC 6761)');
      }
      const resolvers = [...servers()];
      const dns = createDnsClient({ servers: resolvers, signal: context.signal, count: context.count });
      return look(name, resolvers, target, dns, context);
    },
  });
}

async function look(
  name: string,
  resolvers: string[],
  target: EndpointTarget,
  dns: DnsClient,
  context: ProbeContext,
): Promise<DnsFacts> {
  const [a, aaaa, soa] = await Promise.all([dns.lookup(name, 'A'), dns.lookup(name, 'AAAA'), dns.lookup(name, 'SOA')]);
  if (a.status === 'failed' && aaaa.status === 'failed') {
    throw new AbsentError('unreachable', `the name could not be resolved: ${a.reason ?? aaaa.reason}`);
  }
  // A name that leads nowhere by an alias is a finding; one that is not there at all has nothing to judge.
  if (a.status === 'nxdomain' && a.aliases.length === 0) {
    throw new AbsentError('unreachable', `the name ${name} does not exist`);
  }
  const zone = soa.aliases.length > 0 ? await zoneAbove(name, dns) : soa.zone;
  const mail = zone ?? name;
  // RFC 9460 9.1: for another port than 443 the record stands at a name of its own.
  const service = target.port === 443 ? name : `_${target.port}._https.${name}`;
  const [ds, mx, txt, dmarc, mtaSts, caa, aliases, https] = await Promise.all([
    dns.lookup(mail, 'DS'),
    dns.lookup(mail, 'MX'),
    dns.lookup(mail, 'TXT'),
    dns.lookup(`_dmarc.${mail}`, 'TXT'),
    dns.lookup(`_mta-sts.${mail}`, 'TXT'),
    closestCaa(name, dns),
    targetsOf(a.aliases.length > 0 ? a.aliases : aaaa.aliases, dns),
    dns.lookup(service, HTTPS_RECORD),
  ]);
  const spf = texts(txt, isSpf);
  const announced = texts(mtaSts, (text) => /^v=STSv1\s*(;|$)/i.test(text));
  const addresses = [...a.records, ...aaaa.records].flatMap((record) =>
    record.type === 'A' || record.type === 'AAAA' ? [record.data] : [],
  );
  return {
    name,
    zone,
    resolvers,
    a: texts(a),
    aaaa: texts(aaaa),
    aliases,
    caa,
    authentic: a.status === 'failed' ? null : a.authentic,
    ds: texts(ds),
    mx: exchangers(mx),
    spf,
    spfLookups: spf.status === 'found' && spf.records[0] ? await countSpfLookups(spf.records[0], mail, dns) : null,
    dmarc: texts(dmarc, (text) => /^v=DMARC1\s*(;|$)/i.test(text)),
    https: bindings(https),
    mtaSts: announced,
    mtaStsPolicy: announced.status === 'found' ? await fetchPolicy(mail, target, context) : null,
    reach: await Promise.all(
      addresses.slice(0, MAX_ADDRESSES).map((address) => reachOf(address, target.port, context)),
    ),
  };
}

/** The zone of a name that is an alias: its SOA question is answered for the alias' target, so its parents are asked. */
async function zoneAbove(name: string, dns: DnsClient): Promise<string | null> {
  const parent = name.split('.').slice(1).join('.');
  if (!parent.includes('.')) return null;
  return (await dns.lookup(parent, 'SOA')).zone;
}

/** RFC 8659, section 3: the set of the name itself or of its closest ancestor that has one. */
async function closestCaa(name: string, dns: DnsClient): Promise<DnsFacts['caa']> {
  const labels = name.split('.');
  for (let skip = 0; skip < labels.length; skip += 1) {
    const at = labels.slice(skip).join('.');
    const answer = await dns.lookup(at, 'CAA');
    if (answer.status === 'failed')
      return { at: null, answer: { status: 'failed', reason: answer.reason ?? 'no answer' } };
    const records = answer.records.flatMap((record) =>
      record.type === 'CAA'
        ? [
            {
              critical: record.data.issuerCritical ?? false,
              tag: record.data.tag.toLowerCase(),
              value: record.data.value,
            },
          ]
        : [],
    );
    if (records.length > 0) return { at, answer: { status: 'found', records: records } };
  }
  return { at: null, answer: { status: 'none' } };
}

async function targetsOf(aliases: DnsAnswer['aliases'], dns: DnsClient): Promise<DnsFacts['aliases']> {
  return Promise.all(
    aliases.map(async (alias) => {
      const { status } = await dns.lookup(alias.target, 'A');
      return { ...alias, exists: status === 'failed' ? null : status !== 'nxdomain' };
    }),
  );
}

function texts(answer: DnsAnswer, wanted: (text: string) => boolean = () => true): DnsFacts['a'] {
  if (answer.status === 'failed') return { status: 'failed', reason: answer.reason ?? 'no answer' };
  if (answer.status !== 'found') return { status: answer.status };
  const all = answer.records[0]?.type === 'TXT' ? textsOf(answer.records) : answer.records.map(plain);
  const records = all.filter(wanted);
  return records.length > 0 ? { status: 'found', records } : { status: 'none' };
}

function plain(record: DnsAnswer['records'][number]): string {
  if (record.type === 'A' || record.type === 'AAAA') return record.data;
  if (record.type === 'DS') return `${record.data.keyTag} ${record.data.algorithm} ${record.data.digestType}`;
  return record.type;
}

function bindings(answer: DnsAnswer): DnsFacts['https'] {
  if (answer.status === 'failed') return { status: 'failed', reason: answer.reason ?? 'no answer' };
  const records = serviceBindings(answer.records);
  return records.length > 0 ? { status: 'found', records } : { status: 'none' };
}

function exchangers(answer: DnsAnswer): DnsFacts['mx'] {
  if (answer.status === 'failed') return { status: 'failed', reason: answer.reason ?? 'no answer' };
  const records = answer.records.flatMap((record) =>
    record.type === 'MX' ? [{ preference: record.data.preference ?? 0, exchange: record.data.exchange }] : [],
  );
  if (records.length > 0) return { status: 'found', records: records };
  return { status: answer.status === 'nxdomain' ? 'nxdomain' : 'none' };
}

/** RFC 8461, section 3.3: over HTTPS with a valid certificate, redirects are not followed. */
async function fetchPolicy(
  zone: string,
  target: EndpointTarget,
  context: ProbeContext,
): Promise<DnsFacts['mtaStsPolicy']> {
  const url = `https://mta-sts.${zone}/.well-known/mta-sts.txt`;
  const client = createHttpClient({ home: target.host, signal: context.signal, count: context.count });
  try {
    const reply = await client.request(url, { bodyLimit: POLICY_BYTES });
    if (!reply.ok) return { error: reply.reason };
    const untrusted = client.certificateError(url);
    if (untrusted) return { error: `its certificate is not trusted: ${untrusted}` };
    return reply.status === 200 ? { text: reply.body } : { error: `the policy answers ${reply.status}` };
  } finally {
    await client.close();
  }
}

async function reachOf(address: string, port: number, context: ProbeContext): Promise<DnsFacts['reach'][number]> {
  context.count('connections');
  const result = await reach(address, port, { signal: context.signal, timeoutMs: REACH_MS });
  return { address, family: isIP(address) === 6 ? 6 : 4, result };
}
