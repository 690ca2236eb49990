/** Addresses `from`..`to` of one family, as numbers. */
export interface IpRange {
  family: 4 | 6;
  from: bigint;
  to: bigint;
}

function parse4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = value * 256n + BigInt(part);
  }
  return value;
}

function parse6(text: string): bigint | null {
  let rest = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const low = parse4(dotted[2] ?? '');
    if (low === null) return null;
    rest = `${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const halves = rest.split('::');
  if (halves.length > 2) return null;
  const head = halves[0] ? halves[0].split(':') : [];
  const tail = halves[1] ? halves[1].split(':') : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  let value = 0n;
  for (const group of [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...tail]) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
    value = (value << 16n) + BigInt(`0x${group}`);
  }
  return value;
}

/** One address as a number, `null` where the text is none. A zone (`%eth0`) is ignored. */
export function parseIp(text: string): { family: 4 | 6; value: bigint } | null {
  const bare = text.replace(/%.*$/, '');
  const v4 = parse4(bare);
  if (v4 !== null) return { family: 4, value: v4 };
  const v6 = bare.includes(':') ? parse6(bare) : null;
  return v6 === null ? null : { family: 6, value: v6 };
}

/** The addresses of `base/length`. */
export function prefixRange(base: { family: 4 | 6; value: bigint }, length: number): IpRange {
  const bits = base.family === 4 ? 32 : 128;
  const host = (1n << BigInt(bits - length)) - 1n;
  const from = (base.value | host) ^ host;
  return { family: base.family, from, to: from | host };
}

/** Reads `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1`, `10.0.0.1-10.0.0.9` or their IPv6 forms; `null` where it is none. */
export function parseIpRange(text: string): IpRange | null {
  const dash = text.split('-');
  if (dash.length === 2) {
    const [from, to] = [parseIp(dash[0] ?? ''), parseIp(dash[1] ?? '')];
    if (!from || !to || from.family !== to.family || from.value > to.value) return null;
    return { family: from.family, from: from.value, to: to.value };
  }
  const [address = '', mask, ...more] = text.split('/');
  const base = parseIp(address);
  if (!base || more.length > 0) return null;
  const bits = base.family === 4 ? 32 : 128;
  if (mask === undefined) return prefixRange(base, bits);
  const length = /^\d{1,3}$/.test(mask) ? Number(mask) : maskLength(mask, base.family);
  return length === null || length > bits ? null : prefixRange(base, length);
}

/** The length of a contiguous mask such as 255.255.0.0. */
function maskLength(mask: string, family: 4 | 6): number | null {
  const parsed = parseIp(mask);
  if (!parsed || parsed.family !== family) return null;
  const bits = family === 4 ? 32 : 128;
  const text = parsed.value.toString(2).padStart(bits, '0');
  return /^1*0*$/.test(text) ? text.replace(/0/g, '').length : null;
}

export function inRange(value: bigint, range: IpRange): boolean {
  return value >= range.from && value <= range.to;
}

/** Whether nobody outside the machine can use the address: loopback. */
export function isLoopback(text: string): boolean {
  const ip = parseIp(text);
  if (!ip) return false;
  if (ip.family === 4) return ip.value >> 24n === 127n;
  // ::ffff:127.0.0.0/104 is loopback as well.
  return ip.value === 1n || ip.value >> 24n === 0xffff7fn;
}

/** An address as people write it; IPv6 with its longest run of zeros left out. */
export function formatIp(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = [...Array(8).keys()].map((at) => ((value >> BigInt(112 - at * 16)) & 0xffffn).toString(16)).join(':');
  const runs = [...groups.matchAll(/\b0(?::0\b)+/g)].sort((a, b) => b[0].length - a[0].length);
  const longest = runs[0]?.[0];
  if (longest === undefined) return groups;
  const at = groups.indexOf(longest);
  return `${groups.slice(0, at).replace(/:$/, '')}::${groups.slice(at + longest.length).replace(/^:/, '')}`;
}
