import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect, isIP } from 'node:net';
import packet, { type Answer, type Packet, type RecordType } from 'dns-packet';
import { reasonOf } from '../core/error.ts';

const TRY_MS = 2_000;
const TRIES = 2;
/** Answers of up to 1232 bytes over UDP: what passes everywhere without fragments (DNS flag day 2020). */
const EDNS = {
  type: 'OPT' as const,
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};
const MAX_TCP_BYTES = 65_535;

/** What a resolver says to one question. `none` = the name exists without such a record; `failed` = we do not know. */
export interface DnsAnswer {
  status: 'found' | 'none' | 'nxdomain' | 'failed';
  /** Records of the type that was asked for. */
  records: Answer[];
  /** The way from the name to where the records are: each CNAME in order. */
  aliases: { name: string; target: string }[];
  /** Owner of the SOA record in the answer: the zone that the name lies in. */
  zone: string | null;
  /** The AD bit: the resolver validated the answer (RFC 4035, section 3.2.3). True only as far as the resolver is trusted. */
  authentic: boolean;
  reason?: string;
}

export interface DnsClient {
  lookup(name: string, type: RecordType): Promise<DnsAnswer>;
}

export interface DnsClientOptions {
  /** `address` or `address:port`, as `node:dns` writes them; the system's resolvers where not given. */
  servers?: readonly string[];
  signal: AbortSignal;
  count(what: 'requests'): void;
}

/** A stub resolver that also shows what the system's hides: the AD bit, the zone, and failed apart from missing. */
export function createDnsClient(options: DnsClientOptions): DnsClient {
  const servers = (options.servers ?? getServers()).map(parseServer);
  const known = new Map<string, Promise<DnsAnswer>>();
  return {
    lookup(name, type) {
      const key = `${type} ${name.toLowerCase()}`;
      const answer = known.get(key) ?? ask(name, type, servers, options);
      known.set(key, answer);
      return answer;
    },
  };
}

interface Server {
  address: string;
  port: number;
}

function parseServer(text: string): Server {
  const bracketed = /^\[(.+)\]:(\d+)$/.exec(text);
  if (bracketed) return { address: bracketed[1] ?? '', port: Number(bracketed[2]) };
  const [address = '', port] = isIP(text) === 6 ? [text] : text.split(':');
  return { address, port: Number(port ?? 53) };
}

async function ask(
  name: string,
  type: RecordType,
  servers: readonly Server[],
  options: DnsClientOptions,
): Promise<DnsAnswer> {
  let reason = servers.length === 0 ? 'no resolver is configured' : '';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    for (const server of servers) {
      if (options.signal.aborted) return failed('the audit was stopped');
      options.count('requests');
      try {
        const reply = await exchange(name, type, server, options.signal);
        const code = rcodeOf(reply);
        if (code === 'NOERROR' || code === 'NXDOMAIN') return read(reply, name, type, code);
        reason = `${server.address} answers ${code}`;
      } catch (thrown) {
        reason = `${server.address}: ${reasonOf(thrown)}`;
      }
    }
  }
  return failed(reason);
}

function failed(reason: string): DnsAnswer {
  return { status: 'failed', records: [], aliases: [], zone: null, authentic: false, reason };
}

function rcodeOf(reply: Packet): string {
  return 'rcode' in reply && typeof reply.rcode === 'string' ? reply.rcode : 'FORMERR';
}

function read(reply: Packet, name: string, type: RecordType, code: string): DnsAnswer {
  const answers = reply.answers ?? [];
  const aliases: DnsAnswer['aliases'] = [];
  let at = name;
  for (const record of answers) {
    if (record.type !== 'CNAME' || record.name.toLowerCase() !== at.toLowerCase() || aliases.length >= 16) continue;
    aliases.push({ name: record.name, target: record.data });
    at = record.data;
  }
  const records = answers.filter((record) => record.type === type);
  const soa = [...answers, ...(reply.authorities ?? [])].find((record) => record.type === 'SOA');
  const authentic = 'flag_ad' in reply && reply.flag_ad === true;
  const status = code === 'NXDOMAIN' ? 'nxdomain' : records.length > 0 ? 'found' : 'none';
  return { status, records, aliases, zone: soa?.name ?? null, authentic };
}

async function exchange(name: string, type: RecordType, server: Server, signal: AbortSignal): Promise<Packet> {
  const id = randomInt(0x1_0000);
  const query = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA,
    questions: [{ type, name, class: 'IN' }],
    additionals: [EDNS],
  });
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]);
  const reply = checked(packet.decode(await overUdp(query, id, server, deadline)), id, name, type);
  if ('flag_tc' in reply && reply.flag_tc)
    return checked(packet.decode(await overTcp(query, server, deadline)), id, name, type);
  return reply;
}

/** An answer must be to our question (RFC 5452, section 9.1). */
function checked(reply: Packet, id: number, name: string, type: RecordType): Packet {
  const [question] = reply.questions ?? [];
  const fits =
    reply.type === 'response' &&
    reply.id === id &&
    question?.type === type &&
    question.name.toLowerCase() === name.toLowerCase();
  if (!fits) throw new Error('the answer is not to the question');
  return reply;
}

function overUdp(query: Buffer, id: number, server: Server, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4');
    let settled = false;
    const done = (act: () => void) => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      socket.close();
      act();
    };
    const onAbort = () => done(() => reject(new Error('no answer in time')));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', (error) => done(() => reject(error)));
    // Connected, so that the kernel drops what comes from elsewhere and tells us of closed ports.
    socket.on('message', (message) => {
      if (message.length >= 2 && message.readUInt16BE(0) === id) done(() => resolve(message));
    });
    socket.connect(server.port, server.address, () => socket.send(query));
  });
}

function overTcp(query: Buffer, server: Server, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port, signal });
    let received = Buffer.alloc(0);
    socket.on('connect', () => socket.write(Buffer.concat([lengthOf(query), query])));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length >= 2 ? received.readUInt16BE(0) : MAX_TCP_BYTES;
      if (received.length < length + 2 && received.length <= MAX_TCP_BYTES + 2) return;
      socket.destroy();
      resolve(received.subarray(2, length + 2));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection ended before the answer')));
  });
}

/** Messages over TCP are preceded by their length (RFC 1035, section 4.2.2). */
function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return length;
}
