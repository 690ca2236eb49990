import { BlockList, isIP } from 'node:net';

/**
 * What kind of place an address is. `metadata` are the well-known addresses on which clouds hand out credentials;
 * `reserved` is everything that no server can have.
 */
export type Scope = 'public' | 'private' | 'loopback' | 'link-local' | 'metadata' | 'multicast' | 'reserved';

type Row = [Scope, string, number];

/** First match wins. Sources: IANA special-purpose registries (RFC 6890), cloud vendors' metadata pages. */
const IPV4: readonly Row[] = [
  ['metadata', '169.254.169.254', 32], // AWS, Azure, Google, DigitalOcean, OpenStack
  ['metadata', '169.254.170.2', 32], // AWS ECS task credentials
  ['metadata', '169.254.170.23', 32], // AWS EKS pod identity
  ['metadata', '100.100.100.200', 32], // Alibaba Cloud
  ['metadata', '192.0.0.192', 32], // Oracle Cloud classic
  ['metadata', '168.63.129.16', 32], // Azure wire server
  ['loopback', '127.0.0.0', 8],
  ['private', '10.0.0.0', 8],
  ['private', '172.16.0.0', 12],
  ['private', '192.168.0.0', 16],
  ['private', '100.64.0.0', 10],
  ['link-local', '169.254.0.0', 16],
  ['reserved', '0.0.0.0', 8],
  ['reserved', '192.0.0.0', 24],
  ['reserved', '192.0.2.0', 24],
  ['reserved', '198.18.0.0', 15],
  ['reserved', '198.51.100.0', 24],
  ['reserved', '203.0.113.0', 24],
  ['multicast', '224.0.0.0', 4],
  ['reserved', '240.0.0.0', 4],
];

const IPV6: readonly Row[] = [
  ['metadata', 'fd00:ec2::254', 128],
  ['metadata', 'fd00:ec2::23', 128],
  ['metadata', 'fd20:ce::254', 128],
  ['loopback', '::1', 128],
  ['reserved', '::', 128],
  ['link-local', 'fe80::', 10],
  ['private', 'fc00::', 7],
  ['private', 'fec0::', 10],
  ['multicast', 'ff00::', 8],
  ['reserved', '100::', 64],
  ['reserved', '2001:db8::', 32],
  ['reserved', '2001::', 23],
];

const TABLE = [
  ...IPV4.map(([scope, base, bits]) => row('ipv4', scope, base, bits)),
  ...IPV6.map(([scope, base, bits]) => row('ipv6', scope, base, bits)),
];

function row(family: 'ipv4' | 'ipv6', scope: Scope, base: string, bits: number) {
  const list = new BlockList();
  list.addSubnet(base, bits, family);
  return { family, scope, list };
}

/** Classifies an IP address; an IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is judged by what it carries. */
export function scopeOf(address: string): Scope {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 0) return 'reserved';
  if (version === 4) return lookUp('ipv4', bare);
  const words = expand(bare);
  const embedded = embeddedIpv4(words);
  return embedded ? lookUp('ipv4', embedded) : lookUp('ipv6', bare);
}

function lookUp(family: 'ipv4' | 'ipv6', address: string): Scope {
  return TABLE.find((entry) => entry.family === family && entry.list.check(address, family))?.scope ?? 'public';
}

/** The eight 16-bit words of a valid IPv6 address. */
function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? `${dotted[1]}${(Number(dotted[2]) * 256 + Number(dotted[3])).toString(16)}:${(Number(dotted[4]) * 256 + Number(dotted[5])).toString(16)}`
    : address;
  const [head = '', tail] = text.split('::');
  const read = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  if (tail === undefined) return read(head);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function embeddedIpv4(words: readonly number[]): string | null {
  const zero = (from: number, to: number) => words.slice(from, to).every((word) => word === 0);
  const at = (index: number) => {
    const [high = 0, low = 0] = words.slice(index, index + 2);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  };
  if (zero(0, 5) && words[5] === 0xffff) return at(6); // ::ffff:0:0/96, RFC 4291
  if (zero(0, 4) && words[4] === 0xffff && words[5] === 0) return at(6); // ::ffff:0:0:0/96, RFC 2765
  if (words[0] === 0x64 && words[1] === 0xff9b && zero(2, 6)) return at(6); // 64:ff9b::/96, RFC 6052
  if (words[0] === 0x2002) return at(1); // 2002::/16, RFC 3056
  if (zero(0, 6) && (words[6] !== 0 || (words[7] ?? 0) > 1)) return at(6); // ::/96, deprecated by RFC 4291
  return null;
}

/** How far inside a place is; a redirect may stay as far inside as the target is, or lead outwards. */
const DEPTH: Partial<Record<Scope, number>> = { public: 0, private: 1, loopback: 2 };

/**
 * Whether a redirect from a target at `from` may be followed to `to`. What the user named may be probed wherever it is;
 * what the target then names may not lead further inside (a public page into a private network, a LAN host into this
 * machine), and never to link-local, metadata, multicast or reserved addresses.
 */
export function mayFollow(from: Scope, to: Scope): boolean {
  const [start, end] = [DEPTH[from], DEPTH[to]];
  return end !== undefined && end <= (start ?? 0);
}
