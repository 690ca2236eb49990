import type { EndpointProtocol } from '../core/target.ts';

/** Reads who is speaking from the first bytes of a server that speaks first; `undefined` where they say nothing known. */
export function protocolOfBanner(bytes: Uint8Array): EndpointProtocol | undefined {
  const text = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1');
  if (/^SSH-\d/m.test(text)) return 'ssh'; // RFC 4253 4.2: other lines may come before it
  if (/^HTTP\/\d/.test(text)) return 'http';
  if (/^220[ -]/.test(text)) return /\bftp\b|FileZilla|vsFTPd|ProFTPD|Pure-FTPd/i.test(text) ? 'ftp' : 'smtp';
  if (/^(421|554)[ -]/.test(text)) return 'smtp';
  if (/^\* (OK|PREAUTH|BYE)\b/i.test(text)) return 'imap';
  if (/^(\+OK|-ERR)/.test(text)) return 'pop3';
  if (isMysql(bytes)) return 'mysql';
  return undefined;
}

/** A MySQL greeting: 3 bytes length, sequence 0, protocol 10 and a version text; or an error packet (0xff). */
function isMysql(bytes: Uint8Array): boolean {
  if (bytes.length < 6 || bytes[3] !== 0) return false;
  if (bytes[4] === 0xff) return (bytes[0] ?? 0) > 3 && bytes[1] === 0 && bytes[2] === 0;
  return bytes[4] === 10 && /^\d+\.\d+/.test(Buffer.from(bytes.subarray(5, 12)).toString('latin1'));
}
