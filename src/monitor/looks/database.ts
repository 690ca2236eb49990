import type { Socket } from 'node:net';
import { printable, type Said } from './greeting.ts';
import { readUntil } from './read-until.ts';

const PACKET_MAX = 65_536;
/** Nobody is meant to have this name; no password is ever sent. */
const USER = 'seaworthy_monitor';

/** SQLSTATEs of a server that runs and cannot take anybody: starting or stopping, no room, broken. */
const POSTGRES_DOWN = /^(?:57P0[1-5]|53...|58...|XX...)$/;

/**
 * Says hello as `pg_isready` does: a server that asks for a password, or refuses this name, takes connections; one that
 * is starting, stopping or full says so (PostgreSQL, message flow 54.2.1).
 */
export async function askPostgres(socket: Socket, signal: AbortSignal): Promise<Said> {
  const body = Buffer.from(`\0\x03\0\0user\0${USER}\0database\0postgres\0application_name\0seaworthy\0\0`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  socket.write(Buffer.concat([length, body]));
  return readUntil(socket, PACKET_MAX, readPostgres, signal);
}

function readPostgres(seen: Buffer): Said | undefined {
  const kind = String.fromCharCode(seen[0] ?? 0);
  if (kind === 'R') return { text: '', refusal: null, code: null };
  if (kind !== 'E') return refused(`does not speak PostgreSQL: "${printable(seen.toString('latin1', 0, 40))}"`);
  if (seen.length < 5 || seen.length < seen.readUInt32BE(1) + 1) return undefined;
  const fields = new Map<string, string>();
  for (const field of seen.toString('utf8', 5, seen.readUInt32BE(1) + 1).split('\0')) {
    if (field.length > 1) fields.set(field.charAt(0), field.slice(1));
  }
  const text = printable(fields.get('M') ?? '');
  const state = fields.get('C') ?? '';
  return { text, refusal: POSTGRES_DOWN.test(state) ? `answers ${state}: ${text}` : null, code: null };
}

/** Errors of a server that runs and refuses a stranger. */
const MYSQL_STRANGER = new Set([1044, 1045, 1130, 1251, 1396, 1524, 1698, 2059]);
const CLIENT_FLAGS = 0x0008_0000 | 0x0000_8000 | 0x0000_0200; // plugin authentication, secure connection, protocol 4.1

/**
 * Reads the greeting and answers it with a name that does not exist and no password. Leaving without an answer would
 * count as a broken handshake, and after `max_connect_errors` of those a server blocks our address.
 */
export async function askMysql(socket: Socket, signal: AbortSignal): Promise<Said> {
  const greeting = await readUntil(socket, PACKET_MAX, readMysql, signal);
  if (greeting.error) return mysqlSaid(greeting.error);
  if (greeting.payload[0] !== 10) return refused('does not speak the MySQL protocol, version 10');
  const end = greeting.payload.indexOf(0, 1);
  const version = printable(greeting.payload.toString('latin1', 1, end < 0 ? 1 : end));
  let sequence = greeting.sequence + 1;
  const head = Buffer.alloc(32);
  head.writeUInt32LE(CLIENT_FLAGS, 0);
  head.writeUInt32LE(PACKET_MAX, 4);
  head[8] = 45; // utf8mb4
  sendMysql(socket, sequence, Buffer.concat([head, Buffer.from(`${USER}\0\0mysql_native_password\0`, 'latin1')]));
  for (let round = 0; round < 3; round += 1) {
    const answer = await readUntil(socket, PACKET_MAX, readMysql, signal);
    if (answer.error) return { ...mysqlSaid(answer.error), text: version };
    if (answer.payload[0] === 0) break; // it lets anybody in; that is not our question
    sequence = answer.sequence + 1;
    sendMysql(socket, sequence, Buffer.alloc(0)); // it wants another proof; there is none
  }
  return { text: version, refusal: null, code: null };
}

interface MysqlPacket {
  sequence: number;
  payload: Buffer;
  error: { code: number; text: string } | null;
}

function readMysql(seen: Buffer): MysqlPacket | undefined {
  if (seen.length < 4) return undefined;
  const length = seen.readUIntLE(0, 3);
  if (length === 0 || length > PACKET_MAX) throw new Error('does not speak the MySQL protocol');
  if (seen.length < 4 + length) return undefined;
  const payload = seen.subarray(4, 4 + length);
  const sequence = seen[3] ?? 0;
  if (payload[0] !== 255 || payload.length < 3) return { sequence, payload, error: null };
  const text = printable(payload.toString('utf8', 3).replace(/^#.{5}/, ''));
  return { sequence, payload, error: { code: payload.readUInt16LE(1), text } };
}

function sendMysql(socket: Socket, sequence: number, payload: Buffer): void {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence & 255;
  socket.write(Buffer.concat([head, payload]));
}

function mysqlSaid({ code, text }: { code: number; text: string }): Said {
  return { text, refusal: MYSQL_STRANGER.has(code) ? null : `answers ${code}: ${text}`, code };
}

function refused(refusal: string): Said {
  return { text: '', refusal, code: null };
}
