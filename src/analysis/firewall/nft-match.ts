import { inRange, parseIp, parseIpRange, prefixRange } from '../ip-range.ts';
import { deviceIs } from './iptables-match.ts';
import { type Mentions, mentionPorts, not, notUnderstood, type Packet, plain, type Test, type Truth } from './model.ts';
import { bare, isObject, type Json, type NftSets } from './nft-sets.ts';

interface Place {
  sets: NftSets;
  mentions: Mentions;
  family: string;
  table: string;
}

/** A field of a packet compared with one literal, prefix or range. `false` as `present` = a packet of this kind has no such field. */
interface Field {
  present(packet: Packet): Truth;
  /** A test for one element; `null` = this spelling is not understood. */
  equals(literal: unknown): ((packet: Packet) => Truth) | null;
}

/** `{ match: { op, left, right } }` as a test. */
export function readMatch(match: Json, place: Place): Test {
  const { op, left, right } = match;
  const flags = tcpFlags(left, right, op);
  if (flags) return flags;
  const field = fieldOf(left, place);
  if (!field) return notUnderstood;
  if (op === '<' || op === '>' || op === '<=' || op === '>=') return compare(op, field, right);
  const equals = anyOf(field, right, place);
  if (!equals || (op !== '==' && op !== '!=' && op !== 'in')) return notUnderstood;
  const holds = op === '!=' ? (packet: Packet) => not(equals(packet)) : equals;
  return plain((packet) => guarded(field.present(packet), () => holds(packet)));
}

/** The entries of `{ key, data }`, one test per key, in the order in which they stand. */
export function readMap(map: Json, place: Place): { test: Test; data: unknown }[] | null {
  const field = fieldOf(map.key, place);
  const elements = place.sets.elements(place, map.data);
  if (!field || !elements) return null;
  const entries: { test: Test; data: unknown }[] = [];
  for (const element of elements) {
    if (!Array.isArray(element) || element.length !== 2) return null;
    const key = bare(element[0]);
    const equals = key === '*' ? () => true : anyOf(field, key, place);
    if (!equals) return null;
    entries.push({ test: plain((packet) => guarded(field.present(packet), () => equals(packet))), data: element[1] });
  }
  // A catch-all is asked last, wherever it stands.
  const last = elements.findIndex((element) => Array.isArray(element) && bare(element[0]) === '*');
  return last < 0 ? entries : [...entries.filter((_, at) => at !== last), ...entries.slice(last, last + 1)];
}

function guarded(present: Truth, holds: () => Truth): Truth {
  if (present === false) return false;
  const held = holds();
  return present === null && held === true ? null : held;
}

function anyOf(field: Field, right: unknown, place: Place): ((packet: Packet) => Truth) | null {
  const elements = Array.isArray(right) ? right : place.sets.elements(place, right);
  if (!elements) return field.equals(bare(right));
  const tests = elements.map((element) => {
    const literal = bare(Array.isArray(element) ? element[0] : element);
    return literal === '*' ? () => true : field.equals(literal);
  });
  return (packet) => {
    let truth: Truth = false;
    for (const test of tests) {
      const held = test ? test(packet) : null;
      if (held === true) return true;
      if (held === null) truth = null;
    }
    return truth;
  };
}

const yes = () => true;

function fieldOf(left: unknown, place: Place): Field | null {
  if (!isObject(left)) return null;
  if (Array.isArray(left.concat)) return concatenated(left.concat, place);
  if (isObject(left.payload)) return payload(left.payload, place);
  if (isObject(left.meta)) return meta(String(left.meta.key));
  if (isObject(left.ct)) return conntrack(left.ct, place);
  if (isObject(left.fib)) return fib(left.fib);
  // IPv6 extension headers (routing header 0 and the like): a plain SYN has none.
  if (isObject(left.exthdr)) return { present: () => false, equals: () => () => false };
  return null;
}

function concatenated(parts: readonly unknown[], place: Place): Field | null {
  const fields: Field[] = [];
  for (const part of parts) {
    const field = fieldOf(part, place);
    if (!field) return null;
    fields.push(field);
  }
  return {
    present: (packet) => all(fields.map((field) => field.present(packet))),
    equals(literal) {
      if (!isObject(literal) || !Array.isArray(literal.concat)) return null;
      const tests = literal.concat.map((one, at) => fields[at]?.equals(one) ?? null);
      return (packet) => all(tests.map((test) => (test ? test(packet) : null)));
    },
  };
}

