import type { Socket } from 'node:net';
import type { GreetingProtocol } from '../../core/monitor.ts';
import { readUntil } from './read-until.ts';

const GREETING_MAX = 16_384;
/** Longest part of a server's own words in a reason. */
const SAID_MAX = 120;

/** What a server said. `refusal` is its reason not to serve; `code` where its protocol has one. */
export interface Said {
  text: string;
  refusal: string | null;
  code: number | null;
}

/** Those whose greeting is a line of text. */
type LineProtocol = Exclude<GreetingProtocol, 'postgres' | 'mysql'>;

/** What the protocol calls a welcome, and what a refusal; `undefined` while the line is not the answer yet. */
type Judge = (line: string) => Said | undefined;

/** A reply of SMTP or FTP (RFC 5321 4.2, RFC 959 4.2): `220-` goes on, `220 ` ends. */
const threeDigits =
  (name: string): Judge =>
  (line) => {
    const match = /^(\d{3})([ -]|$)/.exec(line);
    if (!match) return { text: line, refusal: `does not speak ${name}: "${line}"`, code: null };
    if (match[2] === '-') return undefined;
    const code = Number(match[1]);
    return { text: line, refusal: code === 220 ? null : `answers "${line}"`, code };
  };

const startsWith =
  (name: string, good: RegExp, bad: RegExp): Judge =>
  (line) => {
    const refusal = good.test(line) ? null : bad.test(line) ? `answers "${line}"` : `does not speak ${name}: "${line}"`;
    return { text: line, refusal, code: null };
  };

const JUDGES: Readonly<Record<LineProtocol, Judge>> = {
  // RFC 4253 4.2: other lines may come before the version.
  ssh: (line) => {
    if (!line.startsWith('SSH-')) return undefined;
    const known = /^SSH-(?:2\.0|1\.99)-/.test(line);
    return { text: line, refusal: known ? null : `speaks another version: "${line}"`, code: null };
  },
  smtp: threeDigits('SMTP'),
  ftp: threeDigits('FTP'),
  // RFC 9051 7.1: PREAUTH is a welcome as well, BYE is none.
  imap: startsWith('IMAP', /^\* (?:OK|PREAUTH)\b/i, /^\* BYE\b/i),
  pop3: startsWith('POP3', /^\+OK\b/, /^-ERR\b/),
  // One that wants a password or another right is there and well; one that is loading or busy is not.
  redis: startsWith('Redis', /^(?:\+PONG$|-(?:NOAUTH|NOPERM|DENIED)\b)/, /^-/),
};

/** Reads what the server says first (Redis: after a PING) and leaves without logging in. */
export async function hearGreeting(protocol: LineProtocol, socket: Socket, signal: AbortSignal): Promise<Said> {
  if (protocol === 'redis') socket.write('PING\r\n');
  const judge = JUDGES[protocol];
  const said = await readUntil(socket, GREETING_MAX, (seen) => firstJudged(seen, judge), signal);
  if (protocol === 'smtp' || protocol === 'ftp' || protocol === 'redis') socket.write('QUIT\r\n');
  return said;
}

function firstJudged(seen: Buffer, judge: Judge): Said | undefined {
  const lines = seen.toString('latin1').split('\n');
  for (const line of lines.slice(0, -1)) {
    const said = judge(printable(line));
    if (said) return said;
  }
  // What is no text at all must not be waited for until it happens to break a line.
  if (seen.length > 1_024 && lines.length === 1) throw new Error('what it says is no line of text');
  return undefined;
}

/** A server's words may be put into a reason: one line, no control characters, not long. */
export function printable(line: string): string {
  return line
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, SAID_MAX);
}
