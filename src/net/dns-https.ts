import type { Answer, RecordType } from 'dns-packet';

/** HTTPS (RFC 9460) by its number: the packet library knows neither name nor format, and its types no numbers. */
export const HTTPS_RECORD = String('UNKNOWN_65') as RecordType;

/** What a service binding says: its parameters by number. */
export interface ServiceBinding {
  /** 0 = an alias. */
  priority: number;
  target: string;
  alpn: string[];
  /** Carries an ECHConfigList (RFC 9848). */
  ech: boolean;
}

const ALPN = 1;
const ECH = 5;
const MAX_PARAMETERS = 64;

/** Reads the bytes of HTTPS records (RFC 9460 2.2); one that is broken is left out, as clients do (2.5.2). */
export function serviceBindings(records: readonly Answer[]): ServiceBinding[] {
  return records.flatMap((record) => {
    if (!('data' in record) || !Buffer.isBuffer(record.data)) return [];
    const binding = readBinding(record.data);
    return binding ? [binding] : [];
  });
}

function readBinding(bytes: Buffer): ServiceBinding | null {
  if (bytes.length < 3) return null;
  const labels: string[] = [];
  let at = 2;
  for (;;) {
    const length = bytes[at];
    // RFC 9460 2.2: the name is not compressed, so that a length is below 64.
    if (length === undefined || length > 63 || labels.length > 127) return null;
    at += 1;
    if (length === 0) break;
    labels.push(printable(bytes.subarray(at, at + length)));
    at += length;
  }
  const binding: ServiceBinding = { priority: bytes.readUInt16BE(0), target: labels.join('.'), alpn: [], ech: false };
  for (let count = 0; at + 4 <= bytes.length && count < MAX_PARAMETERS; count += 1) {
    const [key, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    const value = bytes.subarray(at + 4, at + 4 + length);
    if (value.length < length) return null;
    if (key === ALPN) binding.alpn = readAlpn(value);
    // An ECHConfigList is a vector16 with at least one configuration in it.
    if (key === ECH) binding.ech = length > 4 && value.readUInt16BE(0) === length - 2;
    at += 4 + length;
  }
  return at === bytes.length ? binding : null;
}

function readAlpn(value: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at < value.length && names.length < 16; at += 1 + (value[at] ?? 0))
    names.push(printable(value.subarray(at + 1, at + 1 + (value[at] ?? 0))));
  return names;
}

function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x21-\x7e]/g, '?');
}
