import type { Collected } from '../core/collected.ts';
import { AbsentError } from '../core/collected.ts';
import type { HostKeyVerdict } from '../core/facts/login.ts';
import type { EndpointTarget } from '../core/target.ts';
import { readExpectation } from '../net/ssh-credentials.ts';
import { expectKnown } from '../net/ssh-known-hosts.ts';
import { scanSsh } from '../net/ssh-scan.ts';
import type { Gathered, Probe, ProbeContext } from './probe.ts';

const CONNECT_MS = 10_000;
/** Worst first: what one key says of an endpoint that shows several. */
const ORDER: readonly HostKeyVerdict['status'][] = ['match', 'revoked', 'changed', 'unknown'];

/** An SSH server from outside: greeting, host keys, groups, ways of logging in. Nobody logs in. */
export const sshdProbe: Probe<'sshd' | 'login', 'endpoint'> = {
  name: 'sshd',
  keys: ['sshd', 'login'],
  on: ['endpoint'],
  timeoutMs: 45_000,
  collect: collectSshd,
};

async function collectSshd(
  target: EndpointTarget,
  context: ProbeContext,
  wanted: ReadonlySet<'sshd' | 'login'>,
): Promise<Gathered<'sshd' | 'login'>> {
  if (target.protocol !== 'ssh')
    throw new AbsentError('not-applicable', `this endpoint speaks ${target.protocol}, not SSH`);
  const started = context.now();
  // Without an expectation of its own an endpoint expects nothing: the auditor's known_hosts is not the owner's.
  const expectation =
    target.knownHosts === undefined && target.hostKey === undefined
      ? expectKnown([], target.host, target.port)
      : await readExpectation(target);
  const at = { host: target.addresses?.[0] ?? target.host, port: target.port };
  // The request for the ways of logging in is a line of its own in the log where AllowUsers refuses its name.
  context.count('failures');
  const { sshd, verdicts } = await scanSsh({
    ...at,
    signal: context.signal,
    timeoutMs: CONNECT_MS,
    expectation,
    onConnection: () => {
      context.count('connections');
      context.count('failures');
    },
    log: context.log,
  });
  const ended = context.now();
  const found = <T>(value: T): Collected<T> => ({ ok: true, value, at: ended, ms: ended - started });
  const verdict = ORDER.map((status) => verdicts.find((one) => one.status === status)).find((one) => one !== undefined);
  return {
    ...(wanted.has('sshd') ? { sshd: found(sshd) } : {}),
    ...(wanted.has('login')
      ? {
          login: verdict
            ? found({ user: '', address: at.host, hostKey: verdict, refused: 'no log-in was asked for', agreed: null })
            : {
                ok: false,
                absence: { kind: 'missing-tool', reason: 'the server proved no host key that this client can check' },
                at: ended,
                ms: ended - started,
              },
        }
      : {}),
  };
}
