import { setMaxListeners } from 'node:events';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { TlsFacts } from '../core/facts/tls.ts';
import type { EndpointProtocol, EndpointTarget } from '../core/target.ts';
import { placesOf } from '../net/addresses.ts';
import { TcpProblem, toAbsent } from '../net/tcp.ts';
import { scanAddress } from '../net/tls/scan.ts';
import { isStartTls, startTls } from '../net/tls/starttls.ts';
import { type ProbeContext, probeOf } from './probe.ts';

/** Ports on which TLS comes first whatever the protocol (RFC 8314, IANA). */
const IMPLICIT_PORTS = new Set([465, 636, 990, 993, 995, 5223]);
/** For one connection from start to end of its handshake. */
const HANDSHAKE_MS = 5_000;
/** Connections per address: twice what a server with every suite ever made needs. */
const CONNECTIONS = 400;
/** Ends before the probe's own deadline, so that what has been learnt by then is kept. */
const SCAN_MS = 45_000;

/** Protocols that never carry TLS. */
const PLAIN: Partial<Record<EndpointProtocol, string>> = {
  http: 'is a plain HTTP endpoint',
  ssh: 'speaks SSH, which does not use TLS',
  tcp: 'speaks no TLS',
  redis: 'speaks no TLS',
  ws: 'is a plain WebSocket endpoint',
  grpc: 'is a plain gRPC endpoint',
  dns: 'is a record of the DNS',
  icmp: 'is asked by echo requests only',
};

/** Every address of the endpoint, both families, at the same time; one that gives nothing says why, beside the others. */
export const tlsProbe = probeOf({
  key: 'tls',
  on: ['endpoint'],
  timeoutMs: 60_000,
  look: lookAtTls,
});

async function lookAtTls(target: EndpointTarget, context: ProbeContext): Promise<TlsFacts> {
  const plain = PLAIN[target.protocol];
  if (plain) throw new AbsentError('not-applicable', `${target.url} ${plain}`);
  const places = await placesOf({ ...target, host: target.host.replace(/^\[|\]$/g, '') }).catch((thrown: unknown) => {
    throw thrown instanceof TcpProblem ? toAbsent(thrown) : new AbsentError('unreachable', reasonOf(thrown), thrown);
  });
  const serverName = target.host.replace(/^\[|\]$/g, '');
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(SCAN_MS)]);
  setMaxListeners(0, signal); // one per connection, and every address is asked at once
  const start = isStartTls(target.protocol) && !IMPLICIT_PORTS.has(target.port) ? target.protocol : null;
  const looked = await Promise.all(
    places.map(({ address, port }) =>
      scanAddress({
        address,
        port,
        serverName,
        signal,
        timeoutMs: HANDSHAKE_MS,
        budget: CONNECTIONS,
        ...(start
          ? { prelude: (socket) => startTls(socket, start, serverName, { signal, timeoutMs: HANDSHAKE_MS }) }
          : {}),
        onConnection: () => context.count('connections'),
        ...(target.ca ? { ca: target.ca } : {}),
      }),
    ),
  );
  for (const { absence } of looked) if (absence) context.log(absence.reason);
  const [first] = looked;
  // Nothing at all: the whole fact is absent, so that no check judges an empty list.
  if (first?.absence && looked.every((one) => one.absence))
    throw new AbsentError(first.absence.kind, first.absence.reason);
  return { serverName, startTls: start, addresses: looked };
}
