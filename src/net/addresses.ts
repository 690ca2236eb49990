import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { toTcpProblem } from './tcp.ts';

/** More addresses than this of one name are not looked at one by one. */
const MAX_ADDRESSES = 16;

/** All addresses of a host, both families, as the system resolves them; throws `TcpProblem` where there are none. */
export async function addressesOf(host: string, declared?: readonly string[]): Promise<string[]> {
  if (declared?.length) return [...new Set(declared)].slice(0, MAX_ADDRESSES);
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return [bare];
  try {
    const found = await lookup(bare, { all: true });
    return [...new Set(found.map((entry) => entry.address))].slice(0, MAX_ADDRESSES);
  } catch (thrown) {
    throw toTcpProblem(bare, thrown);
  }
}