function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

function payload({ protocol, field }: Json, place: Place): Field | null {
  if (protocol === 'ip' || protocol === 'ip6') {
    const family = protocol === 'ip' ? 4 : 6;
    if (field === 'saddr' || field === 'daddr') return address(field, family, place.mentions);
    if (field === 'protocol' || field === 'nexthdr')
      return { ...named((packet) => packet.protocol), present: (packet) => packet.family === family };
    return { present: (packet) => packet.family === family, equals: () => null };
  }
  if (protocol === 'icmp' || protocol === 'icmpv6' || protocol === 'arp' || protocol === 'igmp')
    return { present: () => false, equals: () => () => false };
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'th' || protocol === 'sctp' || protocol === 'dccp') {
    const present = (packet: Packet) => protocol === 'th' || packet.protocol === protocol;
    if (field === 'dport') return { ...port((packet) => packet.port, place.mentions), present };
    return { present, equals: () => null };
  }
  return null;
}

function meta(key: string): Field | null {
  switch (key) {
    case 'iifname':
    case 'iif':
      return device((packet) => packet.device);
    case 'oifname':
    case 'oif':
      return { ...device((packet) => packet.outDevice), present: (packet) => !packet.local };
    case 'l4proto':
      return named((packet) => packet.protocol);
    case 'nfproto':
      return named((packet) => (packet.family === 4 ? 'ipv4' : 'ipv6'));
    case 'protocol':
      return named((packet) => (packet.family === 4 ? 'ip' : 'ip6'));
    case 'mark':
      return numeric((packet) => packet.mark);
    case 'pkttype':
      return named(() => 'host');
    default:
      return null;
  }
}

function conntrack(expression: Json, place: Place): Field | null {
  if (expression.key === 'state') return named((packet) => (packet.tracked ? packet.state : 'untracked'));
  const field = entry(expression, place);
  // A packet that is not tracked has no entry to look at, and a rule that asks for one does not match.
  return field && { ...field, present: (packet) => (packet.tracked ? field.present(packet) : false) };
}

function entry({ key, dir }: Json, place: Place): Field | null {
  switch (key) {
    case 'status':
      return { present: yes, equals: (literal) => (literal === 'dnat' ? (packet) => packet.rewritten : () => null) };
    case 'direction':
      return named((packet) => (packet.state === 'established' ? 'reply' : 'original'));
    case 'mark':
      return numeric((packet) => packet.connectionMark);
    case 'l3proto':
      return named((packet) => (packet.family === 4 ? 'ipv4' : 'ipv6'));
    case 'protocol':
      return named((packet) => packet.protocol);
    case 'proto-dst':
      return dir === 'original' ? port((packet) => packet.originalPort, place.mentions) : null;
    case 'ip daddr':
    case 'ip6 daddr':
    case 'daddr':
      if (dir !== 'original') return null;
      return addressLike(
        (packet) => packet.originalDestination,
        () => {},
        yes,
      );
    default:
      return null;
  }
}

/** `fib daddr type local`: whether the destination is the host itself. */
function fib({ result, flags }: Json): Field | null {
  const asked = [flags].flat();
  if (result === 'type' && asked[0] === 'daddr') return named((packet) => (packet.local ? 'local' : 'unicast'));
  if (result === 'type' && asked[0] === 'saddr' && asked.length === 1) return named(() => 'unicast');
  // The reverse path: whoever gets an answer is answered through the device that it came in by.
  if (result === 'oif' && asked.includes('saddr') && asked.includes('iif')) return reversePath;
  return null;
}

const reversePath: Field = {
  present: yes,
  equals: (literal) => (typeof literal === 'boolean' ? () => literal : null),
};

function named(read: (packet: Packet) => string): Field {
  const numbers: Record<string, string> = { '6': 'tcp', '17': 'udp', '2': 'ipv4', '10': 'ipv6' };
  return {
    present: yes,
    equals(literal) {
      if (typeof literal !== 'string' && typeof literal !== 'number') return null;
      const want = numbers[String(literal)] ?? String(literal);
      return (packet) => read(packet) === want;
    },
  };
}

