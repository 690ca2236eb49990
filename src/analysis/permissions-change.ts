import type { Finding } from '../core/finding.ts';
import { parseDictionary } from './structured-field.ts';

const START = 'camera=(), microphone=(), geolocation=(), payment=(), usb=()';
/** A member as it is written: a name, and a list, a string or a token. */
const MEMBER = /([a-z*][a-z0-9_.*-]*)\s*=\s*(\([^()]*\)|"[^"\\]*"|[^\s,"()]+)/g;

/** The Permissions-Policy that ends the failing findings: what is sent with the open features closed, or a first one. */
export function permissionsValue(lines: readonly string[], findings: readonly Finding[]): string {
  const sent = lines.join(', ');
  if (lines.length === 0 || !parseDictionary(sent)) return START;
  const open = new Set(findings.filter((one) => one.status !== 'pass').map((one) => one.subject));
  const members = [...sent.slice(0, 8_192).matchAll(MEMBER)].map(([, name = '', value = '']) =>
    open.has(name) ? `${name}=()` : `${name}=${value}`,
  );
  const text = members.join(', ');
  return members.length > 0 && parseDictionary(text) ? text : START;
}
