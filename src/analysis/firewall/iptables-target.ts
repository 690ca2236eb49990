import { parseIp } from '../ip-range.ts';
import type { Action, Packet, Rule } from './model.ts';

/** Targets after which the next rule is asked. */
const PASSING = new Set([
  'LOG',
  'NFLOG',
  'ULOG',
  'TRACE',
  'AUDIT',
  'TCPMSS',
  'CHECKSUM',
  'CLASSIFY',
  'DSCP',
  'TOS',
  'TTL',
  'HL',
  'SECMARK',
  'CONNSECMARK',
  'RATEEST',
  'SET',
  'TEE',
  'LED',
  'IDLETIMER',
]);

type Target = Pick<Rule, 'action' | 'change'>;

/** A built-in target with its options. Unknown targets decide in a way that we do not know. */
export function readTarget(name: string, options: readonly string[], family: 4 | 6): Target {
  const option = (key: string) => {
    const at = options.indexOf(key);
    return at === -1 ? undefined : options[at + 1];
  };
  switch (name) {
    case 'ACCEPT':
    case 'DROP':
    case 'REJECT':
    case 'RETURN':
      return { action: { kind: name.toLowerCase() as 'accept' | 'drop' | 'reject' | 'return' } };
    case 'MASQUERADE':
    case 'SNAT':
      return { action: { kind: 'accept' } };
    case 'DNAT':
      return { action: destination(option('--to-destination') ?? '', family) };
    case 'REDIRECT':
      return { action: redirect(option('--to-ports')) };
    case 'NOTRACK':
      return { action: { kind: 'continue' }, change: (packet) => ({ ...packet, tracked: false }) };
    case 'CT':
      return options.includes('--notrack')
        ? { action: { kind: 'continue' }, change: (packet) => ({ ...packet, tracked: false }) }
        : { action: { kind: 'continue' } };
    case 'MARK':
    case 'CONNMARK':
      return mark(name, options);
    default:
      return PASSING.has(name) || name === '' ? { action: { kind: 'continue' } } : { action: { kind: 'unknown' } };
  }
}

/** `10.0.0.1`, `10.0.0.1:80`, `[fd00::1]:80`, `:80`; a range of either is not understood. */
function destination(value: string, family: 4 | 6): Action {
  const match =
    family === 4 ? /^([\d.]*)(?::(\d+))?$/.exec(value) : /^\[?([0-9a-f:.]*?)\]?(?:(?<=\]):(\d+))?$/i.exec(value);
  if (!match) return { kind: 'unknown' };
  const port = match[2] ? Number(match[2]) : null;
  if (!match[1]) return { kind: 'dnat', address: null, port };
  const ip = parseIp(match[1]);
  return ip ? { kind: 'dnat', address: ip.value, port } : { kind: 'unknown' };
}

function redirect(ports: string | undefined): Action {
  if (ports === undefined) return { kind: 'dnat', address: null, port: null };
  return /^\d+$/.test(ports) ? { kind: 'dnat', address: null, port: Number(ports) } : { kind: 'unknown' };
}

function mark(name: 'MARK' | 'CONNMARK', options: readonly string[]): Target {
  const action = { kind: 'continue' } as const;
  const at = options.findIndex((one) => /^--set-x?mark$/.test(one));
  if (at >= 0) {
    const [value = 0, mask = 0xffffffff] = (options[at + 1] ?? '').split('/').map(Number);
    const set = (old: number) => ((old & ~mask) ^ value) >>> 0;
    return {
      action,
      change: (packet: Packet) =>
        name === 'MARK'
          ? { ...packet, mark: set(packet.mark) }
          : { ...packet, connectionMark: set(packet.connectionMark) },
    };
  }
  if (options.includes('--restore-mark'))
    return { action, change: (packet) => ({ ...packet, mark: packet.connectionMark }) };
  if (options.includes('--save-mark'))
    return { action, change: (packet) => ({ ...packet, connectionMark: packet.mark }) };
  // `--and-mark` and `--or-mark` are saved as --set-xmark; anything else is new to us.
  return { action: { kind: 'unknown' } };
}
