import type { Socket } from 'node:net';
import { formatDuration } from '../../core/duration.ts';
import type { BeatTimings, Look, MonitorSpec } from '../../core/monitor.ts';
import { certificateFailure, latencyFailure } from '../assert.ts';
import { connect } from './connect.ts';
import { askMysql, askPostgres } from './database.ts';
import { askDns } from './dns.ts';
import { hearGreeting } from './greeting.ts';
import { askGrpc } from './grpc.ts';
import { lookHttp } from './http.ts';
import { askPing } from './icmp.ts';
import { bounded, type Looked, type LookParts, noTimings } from './looked.ts';
import { askWebSocket } from './websocket.ts';

/** What was said over a connection. */
interface Word {
  refusal: string | null;
  code: number | null;
}

/** One look, of whatever kind. Rejects where there was no answer; what the answer lacks is its `failure`. */
export async function takeLook(spec: MonitorSpec, parts: LookParts, signal: AbortSignal): Promise<Looked> {
  const { look, family } = spec;
  switch (look.kind) {
    case 'http':
      return lookHttp(look, family, parts, signal);
    case 'dns':
      return timed(look, parts, async () => ({ refusal: await askDns(look, signal), code: null }));
    case 'icmp':
      return lookPing(look, spec, parts, signal);
    case 'greeting':
      return over(look, spec, parts, signal, async (socket) => {
        const { protocol } = look;
        if (protocol === 'postgres') return expecting(look.text, await askPostgres(socket, signal));
        if (protocol === 'mysql') return expecting(look.text, await askMysql(socket, signal));
        return expecting(look.text, await hearGreeting(protocol, socket, signal));
      });
    case 'websocket': {
      const url = new URL(look.url);
      const tls = url.protocol === 'wss:' ? { ca: look.ca } : null;
      const to = { ...look, host: url.hostname, port: Number(url.port || (tls ? 443 : 80)), tls };
      return over(to, spec, parts, signal, (socket) => askWebSocket(url, socket, signal));
    }
    case 'grpc': {
      const { host, port, service } = look;
      const authority = `${look.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
      const tls = look.tls ? { ca: look.tls.ca, alpn: 'h2' } : null;
      return over({ ...look, tls }, spec, parts, signal, (socket) => askGrpc({ authority, service }, socket, signal));
    }
    case 'tcp':
      return over({ ...look, tls: null, certificateValidForMs: null }, spec, parts, signal, null);
    case 'tls':
      return over({ ...look, tls: { ca: look.ca, alpn: null } }, spec, parts, signal, null);
  }
}

interface Place {
  host: string;
  port: number;
  tls: { ca: readonly string[]; alpn?: string | null } | null;
  latencyBelowMs: number | null;
  certificateValidForMs: number | null;
}

/** Connects, shakes hands where TLS is wanted, and has the word that the protocol begins with. */
async function over(
  to: Place,
  { family }: MonitorSpec,
  parts: LookParts,
  signal: AbortSignal,
  talk: ((socket: Socket) => Promise<Word>) | null,
): Promise<Looked> {
  const { clock } = parts;
  const started = clock();
  const resolved = await bounded(parts.resolve(to.host, family), signal);
  const made = await connect({ ...to, addresses: resolved.addresses }, signal, clock);
  try {
    const asked = clock();
    const word = talk ? await talk(made.socket) : { refusal: null, code: null };
    const ended = clock();
    const timings: BeatTimings = {
      ...noTimings(),
      resolve: resolved.ms,
      connect: made.connectMs,
      tls: made.tlsMs,
      firstByte: talk ? ended - asked : null,
    };
    const latencyMs = ended - started;
    const failure =
      word.refusal ??
      latencyFailure(to.latencyBelowMs, latencyMs) ??
      certificateFailure(to.certificateValidForMs, made.certificateNotAfter, parts.now());
    return { failure, latencyMs, timings, code: word.code };
  } finally {
    if (made.socket.writable) made.socket.destroySoon();
    else made.socket.destroy();
  }
}

/** Words that the server has to say in its greeting. */
function expecting(wanted: readonly string[], said: { text: string } & Word): Word {
  const missing = wanted.find((text) => !said.text.includes(text));
  if (said.refusal !== null || missing === undefined) return said;
  return { ...said, refusal: `the greeting does not contain "${missing}": "${said.text}"` };
}

async function timed(
  { latencyBelowMs }: { latencyBelowMs: number | null },
  { clock }: LookParts,
  ask: () => Promise<Word>,
): Promise<Looked> {
  const started = clock();
  const word = await ask();
  const latencyMs = clock() - started;
  const failure = word.refusal ?? latencyFailure(latencyBelowMs, latencyMs);
  return { failure, latencyMs, timings: { ...noTimings(), firstByte: latencyMs }, code: word.code };
}

async function lookPing(
  look: Extract<Look, { kind: 'icmp' }>,
  { family, timeoutMs }: MonitorSpec,
  parts: LookParts,
  signal: AbortSignal,
): Promise<Looked> {
  const resolved = await bounded(parts.resolve(look.host, family), signal);
  const [address] = resolved.addresses;
  if (address === undefined) throw new Error('the name has no address');
  const latencyMs = await askPing(address, timeoutMs, signal);
  if (latencyMs === null) throw new Error(`no reply to an echo request within ${formatDuration(timeoutMs)}`);
  const timings = { ...noTimings(), resolve: resolved.ms, firstByte: latencyMs };
  return { failure: latencyFailure(look.latencyBelowMs, latencyMs), latencyMs, timings, code: null };
}
