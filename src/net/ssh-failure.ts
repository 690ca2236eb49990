import { type Absence, AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { Seen } from './ssh-handshake.ts';
import { where } from './ssh-socket.ts';

interface Attempted {
  host: string;
  port: number;
  user: string;
  /** The key file or agent that was shown. */
  source: string;
}

/** Why a log-in did not happen, in words that say what to do. */
export function loginFailure(to: Attempted, seen: Seen, failure: unknown): Absence {
  if (failure instanceof AbsentError) return failure.absence;
  const place = where(to);
  if (seen.hostKey && seen.hostKey.status !== 'match') return hostKeyProblem(place, seen.hostKey);
  if (seen.problem !== null)
    return { kind: 'unreachable', reason: `what answers at ${place} is not SSH: ${seen.problem}` };
  const text = reasonOf(failure);
  const level = failure instanceof Error && 'level' in failure ? failure.level : undefined;
  if (/no matching/i.test(text)) return tooOld(place, text, seen);
  if (level === 'client-authentication') {
    const methods = seen.authMethods.length > 0 ? `; it accepts ${seen.authMethods.join(', ')}` : '';
    return { kind: 'denied', reason: `${place} refused the log-in as "${to.user}" with ${to.source}${methods}` };
  }
  if (level === 'agent') return { kind: 'denied', reason: `the SSH agent does not answer: ${text}` };
  if (level === 'client-timeout') {
    return { kind: 'timeout', reason: `${place} is open but did not finish the SSH handshake in time` };
  }
  if (/lost before handshake|closed|ECONNRESET|No response from server/i.test(text)) {
    return {
      kind: 'unreachable',
      reason: `${place} closed the connection during the handshake: too many connections (MaxStartups), a penalty or a ban`,
    };
  }
  return { kind: 'unreachable', reason: `no SSH log-in at ${place}: ${text}` };
}

function hostKeyProblem(place: string, key: NonNullable<Seen['hostKey']>): Absence {
  const shown = `${place} shows the ${key.type} key ${key.fingerprint}`;
  if (key.status === 'revoked') {
    return { kind: 'denied', reason: `${shown}, which ${key.source} marks as revoked; no log-in was tried` };
  }
  if (key.status === 'changed') {
    const expected = key.expected.join(' or ');
    return {
      kind: 'denied',
      reason: `host key changed: ${shown}, expected is ${expected} (${key.source}); no log-in was tried`,
    };
  }
  const authority =
    key.source === null ? '' : `; ${key.source} is of no use, because this client cannot verify host certificates`;
  return {
    kind: 'denied',
    reason: `host key unknown: ${shown}${authority}; no log-in was tried. Compare it on the host with "ssh-keygen -lf" on its key file, then set hostKey or add it to known_hosts`,
  };
}

function tooOld(place: string, text: string, seen: Seen): Absence {
  const what = /no matching ([^:]*)/i.exec(text)?.[1]?.trim() ?? 'algorithm';
  const offered = /key exchange/i.test(what)
    ? seen.hello?.kex
    : /host key/i.test(what)
      ? seen.hello?.hostKeyAlgorithms
      : /cipher/i.test(what)
        ? seen.hello?.ciphers
        : seen.hello?.macs;
  const list = offered ? `; it offers ${offered.slice(0, 8).join(', ')}` : '';
  return {
    kind: 'missing-tool',
    reason: `client too old: this client and ${place} have no ${what} in common${list}. That says nothing about the host; "ssh.transport: openssh" logs in with the program ssh instead`,
  };
}
