import { inRange, parseIpRange } from '../ip-range.ts';
import { type Mentions, mentionPorts, not, notUnderstood, type Packet, plain, type Test, type Truth } from './model.ts';

interface Setting {
  negated: boolean;
  family: 4 | 6;
  mentions: Mentions;
  /** The match module that the option belongs to: some options are spelled alike in two. */
  module: string;
}

/** Options that only say how another option of the same module works. */
const IGNORED = new Set([
  '-m',
  '--comment',
  '--limit-burst',
  '--hashlimit-burst',
  '--hashlimit-mode',
  '--hashlimit-name',
  '--hashlimit-srcmask',
  '--hashlimit-dstmask',
  '--hashlimit-htable-size',
  '--hashlimit-htable-max',
  '--hashlimit-htable-expire',
  '--hashlimit-htable-gcinterval',
  '--connlimit-mask',
  '--connlimit-saddr',
  '--limit-iface-in',
  '--validmark',
  '--loose',
  '--accept-local',
]);

/** One match option as a test; `null` = it tests nothing by itself. What is not listed here is not understood. */
export function matchOption(option: string, values: readonly string[], setting: Setting): Test | null {
  const value = values[0] ?? '';
  const test = (holds: (packet: Packet) => Truth): Test =>
    plain(setting.negated ? (packet) => not(holds(packet)) : holds);
  if (IGNORED.has(option)) return null;
  switch (option) {
    case '-p':
      return test((packet) => protocolIs(value, packet.protocol));
    case '-s':
      return address(value, 'source', setting, test);
    case '-d':
      return address(value, 'destination', setting, test);
    case '--src-range':
      return address(value, 'source', setting, test);
    case '--dst-range':
      return address(value, 'destination', setting, test);
    case '-i':
      return test((packet) => deviceIs(value, packet.device));
    case '-o':
      return test((packet) => (packet.local ? false : deviceIs(value, packet.outDevice)));
    case '-f':
      return test(() => false);
    case '--dport':
    case '--dports':
      return ports(value, setting, test);
    case '--tcp-flags':
      return test((packet) => flagsMatch(packet, () => synMatches(value, values[1] ?? '')));
    case '--syn':
      return test((packet) => flagsMatch(packet, () => true, false));
    case '--ctstate':
    case '--state':
      return test((packet) => stateIs(value, packet));
    case '--ctdir':
      return tracked(test((packet) => value === (packet.state === 'established' ? 'REPLY' : 'ORIGINAL')));
    case '--ctorigdstport':
      return tracked(test((packet) => portIn(value, packet.originalPort)));
    case '--dst-type':
      return test((packet) => destinationType(value, packet));
    case '--src-type':
      return test(() => sourceType(value));
    case '--invert':
      // Of `-m rpfilter`: whoever gets an answer is answered through the device that it came in by.
      return plain(() => false);
    case '--pkt-type':
      return test(() => value === 'unicast');
    case '--icmp-type':
    case '--icmpv6-type':
    case '--rt-type':
      return plain(() => false);
    case '--mark':
      if (setting.module === 'connmark') return tracked(test((packet) => markIs(value, packet.connectionMark)));
      return test((packet) => markIs(value, packet.mark));
    case '--limit':
    case '--hashlimit-upto':
    case '--hashlimit':
    case '--connlimit-upto':
      return setting.negated ? { kind: 'over' } : { kind: 'limit' };
    case '--hashlimit-above':
    case '--connlimit-above':
      return setting.negated ? { kind: 'limit' } : { kind: 'over' };
    default:
      return notUnderstood;
  }
}

/** A packet that is not tracked has no entry to look at: the test fails, negated or not (xt_conntrack.c). */
function tracked(test: Test): Test {
  return test.kind === 'plain' ? plain((packet) => (packet.tracked ? test.holds(packet) : false)) : test;
}

function protocolIs(value: string, protocol: string): Truth {
  const number = { tcp: '6', udp: '17' }[protocol];
  return value === 'all' || value === '0' || value === protocol || value === number;
}

function address(
  value: string,
  field: 'source' | 'destination',
  setting: Setting,
  test: (holds: (packet: Packet) => Truth) => Test,
): Test {
  const range = parseIpRange(value);
  if (!range) return notUnderstood;
  if (field === 'source') setting.mentions.sources.push(range);
  return test((packet) => {
    const ip = packet[field];
    return ip === null ? null : packet.family === range.family && inRange(ip, range);
  });
}

/** `eth0`, or `eth+` for every device whose name starts so. */
export function deviceIs(pattern: string, device: string | null): Truth {
  if (device === null) return pattern === 'lo' ? false : pattern === '+' ? true : null;
  return pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : device === pattern;
}

/** `22`, `80:90`, or several with commas; an open end is the end of the range. */
function portRanges(value: string): [number, number][] {
  return value.split(',').map((part): [number, number] => {
    const [from, to] = part.split(':');
    if (to === undefined) return [Number(from), Number(from)];
    return [from ? Number(from) : 0, to ? Number(to) : 65_535];
  });
}

function portIn(value: string, port: number): Truth {
  const ranges = portRanges(value);
  if (ranges.flat().some(Number.isNaN)) return null;
  return ranges.some(([from, to]) => port >= from && port <= to);
}

function ports(value: string, setting: Setting, test: (holds: (packet: Packet) => Truth) => Test): Test {
  const ranges = portRanges(value);
  if (ranges.flat().some(Number.isNaN)) return notUnderstood;
  for (const [from, to] of ranges) mentionPorts(setting.mentions, from, to);
  return test((packet) => ranges.some(([from, to]) => packet.port >= from && packet.port <= to));
}

/** Flags of a later packet are not known, but SYN alone is not among them. */
function flagsMatch(packet: Packet, first: () => Truth, later: Truth = null): Truth {
  return packet.state === 'new' ? first() : later;
}

/** Of a first packet only SYN is set. */
function synMatches(mask: string, wanted: string): Truth {
  const inMask = mask === 'ALL' || mask.split(',').includes('SYN');
  const set = wanted === 'NONE' ? [] : wanted.split(',');
  return inMask ? set.length === 1 && set[0] === 'SYN' : set.length === 0;
}

function stateIs(value: string, packet: Packet): Truth {
  const states = value.split(',');
  if (packet.state !== 'new') return states.includes(packet.tracked ? packet.state.toUpperCase() : 'UNTRACKED');
  if (states.includes(packet.tracked ? 'NEW' : 'UNTRACKED')) return true;
  return states.includes('DNAT') ? packet.rewritten : false;
}

function destinationType(value: string, packet: Packet): Truth {
  const types = value.split(',');
  return types.includes(packet.local ? 'LOCAL' : 'UNICAST');
}

/** A stranger's address is unicast, and none of the others. */
function sourceType(value: string): Truth {
  const types = value.split(',');
  if (types.includes('UNICAST')) return true;
  const never = ['LOCAL', 'BROADCAST', 'MULTICAST', 'ANYCAST', 'UNSPEC'];
  return types.every((type) => never.includes(type)) ? false : null;
}

function markIs(value: string, mark: number): Truth {
  const [want, mask] = value.split('/').map(Number);
  if (want === undefined || Number.isNaN(want)) return null;
  return (mark & (mask ?? 0xffffffff)) >>> 0 === want >>> 0;
}
