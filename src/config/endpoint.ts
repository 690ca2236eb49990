import { isIP, isIPv6 } from 'node:net';
import { DNS_RECORD_TYPES } from '../core/monitor.ts';
import { ENDPOINT_PROTOCOLS, type EndpointProtocol, type EndpointTarget } from '../core/target.ts';

export type Endpoint = Pick<EndpointTarget, 'protocol' | 'url' | 'host' | 'port'>;

const DEFAULT_PORTS: Partial<Record<EndpointProtocol, number>> = {
  http: 80,
  https: 443,
  tls: 443,
  ssh: 22,
  smtp: 25,
  imap: 143,
  pop3: 110,
  ftp: 21,
  ldap: 389,
  xmpp: 5222,
  postgres: 5432,
  mysql: 3306,
  redis: 6379,
  ws: 80,
  wss: 443,
  grpcs: 443,
  dns: 53,
  icmp: 0,
};

/** Reads a URL or `host:port`. A string as answer says what is wrong with the text. */
export function parseEndpoint(text: string): Endpoint | string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return parseHostPort(text);
  const protocol = ENDPOINT_PROTOCOLS.find((known) => known === scheme && known !== 'auto');
  if (!protocol) {
    return `"${scheme}://" is not known; one of ${ENDPOINT_PROTOCOLS.filter((known) => known !== 'auto').join(', ')}, or host:port`;
  }
  // Node parses only http-like schemes strictly, so all are read as http and named again afterwards.
  const url = URL.parse(text.replace(/^[a-z0-9+.-]+/i, protocol === 'https' || protocol === 'wss' ? 'https' : 'http'));
  if (!url?.hostname) return 'is not a URL';
  if (url.username || url.password) return 'must not hold a user or password';
  const port = url.port === '' ? DEFAULT_PORTS[protocol] : Number(url.port);
  const given = explicitPort(text);
  if (port === undefined && given === undefined) return `needs a port, such as ${protocol}://${url.hostname}:1234`;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http' || protocol === 'https') {
    url.hash = '';
    return { protocol, url: url.href, host, port: port ?? 0 };
  }
  if (protocol === 'ws' || protocol === 'wss') {
    return { protocol, url: url.href.replace(/^http/, 'ws').replace(/#.*$/s, ''), host, port: given ?? port ?? 0 };
  }
  if (protocol === 'dns') return dnsEndpoint(url, host, given);
  if (protocol === 'icmp') {
    if (given !== undefined || url.pathname !== '/' || url.search) return 'must be icmp://host without port or path';
    return { protocol, url: `icmp://${url.hostname}`, host, port: 0 };
  }
  if ((protocol === 'grpc' || protocol === 'grpcs') && !url.search) {
    const made = endpointOf(protocol, host, given ?? port ?? 0);
    return url.pathname === '/' ? made : { ...made, url: `${made.url}${url.pathname}` };
  }
  if (url.pathname !== '/' || url.search) return `must be ${protocol}://host:port without a path`;
  return endpointOf(protocol, host, given ?? port ?? 0);
}

/** `dns://name?type=MX&server=10.0.0.53:5353`; type A and the system's resolvers where not given. */
function dnsEndpoint(url: URL, host: string, port: number | undefined): Endpoint | string {
  if (port !== undefined || url.pathname !== '/')
    return 'must be dns://name?type=A&server=address without port or path';
  for (const key of url.searchParams.keys()) {
    if (key !== 'type' && key !== 'server') return `"${key}" is not known; there are type and server`;
  }
  const type = (url.searchParams.get('type') ?? 'A').toUpperCase();
  if (!(DNS_RECORD_TYPES as readonly string[]).includes(type)) {
    return `type "${type}" is not known; one of ${DNS_RECORD_TYPES.join(', ')}`;
  }
  const server = url.searchParams.get('server');
  const address = server?.replace(/^\[(.+)\]:\d{1,5}$/, '$1').replace(/^([\d.]+):\d{1,5}$/, '$1');
  if (address !== undefined && isIP(address) === 0) return `server "${server}" is not an address or address:port`;
  const from = server === null ? '' : `&server=${server}`;
  return { protocol: 'dns', url: `dns://${host}?type=${type}${from}`, host, port: 53 };
}

/** The port as written; `URL` drops it where it is 80 for its own scheme. */
function explicitPort(text: string): number | undefined {
  const port = /^[a-z0-9+.-]+:\/\/[^/?#]*?:(\d{1,5})(?:[/?#]|$)/i.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}

function parseHostPort(text: string): Endpoint | string {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^\s/:@]+)):(\d{1,5})$/i.exec(text);
  if (!match) return 'is neither a URL nor host:port';
  const port = Number(match[3]);
  if (port < 1 || port > 65_535) return `has no port ${port}; ports are 1 to 65535`;
  const host = (match[1] ?? match[2] ?? '').toLowerCase();
  if (match[1] !== undefined && !isIPv6(match[1])) return `[${match[1]}] is not an IPv6 address`;
  if (match[1] === undefined && !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/.test(host))
    return `"${host}" is not a host name`;
  return endpointOf('auto', host, port);
}

function endpointOf(protocol: EndpointProtocol, host: string, port: number): Endpoint {
  return { protocol, host, port, url: `${protocol}://${isIPv6(host) ? `[${host}]` : host}:${port}` };
}

/** Reads `ssh://user@host[:port]`. Without a user the caller's own is used. A string says what is wrong. */
export function parseSshUrl(text: string): { user: string | null; host: string; port: number } | string {
  const url = /^ssh:\/\//i.test(text) ? URL.parse(text.replace(/^ssh/i, 'http')) : null;
  if (!url?.hostname) return 'is not ssh://user@host[:port]';
  if (url.password) return 'must not hold a password';
  if (url.pathname !== '/' && url.pathname !== '') return 'must be ssh://user@host[:port] without a path';
  return {
    user: url.username === '' ? null : decodeURIComponent(url.username),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: explicitPort(text) ?? 22,
  };
}
