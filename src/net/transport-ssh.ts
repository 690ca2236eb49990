import { type Absence, AbsentError } from '../core/collected.ts';
import type { FactMap } from '../core/facts/index.ts';
import type { SshLogin } from '../core/target.ts';
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

/** Logs in to a host. Throws `LoginError` where that did not work. */
export async function connectSsh(_login: SshLogin, _options: { signal: AbortSignal }): Promise<Transport> {
  throw new LoginError({ kind: 'unreachable', reason: 'not there yet' }, { login: null, sshd: null });
}
