import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { reasonOf } from '../core/error.ts';
import type { SelfVerdict } from './breaker.ts';

/** An address of ours that says by accepting a connection that we can reach anything at all. */
export interface OwnAddress {
  host: string;
  port: number;
}

/** A neighbour that is gone is told by the kernel after three seconds. */
const TIMEOUT_MS = 4_000;
/** Any answer of a gateway will do, also "closed"; port 9 (discard) disturbs nobody. */
const GATEWAY_PORT = 9;
const NO_WAY = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EADDRNOTAVAIL']);

/**
 * Whether our own connectivity works: by the configured addresses, of which one has to accept a connection, or by the
 * default gateway of this machine. Nothing else is asked; no public address ever is.
 */
export async function selfCheck(own: readonly OwnAddress[]): Promise<SelfVerdict> {
  if (own.length > 0) {
    const answers = await Promise.all(own.map((one) => attempt(one.host, one.port)));
    if (answers.includes(null)) return { kind: 'fine' };
    const tried = own.map(({ host, port }, index) => `${host}:${port} (${answers[index]?.message})`).join(', ');
    return { kind: 'broken', reason: `none of ${tried} accepts a connection`, loopbackToo: true };
  }
  const outward = Object.values(networkInterfaces()).some((list) => list?.some((address) => !address.internal));
  if (!outward) return { kind: 'broken', reason: 'no network interface has an address', loopbackToo: false };
  const gateway = await defaultGateway();
  if (gateway === null) return { kind: 'unsure', reason: 'there is no default gateway to ask' };
  const answer = await attempt(gateway, GATEWAY_PORT);
  if (answer === null || answer.code === 'ECONNREFUSED' || answer.code === 'ECONNRESET') return { kind: 'fine' };
  if (NO_WAY.has(answer.code)) {
    return { kind: 'broken', reason: `the gateway ${gateway} is not there (${answer.code})`, loopbackToo: false };
  }
  if (await isNeighbour(gateway)) return { kind: 'fine' };
  return { kind: 'unsure', reason: `the gateway ${gateway} says nothing` };
}

function attempt(host: string, port: number): Promise<{ code: string; message: string } | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: { code: string; message: string } | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ code: 'ETIMEDOUT', message: 'no answer' }), TIMEOUT_MS);
    socket.once('connect', () => end(null));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end({ code: error.code ?? '', message: error.code ?? reasonOf(error) });
    });
  });
}

/** The IPv4 default gateway as the kernel has it; `null` where there is none or no such file. */
async function defaultGateway(): Promise<string | null> {
  const lines = (await text('/proc/net/route')).split('\n').slice(1);
  for (const line of lines) {
    const [, destination, gateway = '', flags = '0'] = line.split('\t');
    const usable = (Number.parseInt(flags, 16) & 3) === 3; // up, by a gateway
    if (destination !== '00000000' || !usable || !/^[0-9A-F]{8}$/.test(gateway)) continue;
    return (gateway.match(/../g) ?? [])
      .reverse()
      .map((part) => Number.parseInt(part, 16))
      .join('.');
  }
  return null;
}

/** Whether the kernel has its hardware address: then it is there, whatever it does with connections. */
async function isNeighbour(address: string): Promise<boolean> {
  const line = (await text('/proc/net/arp')).split('\n').find((one) => one.startsWith(`${address} `));
  return line !== undefined && (Number.parseInt(line.split(/\s+/)[2] ?? '0', 16) & 2) === 2;
}

const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
