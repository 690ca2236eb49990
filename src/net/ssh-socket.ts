import { connect, type Socket } from 'node:net';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';

/** An open TCP connection for SSH, or an `AbsentError` that says how it failed. Without Nagle: SSH's packets are small. */
export function openSocket(
  to: { host: string; port: number },
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: to.host, port: to.port, noDelay: true, keepAlive: true });
    const timer = setTimeout(
      () =>
        settle(
          new AbsentError('timeout', `${where(to)} did not answer within ${timeoutMs / 1_000} s (dropped or down)`),
        ),
      timeoutMs,
    );
    const aborted = () => settle(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    socket.on('connect', () => settle());
    socket.on('error', (cause) => settle(connectFailure(to, cause)));

    function settle(problem?: unknown): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      if (problem === undefined) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(problem);
    }
  });
}

export function where(to: { host: string; port: number }): string {
  return to.host.includes(':') ? `[${to.host}]:${to.port}` : `${to.host}:${to.port}`;
}

/** A refusal may be a closed port, a rejecting firewall or a ban: from here they look the same, so the message says all three. */
function connectFailure(to: { host: string; port: number }, cause: NodeJS.ErrnoException): AbsentError {
  const place = where(to);
  switch (cause.code) {
    case 'ECONNREFUSED':
      return new AbsentError(
        'unreachable',
        `${place} refuses connections: nothing listens there, or this address is rejected or banned`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AbsentError('unreachable', `the name ${to.host} cannot be resolved`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new AbsentError('unreachable', `there is no way to ${place} from here (${cause.code})`);
    case 'ETIMEDOUT':
      return new AbsentError('timeout', `${place} did not answer (dropped or down)`);
    default:
      return new AbsentError('unreachable', `no connection to ${place}: ${reasonOf(cause)}`, cause);
  }
}
