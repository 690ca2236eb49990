import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { toTcpProblem } from './tcp.ts';

/** More addresses than this of one name are not looked at one by one. */
export const MAX_ADDRESSES = 16;

/** Finds the addresses of a name, both families; rejects where there are none. Tests hand in their own. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** As the system resolves names: hosts file first, then its resolvers. */
export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map((entry) => entry.address);

/** One address of an endpoint and the port that it is asked on there. */
export interface Place {
  address: string;
  port: number;
}

/** Reads an entry of a list of addresses: `host`, `host:port`, `[v6]:port`; `null` for the endpoint's own port. */
export function parsePlace(text: string): { host: string; port: number | null } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match && port >= 1 && port <= 65_535) return { host: match[1] ?? match[2] ?? '', port };
  return { host: text.replace(/^\[|\]$/g, ''), port: null };
}

/**
 * Where an endpoint is looked at: each address of its host, or of what was declared instead (addresses or names, each
 * with a port of its own where it has one). At most 16; throws `TcpProblem` where a name leads nowhere.
 */
export async function placesOf(
  endpoint: { host: string; port: number; addresses?: readonly string[] },
  resolve: Resolve = systemResolve,
): Promise<Place[]> {
  const entries = endpoint.addresses?.length ? endpoint.addresses : [endpoint.host];
  const found = await Promise.all(
    entries.map(async (entry) => {
      const { host, port } = parsePlace(entry);
      const addresses = isIP(host) ? [host] : await resolved(host, resolve);
      return addresses.map((address): Place => ({ address, port: port ?? endpoint.port }));
    }),
  );
  const places = new Map(found.flat().map((place) => [`${place.address} ${place.port}`, place]));
  return [...places.values()].slice(0, MAX_ADDRESSES);
}

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (thrown) {
    throw toTcpProblem(host, thrown);
  }
}

/** All addresses of a host, both families, as the system resolves them; throws `TcpProblem` where there are none. */
export async function addressesOf(host: string, declared?: readonly string[]): Promise<string[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  const places = await placesOf({ host: bare, port: 0, ...(declared ? { addresses: declared } : {}) });
  return [...new Set(places.map((place) => place.address))];
}
