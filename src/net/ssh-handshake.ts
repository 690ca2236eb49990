import type { Socket } from 'node:net';
import { type Config, NodeSSH } from 'node-ssh';
import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import type { FactMap } from '../core/facts/index.ts';
import type { HostKeyVerdict } from '../core/facts/login.ts';
import type { Credentials } from './ssh-credentials.ts';
import type { Expectation } from './ssh-known-hosts.ts';
import { openSocket } from './ssh-socket.ts';
import { helloReader, type ServerHello } from './sshwire.ts';

/** What a server showed until the handshake or the log-in ended. Filled as it goes, so that a failure keeps what was seen. */
export interface Seen {
  hello: ServerHello | null;
  /** Why the bytes were no SSH, where they were not. */
  problem: string | null;
  hostKey: HostKeyVerdict | null;
  agreed: FactMap['login']['agreed'];
  /** What the server said may be used to log in; empty where it was not asked. */
  authMethods: string[];
}

export interface HandshakeOptions {
  host: string;
  port: number;
  signal: AbortSignal;
  /** For the connection, and again for handshake and log-in, ms. */
  timeoutMs: number;
  expectation: Expectation;
  /** Types of host key to ask for; all that the client knows where empty, the expected ones first. */
  hostKeyTypes?: readonly string[];
  /** Whether key exchanges that are no longer safe may be used too: to look at a host key, never to log in. */
  obsolete?: boolean;
  /** Without it the handshake ends at the host key, before anybody is named. */
  login?: { user: string; credentials: Credentials };
  /** Asks, in this name and without showing anything, which ways of logging in there are; any host key will do for that. */
  askMethodsAs?: string;
  /** Told the server's greeting as soon as it is there, long before the handshake ends. */
  onHello?: (hello: ServerHello) => void;
}

/** Host keys that the client can verify, in its order of preference. */
export const HOST_KEY_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
];

const OBSOLETE_KEX: KexAlgorithm[] = [
  'diffie-hellman-group-exchange-sha1',
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group1-sha1',
];

/** Only for looking, so that an old server can be asked what it offers. */
const OBSOLETE_CIPHERS: CipherAlgorithm[] = ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'];
const OBSOLETE_MACS: MacAlgorithm[] = ['hmac-sha1-96', 'hmac-md5', 'hmac-md5-96'];

/** RFC 8332: an ssh-rsa key signs under three names. */
function algorithmsOf(type: string): ServerHostKeyAlgorithm[] {
  return (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type]) as ServerHostKeyAlgorithm[];
}

/**
 * One connection: the key exchange, and the log-in where one is given and the host key is the expected one.
 * Returns the client when it is logged in; `failure` says how it ended otherwise. Never rejects but for the signal.
 */
export async function handshake(
  options: HandshakeOptions,
  seen: Seen,
): Promise<{ client: NodeSSH | null; socket: Socket | null; failure: unknown }> {
  const { signal, expectation, login } = options;
  let socket: Socket;
  try {
    socket = await openSocket(options, signal, options.timeoutMs);
  } catch (failure) {
    return { client: null, socket: null, failure };
  }
  const reader = helloReader();
  const tap = (chunk: Buffer) => {
    if (reader.push(chunk) === 'more') return;
    socket.off('data', tap);
    seen.hello = reader.hello;
    seen.problem = reader.problem;
    if (reader.hello) options.onHello?.(reader.hello);
  };
  socket.on('data', tap);
  const aborted = () => socket.destroy();
  signal.addEventListener('abort', aborted, { once: true });

  const known = expectation.types.filter((type) => HOST_KEY_TYPES.includes(type));
  const wanted = options.hostKeyTypes ?? [...known, ...HOST_KEY_TYPES.filter((type) => !known.includes(type))];
  const client = new NodeSSH();
  const config: Config = {
    sock: socket,
    username: login?.user ?? options.askMethodsAs ?? 'nobody',
    ident: 'Seaworthy',
    readyTimeout: options.timeoutMs,
    keepaliveInterval: 10_000,
    keepaliveCountMax: 3,
    algorithms: {
      serverHostKey: wanted.flatMap(algorithmsOf),
      ...(options.obsolete && !login
        ? {
            kex: { append: OBSOLETE_KEX, prepend: [], remove: [] },
            cipher: { append: OBSOLETE_CIPHERS, prepend: [], remove: [] },
            hmac: { append: OBSOLETE_MACS, prepend: [], remove: [] },
          }
        : {}),
    },
    hostVerifier: (key: Buffer) => {
      seen.hostKey = expectation.judge(key);
      return options.askMethodsAs !== undefined || (login !== undefined && seen.hostKey.status === 'match');
    },
    authHandler:
      options.askMethodsAs === undefined ? authHandler(login, seen) : methodsHandler(options.askMethodsAs, seen),
  };
  try {
    const ready = client.connect(config);
    client.connection?.on('handshake', (negotiated) => {
      const mac = negotiated.cs.mac || 'implicit';
      seen.agreed = { kex: negotiated.kex, cipher: negotiated.cs.cipher, mac };
    });
    await ready;
    // node-ssh stops listening once it is ready; a connection that breaks later must not end the process.
    client.connection?.on('error', () => {});
    return { client, socket, failure: null };
  } catch (failure) {
    client.connection?.on('error', () => {});
    client.dispose();
    socket.destroy();
    return { client: null, socket: null, failure: signal.aborted ? signal.reason : failure };
  } finally {
    signal.removeEventListener('abort', aborted);
    seen.problem ??= seen.hello ? null : reader.problem;
  }
}

/** Asks with `none` for what is allowed, as every OpenSSH client does, and then shows the one key or agent there is. */
function authHandler(login: HandshakeOptions['login'], seen: Seen): NonNullable<Config['authHandler']> {
  let step = 0;
  // Returning false ends the log-in; returning undefined means that `next` was called.
  return (methodsLeft, _partial, next): false | undefined => {
    step += 1;
    if (!login || step > 2) return false;
    const { user: username, credentials } = login;
    if (step === 1) {
      next({ type: 'none', username });
      return undefined;
    }
    seen.authMethods = (methodsLeft ?? []).map(String).slice(0, 20);
    if ('key' in credentials) next({ type: 'publickey', username, key: credentials.key });
    else next({ type: 'agent', username, agent: credentials.agent });
    return undefined;
  };
}

/** One request of the method `none` (RFC 4252, section 5.2), whose refusal lists what there is. */
function methodsHandler(username: string, seen: Seen): NonNullable<Config['authHandler']> {
  let asked = false;
  return (methodsLeft, _partial, next): false | undefined => {
    if (asked) {
      seen.authMethods = (methodsLeft ?? []).map(String).slice(0, 20);
      return false;
    }
    asked = true;
    next({ type: 'none', username });
    return undefined;
  };
}

export function nothingSeen(): Seen {
  return { hello: null, problem: null, hostKey: null, agreed: null, authMethods: [] };
}
