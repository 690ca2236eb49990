import { isIP, type LookupFunction } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { type Place, type Resolve, systemResolve } from './addresses.ts';
import { mayFollow, type Scope, scopeOf } from './guard.ts';
import { HttpProblem } from './http-failure.ts';
import { httpContext } from './tls/trust-store.ts';

export interface ConnectorOptions {
  /** The host that the user named; it may be connected to wherever it is. */
  home: string;
  /** Addresses of `home` to use instead of what its name resolves to. */
  addresses?: readonly string[];
  /** Finds addresses of names; the system where not given. */
  resolve?: Resolve;
  /**
   * Looks at one node: every host that has the address is asked there, and each other host stays with the address that
   * answered first. `from` is the home's own port, for which the place may have another.
   */
  pin?: { places: readonly Place[]; from: number };
  /** Extra trust anchors, PEM; they only decide what `certificateErrors` says. */
  ca?: readonly string[];
  connectTimeoutMs: number;
  onConnection(): void;
}

export interface Connector {
  connect: buildConnector.connector;
  /** Addresses of a host that may be connected to; throws `HttpProblem`. Resolved once, so that a name cannot change sides. */
  addressesOf(host: string): Promise<readonly string[]>;
  /** `host:port` -> code of the reason why its certificate is not to be trusted. */
  certificateErrors: ReadonlyMap<string, string>;
  /** host -> the address that its connections went to. */
  reached: ReadonlyMap<string, string>;
}

/** Makes undici's connections: counts them, refuses what the guard refuses, and reads headers in spite of a bad certificate. */
export function makeConnector(options: ConnectorOptions): Connector {
  const resolved = new Map<string, Promise<readonly string[]>>();
  const certificateErrors = new Map<string, string>();
  const reached = new Map<string, string>();
  const { pin, resolve: ask = systemResolve } = options;
  const home = bare(options.home);

  const resolve = (host: string): Promise<readonly string[]> => {
    const known = resolved.get(host);
    if (known) return known;
    const fresh = (async () => {
      if (host === home && options.addresses?.length) return options.addresses;
      if (isIP(host)) return [host];
      return await ask(host);
    })();
    resolved.set(host, fresh);
    return fresh;
  };

  const addressesOf = async (name: string): Promise<readonly string[]> => {
    const host = bare(name);
    const all = await resolve(host);
    if (host === home) return all;
    const from = await homeScope(resolve, home);
    const allowed = all.filter((address) => mayFollow(from, scopeOf(address)));
    if (allowed.length > 0) return allowed;
    const [address = host] = all;
    const where = address === host ? host : `${host} (${address})`;
    throw new HttpProblem(
      'blocked',
      `not followed: a ${from} target points to the ${scopeOf(address)} address ${where}`,
    );
  };

  /** Of a host's addresses the one that this look is about, where it is about one. */
  const pinned = async (host: string): Promise<readonly string[]> => {
    const all = await addressesOf(host);
    const place = pin?.places.find(({ address }) => all.includes(address));
    const one = place?.address ?? (pin && reached.get(host));
    return one === undefined ? all : [one];
  };

  const lookup: LookupFunction = (host, asked, callback) => {
    pinned(host).then(
      (addresses) => {
        const entries = addresses
          .map((address) => ({ address, family: isIP(address) }))
          .filter((entry) => !asked.family || asked.family === entry.family || asked.family === `IPv${entry.family}`);
        const [first] = entries;
        if (!first) callback(Object.assign(new Error(`no address of ${host} fits`), { code: 'ENOTFOUND' }), '');
        else if (asked.all) callback(null, entries);
        else callback(null, first.address, first.family);
      },
      (thrown: unknown) => callback(thrown as NodeJS.ErrnoException, ''),
    );
  };

  const raw = buildConnector({
    lookup,
    timeout: options.connectTimeoutMs,
    maxCachedSessions: 0,
    // Old servers are read too: what they offer is for the TLS checks to judge.
    rejectUnauthorized: false,
    secureContext: httpContext(options.ca),
  });

  const connect: buildConnector.connector = (to, callback) => {
    const host = bare(to.hostname);
    pinned(host).then(
      (addresses) => {
        options.onConnection();
        // A literal address never reaches `lookup`; where addresses are given for it, the first one is used.
        const hostname = isIP(host) ? (addresses[0] ?? host) : host;
        const own = Number(to.port || (to.protocol === 'https:' ? 443 : 80));
        const known = host === home && own === pin?.from ? pin.places : [];
        const place = known.find(({ address }) => address === addresses[0]);
        const port = String(place?.port ?? own);
        raw({ ...to, hostname, port }, (...[error, socket]) => {
          if (error) return callback(error, null);
          if (socket.remoteAddress !== undefined && !reached.has(host)) reached.set(host, socket.remoteAddress);
          const key = `${host}:${to.port || '443'}`;
          const problem = to.protocol === 'https:' ? certificateProblem(socket as TLSSocket) : null;
          if (problem) certificateErrors.set(key, problem);
          callback(null, socket);
        });
      },
      (thrown: unknown) => callback(thrown instanceof Error ? thrown : new Error(String(thrown)), null),
    );
  };

  return { connect, addressesOf, certificateErrors, reached };
}

/** Where the target itself is: the outermost of its addresses, so that a mixed name opens nothing inside. */
async function homeScope(resolve: (host: string) => Promise<readonly string[]>, home: string): Promise<Scope> {
  const scopes = (await resolve(home)).map(scopeOf);
  return (
    scopes.find((scope) => scope === 'public') ?? scopes.find((scope) => scope === 'private') ?? scopes[0] ?? 'public'
  );
}

/** Node types this as an Error; at run time it is the code as text. */
function certificateProblem(socket: TLSSocket): string | null {
  const problem: unknown = socket.authorizationError;
  if (!problem) return null;
  return problem instanceof Error ? ('code' in problem ? String(problem.code) : problem.message) : String(problem);
}

/** Host without the brackets of an IPv6 literal. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase();
}
