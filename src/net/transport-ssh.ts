import type { NodeSSH } from 'node-ssh';
import { type Absence, AbsentError } from '../core/collected.ts';
import type { FactMap } from '../core/facts/index.ts';
import type { SshLogin } from '../core/target.ts';
import { runOverChannel } from './ssh-channel.ts';
import { type Credentials, readCredentials, readExpectation } from './ssh-credentials.ts';
import { loginFailure } from './ssh-failure.ts';
import { HOST_KEY_TYPES, handshake, nothingSeen, type Seen } from './ssh-handshake.ts';
import type { Transport } from './transport.ts';

/** A log-in that did not happen, with what its handshake had shown until then. */
export class LoginError extends AbsentError {
  readonly login: FactMap['login'] | null;
  readonly sshd: FactMap['sshd'] | null;

  constructor(absence: Absence, seen: Pick<Transport, 'login' | 'sshd'>, cause?: unknown) {
    super(absence.kind, absence.reason, cause);
    this.name = 'LoginError';
    this.login = seen.login;
    this.sshd = seen.sshd;
  }
}

const HANDSHAKE_MS = 10_000;

/** Logs in to a host, after its key has been verified. Throws `LoginError` where that did not work. */
export async function connectSsh(
  login: SshLogin,
  options: { signal: AbortSignal; timeoutMs?: number; onConnection?: () => void },
): Promise<Transport> {
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
    const { client, failure } = await handshake(
      {
        ...base,
        expectation,
        ...(hostKeyTypes ? { hostKeyTypes } : {}),
        ...(credentials ? { login: { user: login.user, credentials } } : {}),
      },
      seen,
    );
    return { seen, client, failure };
  };
  let result = await attempt();
  // A pin does not say its type: before a key counts as changed, the server is asked for its keys of other types.
  for (const type of login.hostKey === undefined ? [] : otherTypes(result.seen)) {
    if (result.seen.hostKey?.status !== 'changed') break;
    const other = await attempt([type]);
    if (other.seen.hostKey?.status === 'match') result = other;
  }
  const { seen, client, failure } = result;
  if (client) return transportOf(client, login, seen);
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

function transportOf(client: NodeSSH, login: SshLogin, seen: Seen): Transport {
  return {
    ...factsOf(login, seen, null),
    run: (script, options) => runOverChannel(client, script, options),
    close: () => client.dispose(),
  };
}

function factsOf(login: SshLogin, seen: Seen, refused: string | null): Pick<Transport, 'login' | 'sshd'> {
  const { hostKey, hello } = seen;
  const keys = hostKey ? [{ type: hostKey.type, bits: hostKey.bits, fingerprint: hostKey.fingerprint }] : [];
  return {
    login: hostKey ? { user: login.user, address: login.host, hostKey, refused, agreed: seen.agreed } : null,
    sshd: hello ? { ...hello, authMethods: seen.authMethods, hostKeys: keys } : null,
  };
}
