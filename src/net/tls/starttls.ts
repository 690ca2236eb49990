import type { Socket } from 'node:net';
import type { EndpointProtocol } from '../../core/target.ts';
import { exchange, TcpProblem } from '../tcp.ts';

/** Protocols that start in the clear and turn to TLS on request. */
export type StartTls = Extract<
  EndpointProtocol,
  'smtp' | 'imap' | 'pop3' | 'ftp' | 'ldap' | 'xmpp' | 'postgres' | 'mysql'
>;

interface Step {
  send?: Uint8Array;
  /** Asks for TLS itself, so that a no to it is the answer and not a hindrance. */
  asks?: true;
  /** `true` = go on, text = the server's no, `undefined` = more is needed. */
  until(received: Buffer): true | string | undefined;
}

const text = (line: string): Buffer => Buffer.from(line, 'latin1');

/** A step of a protocol of lines with three-digit codes (RFC 5321 4.2); a reply ends with "250 " instead of "250-". */
function coded(code: string, send?: string): Step {
  return {
    ...(send === undefined ? {} : { send: text(send) }),
    until(received) {
      const last = /^(\d{3})(?: [^\n]*)?\r?\n$/m.exec(lastLine(received))?.[0];
      if (last === undefined) return undefined;
      return last.startsWith(code) ? true : last.trim();
    },
  };
}

/** A step of a protocol whose answer is one line. */
function line(good: RegExp, send?: string): Step {
  return {
    ...(send === undefined ? {} : { send: text(send) }),
    until(received) {
      const last = lastLine(received);
      if (good.test(last)) return true;
      return /^(?:a1 (?:NO|BAD)|-ERR)/i.test(last) ? last.trim() : undefined;
    },
  };
}

const asking = (step: Step): Step => ({ ...step, asks: true });

/**
 * A no that may be a yes tomorrow: SMTP and FTP 4xx, IMAP UNAVAILABLE, LDAP busy (51) and unavailable (52), a stream or a
 * session that failed as a whole.
 */
const FOR_NOW = /^4\d\d|\[(?:UNAVAILABLE|INUSE|SYS\/TEMP)\]|code 5[12]$|stream error|error packet|^no LDAP/i;

/** ExtendedRequest for StartTLS, 1.3.6.1.4.1.1466.20037 (RFC 4511 4.14); a result code of 0 is a yes. */
const LDAP_REQUEST = Buffer.from(`301d02010177188016${text('1.3.6.1.4.1.1466.20037').toString('hex')}`, 'hex');

const XMPP_STREAM = (name: string) =>
  `<?xml version='1.0'?><stream:stream to='${name}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;

const STEPS: Readonly<Record<StartTls, (name: string) => readonly Step[]>> = {
  smtp: () => [coded('220'), coded('250', 'EHLO seaworthy.invalid\r\n'), asking(coded('220', 'STARTTLS\r\n'))],
  ftp: () => [coded('220'), asking(coded('234', 'AUTH TLS\r\n'))],
  imap: () => [line(/^\* OK/i), asking(line(/^a1 OK/i, 'a1 STARTTLS\r\n'))],
  pop3: () => [line(/^\+OK/), asking(line(/^\+OK/, 'STLS\r\n'))],
  ldap: () => [asking({ send: LDAP_REQUEST, until: ldapAnswer })],
  xmpp: (name) => [
    {
      send: text(XMPP_STREAM(name)),
      until: (received) => (received.includes('</stream:features>') ? true : streamError(received)),
    },
    {
      asks: true,
      send: text("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
      until: (received) => (received.includes('<proceed') ? true : streamError(received)),
    },
  ],
  postgres: () => [
    {
      asks: true,
      send: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]),
      until: ([first]) =>
        first === undefined ? undefined : first === 0x53 ? true : 'the server answered that it has no TLS',
    },
  ],
  mysql: () => [asking({ until: mysqlGreeting })],
};

/** CLIENT_SSL, CLIENT_PROTOCOL_41 and CLIENT_SECURE_CONNECTION, 16 MiB packets, utf8: the short packet that asks for TLS. */
const MYSQL_REQUEST = Buffer.concat([Buffer.from('20000001008a00000000000121', 'hex'), Buffer.alloc(23)]);

/** Speaks the words that come before TLS. Throws `TcpProblem` where the server does not go along. */
export async function startTls(
  socket: Socket,
  protocol: StartTls,
  name: string,
  bounds: { signal: AbortSignal; timeoutMs: number },
): Promise<void> {
  for (const step of STEPS[protocol](name)) {
    const ended = await exchange(socket, { ...step, ...bounds, maxBytes: 16 * 1024 });
    if (ended.end === 'answer' && ended.value === true) continue;
    const said =
      ended.end === 'answer'
        ? `the server said "${clean(String(ended.value))}"`
        : `the conversation ended: ${ended.end}`;
    if (step.asks && ended.end === 'answer' && !FOR_NOW.test(String(ended.value)))
      throw new TcpProblem('declined', `the server offers no TLS in ${protocol}: ${said}`);
    throw new TcpProblem(
      ended.end === 'answer' || ended.end === 'overflow' ? 'closed' : ended.end,
      `no TLS could be started in ${protocol}: ${said}`,
    );
  }
  if (protocol === 'mysql') socket.write(MYSQL_REQUEST);
}

/** Whether an endpoint of this protocol starts in the clear. */
export function isStartTls(protocol: EndpointProtocol): protocol is StartTls {
  return protocol in STEPS;
}

function lastLine(received: Buffer): string {
  const all = received.toString('latin1');
  if (!all.endsWith('\n')) return '';
  return all.slice(all.lastIndexOf('\n', all.length - 2) + 1);
}

/** The result code of an ExtendedResponse: the first ENUMERATED in it. */
function ldapAnswer(received: Buffer): true | string | undefined {
  const at = received.indexOf(Buffer.from([0x0a, 0x01]));
  if (received[0] !== 0x30) return received.length > 0 ? 'no LDAP' : undefined;
  if (at === -1 || received.length < at + 3) return undefined;
  return received[at + 2] === 0 ? true : `result code ${received[at + 2]}`;
}

function streamError(received: Buffer): string | undefined {
  return /<stream:error|<failure|<\/stream:stream>/.test(received.toString('latin1')) ? 'a stream error' : undefined;
}

/** Waits for the greeting (protocol 10) and looks for CLIENT_SSL (0x0800) in its lower capability flags. */
function mysqlGreeting(received: Buffer): true | string | undefined {
  if (received.length < 5) return undefined;
  const length = received.readUIntLE(0, 3);
  if (received[4] === 0xff) return 'an error packet';
  if (received.length < length + 4) return undefined;
  const zero = received.indexOf(0, 5);
  // After the version: connection id (4), half a challenge (8), a filler (1), then the flags.
  const flags = zero === -1 || zero + 16 > received.length ? 0 : received.readUInt16LE(zero + 14);
  return (flags & 0x0800) !== 0 ? true : 'a greeting without TLS';
}

function clean(said: string): string {
  return said.slice(0, 120).replace(/[^\x20-\x7e]/g, '.');
}