function numeric(read: (packet: Packet) => number): Field {
  return {
    present: (packet) => (Number.isNaN(read(packet)) ? null : true),
    equals: (literal) =>
      typeof literal === 'number' ? (packet) => (Number.isNaN(read(packet)) ? null : read(packet) === literal) : null,
  };
}

function device(read: (packet: Packet) => string | null): Field {
  return {
    present: yes,
    equals: (literal) =>
      typeof literal === 'string' ? (packet) => deviceIs(literal.replace(/\*$/, '+'), read(packet)) : null,
  };
}

function port(read: (packet: Packet) => number, mentions: Mentions): Field {
  return {
    present: yes,
    equals(literal) {
      const range = isObject(literal) && Array.isArray(literal.range) ? literal.range : [literal, literal];
      const [from, to] = range;
      if (typeof from !== 'number' || typeof to !== 'number') return null;
      mentionPorts(mentions, from, to);
      return (packet) => read(packet) >= from && read(packet) <= to;
    },
  };
}

function address(field: 'saddr' | 'daddr', family: 4 | 6, mentions: Mentions): Field {
  return addressLike(
    (packet) => (field === 'saddr' ? packet.source : packet.destination),
    (range) => field === 'saddr' && mentions.sources.push(range),
    (packet) => packet.family === family,
  );
}

function addressLike(
  read: (packet: Packet) => bigint | null,
  mention: (range: NonNullable<ReturnType<typeof parseIpRange>>) => void,
  present: (packet: Packet) => Truth,
): Field {
  return {
    present,
    equals(literal) {
      const range = rangeOf(literal);
      if (!range) return null;
      mention(range);
      return (packet) => {
        const ip = read(packet);
        return ip === null ? null : packet.family === range.family && inRange(ip, range);
      };
    },
  };
}

function rangeOf(literal: unknown): ReturnType<typeof parseIpRange> {
  if (typeof literal === 'string') return parseIpRange(literal);
  if (!isObject(literal)) return null;
  if (Array.isArray(literal.range)) return parseIpRange(literal.range.join('-'));
  if (!isObject(literal.prefix)) return null;
  const base = parseIp(String(literal.prefix.addr));
  const length = Number(literal.prefix.len);
  return base && length >= 0 && length <= (base.family === 4 ? 32 : 128) ? prefixRange(base, length) : null;
}

function compare(op: '<' | '>' | '<=' | '>=', field: Field, right: unknown): Test {
  if (typeof right !== 'number') return notUnderstood;
  const [from, to] = { '<': [0, right - 1], '<=': [0, right], '>': [right + 1, 65_535], '>=': [right, 65_535] }[op] as [
    number,
    number,
  ];
  const equals = field.equals({ range: [from, to] });
  return equals ? plain((packet) => guarded(field.present(packet), () => equals(packet))) : notUnderstood;
}

/** `tcp flags & (fin|syn|rst|ack) == syn`: of a first packet only SYN is set. */
function tcpFlags(left: unknown, right: unknown, op: unknown): Test | null {
  const isFlags = (value: unknown) =>
    isObject(value) && isObject(value.payload) && value.payload.protocol === 'tcp' && value.payload.field === 'flags';
  const masked = isObject(left) && Array.isArray(left['&']) ? left['&'] : null;
  if (!isFlags(left) && !(masked && isFlags(masked[0]))) return null;
  const names = (value: unknown): string[] | null => {
    if (isObject(value) && Array.isArray(value['|'])) return value['|'].flatMap((one) => names(one) ?? []);
    if (Array.isArray(value)) return value.flatMap((one) => names(one) ?? []);
    if (value === 0) return [];
    return typeof value === 'string' ? [value] : null;
  };
  const wanted = names(right);
  const mask = masked ? names(masked[1]) : null;
  if (!wanted || (masked && !mask)) return notUnderstood;
  const seen = !mask || mask.includes('syn') ? ['syn'] : [];
  const same = wanted.length === seen.length && wanted.every((one) => seen.includes(one));
  const truth = op === 'in' ? wanted.includes('syn') : op === '==' ? same : op === '!=' ? !same : null;
  return plain((packet) => (packet.protocol !== 'tcp' ? false : packet.state === 'new' ? truth : null));
}
