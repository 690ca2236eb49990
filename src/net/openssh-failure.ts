import type { Absence } from '../core/collected.ts';
import type { OpenSshLog } from './openssh-log.ts';
import { loginFailure } from './ssh-failure.ts';
import { where } from './ssh-socket.ts';

/** Why `ssh` did not get in. What it printed is matched, never passed on whole: it may name keys and files of ours. */
export function openSshFailure(
  to: { host: string; port: number; user: string; source: string; jump?: string[] },
  log: OpenSshLog,
  stderr: string,
): Absence {
  const place = where(to);
  const said = [...log.complaints, ...stderr.split('\n')].join('\n');
  const { hostKey } = log.seen;
  if (hostKey && hostKey.status !== 'match') return loginFailure(to, log.seen, null);
  const lacking = /no matching ([a-z ]+) found/i.exec(said)?.[1];
  if (lacking) {
    return {
      kind: 'missing-tool',
      reason: `client too old: the program ssh and ${place} have no ${lacking.replace(/ (?:method|type)$/, '')} in common; that says nothing about the host`,
    };
  }
  if (/passphrase|incorrect passphrase/i.test(said))
    return {
      kind: 'denied',
      reason: `the private key ${to.source} has a passphrase: add it to an SSH agent and leave ssh.identity out`,
    };
  if (/Permission denied \(/.test(said) || log.seen.authMethods.length > 0) {
    const methods = log.seen.authMethods.length > 0 ? `; it accepts ${log.seen.authMethods.join(', ')}` : '';
    const at = log.seen.hello ? place : `a jump host before ${place}`;
    return { kind: 'denied', reason: `${at} refused the log-in as "${to.user}" with ${to.source}${methods}` };
  }
  if (/Too many authentication failures/i.test(said))
    return { kind: 'denied', reason: `${place} refused: too many keys were shown` };
  if (/Host key verification failed/.test(said))
    return { kind: 'denied', reason: `a host key on the way to ${place} is not the expected one; no log-in was tried` };
  if (/Connection refused|Connection reset|Connection closed|kex_exchange_identification/i.test(said)) {
    const through = to.jump?.length ? ` through ${to.jump.length} jump host${to.jump.length > 1 ? 's' : ''}` : '';
    return {
      kind: 'unreachable',
      reason: `${place} refuses connections${through}: nothing listens there, or this address is rejected or banned`,
    };
  }
  if (/timed out/i.test(said)) return { kind: 'timeout', reason: `${place} did not answer (dropped or down)` };
  if (/Could not resolve hostname/i.test(said))
    return { kind: 'unreachable', reason: `the name ${to.host} cannot be resolved` };
  if (/No route to host|Network is unreachable/i.test(said))
    return { kind: 'unreachable', reason: `there is no way to ${place} from here` };
  return { kind: 'unreachable', reason: `no SSH log-in at ${place}: the program ssh gave no reason that is known` };
}
