import { type Absence, AbsentError } from '../core/collected.ts';
import type { FactMap } from '../core/facts/index.ts';
import type { SshLogin } from '../core/target.ts';
import type { Seen } from './ssh-handshake.ts';
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

/** What a handshake showed, as facts; `refused` says why no log-in came of it. */
export function factsOf(login: SshLogin, seen: Seen, refused: string | null): Pick<Transport, 'login' | 'sshd'> {
  const { hostKey, hello } = seen;
  const keys = hostKey ? [{ type: hostKey.type, bits: hostKey.bits, fingerprint: hostKey.fingerprint }] : [];
  return {
    login: hostKey ? { user: login.user, address: login.host, hostKey, refused, agreed: seen.agreed } : null,
    sshd: hello ? { ...hello, authMethods: seen.authMethods, hostKeys: keys } : null,
  };
}
