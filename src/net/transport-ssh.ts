import type { Socket } from 'node:net';
import type { NodeSSH } from 'node-ssh';
import { AbsentError } from '../core/collected.ts';
import type { SshLogin } from '../core/target.ts';
import { runOverChannel } from './ssh-channel.ts';
import { type Credentials, readCredentials, readExpectation } from './ssh-credentials.ts';
import { loginFailure } from './ssh-failure.ts';
import { HOST_KEY_TYPES, handshake, nothingSeen, type Seen } from './ssh-handshake.ts';
import { factsOf, LoginError } from './ssh-login-error.ts';
import type { Transport } from './transport.ts';
import { connectOpenSsh } from './transport-openssh.ts';

const HANDSHAKE_MS = 10_000;

/** How long after the end of the work the connection may take to close in order. */
const CLOSE_MS = 1_000;

/** Logs in to a host, after its key has been verified. Throws `LoginError` where that did not work. */
export function connectSsh(login: SshLogin, options: ConnectOptions): Promise<Transport> {
  return login.transport === 'openssh' ? connectOpenSsh(login, options) : connectBuiltin(login, options);
}

export interface ConnectOptions {
  signal: AbortSignal;
  /** For the connection, and again for handshake and log-in, ms. */
  timeoutMs?: number;
  onConnection?: () => void;
}

async function connectBuiltin(login: SshLogin, options: ConnectOptions): Promise<Transport> {
  const expectation = await readExpectation(login);
  let credentials: Credentials | null = null;
  let noCredentials: unknown = null;
  try {
    credentials = await readCredentials(login);
  } catch (thrown) {
    noCredentials = thrown; // the server is looked at all the same: its key and algorithms need no log-in
  }
  const base = {
    host: login.host,
    port: login.port,
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? HANDSHAKE_MS,
  };
  const attempt = async (hostKeyTypes?: readonly string[]) => {
    const seen = nothingSeen();
    options.onConnection?.();
    const { client, socket, failure } = await handshake(
      {
        ...base,
        expectation,
        ...(hostKeyTypes ? { hostKeyTypes } : {}),
        ...(credentials ? { login: { user: login.user, credentials } } : {}),
      },
      seen,
    );
    return { seen, client, socket, failure };
  };
  let result = await attempt();
  // A pin does not say its type: before a key counts as changed, the server is asked for its keys of other types.
  for (const type of login.hostKey === undefined ? [] : otherTypes(result.seen)) {
    if (result.seen.hostKey?.status !== 'changed') break;
    const other = await attempt([type]);
    if (other.seen.hostKey?.status === 'match') result = other;
  }
  const { seen, client, socket, failure } = result;
  if (client) return transportOf(client, socket, login, seen, options.signal);
  const absence =
    noCredentials instanceof AbsentError && seen.hostKey?.status === 'match'
      ? noCredentials.absence
      : loginFailure({ ...login, source: credentials?.source ?? 'no key' }, seen, failure);
  throw new LoginError(absence, factsOf(login, seen, absence.reason), failure);
}

function otherTypes(seen: Seen): string[] {
  const offered = new Set(
    (seen.hello?.hostKeyAlgorithms ?? []).map((name) => (name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name)),
  );
  return HOST_KEY_TYPES.filter((type) => offered.has(type) && type !== seen.hostKey?.type);
}

function transportOf(
  client: NodeSSH,
  socket: Socket | null,
  login: SshLogin,
  seen: Seen,
  signal: AbortSignal,
): Transport {
  // An orderly end needs an answer from the host; a host that gives none does not keep the connection.
  let last: NodeJS.Timeout | undefined;
  const cut = () => {
    last ??= setTimeout(() => socket?.destroy(), CLOSE_MS).unref();
  };
  signal.addEventListener('abort', cut, { once: true });
  socket?.once('close', () => {
    clearTimeout(last);
    signal.removeEventListener('abort', cut);
  });
  return {
    ...factsOf(login, seen, null),
    run: (script, options) => runOverChannel(client, script, options),
    close: () => {
      client.dispose();
      cut();
    },
  };
}
