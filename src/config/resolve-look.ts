import { DNS_RECORD_TYPES, GREETING_PROTOCOLS, type Look } from '../core/monitor.ts';
import type { EndpointProtocol, EndpointTarget } from '../core/target.ts';
import type { MonitorInput } from './schema/monitor.ts';

type Expectation = keyof MonitorInput['expect'];

/** What each protocol can be asked for; latency always. */
const EXPECTATIONS: Partial<Record<EndpointProtocol, readonly Expectation[]>> = {
  http: ['status', 'body'],
  https: ['status', 'body', 'certificate'],
  tls: ['certificate'],
  wss: ['certificate'],
  grpcs: ['certificate'],
  dns: ['records', 'dnssec'],
  ssh: ['body'],
  smtp: ['body'],
  imap: ['body'],
  pop3: ['body'],
  ftp: ['body'],
  mysql: ['body'],
};

/** Ports on which TLS comes before the greeting (RFC 8314). */
const IMPLICIT_TLS: Partial<Record<EndpointProtocol, number>> = { smtp: 465, imap: 993, pop3: 995, ftp: 990 };

/** How an endpoint is looked at. A string says what does not fit. */
export function resolveLook(target: EndpointTarget, input: MonitorInput): Look | string {
  const { protocol, host, port, url } = target;
  const { status, latency, body, certificate, records, dnssec } = input.expect;
  const overTls = IMPLICIT_TLS[protocol] === port;
  const allowed: readonly Expectation[] = [
    'latency',
    ...(EXPECTATIONS[protocol] ?? []),
    ...(overTls ? ['certificate' as const] : []),
  ];
  for (const [key, value] of Object.entries(input.expect)) {
    if (value === undefined || allowed.some((one) => one === key)) continue;
    return `expect.${key} is nothing that ${url} can be asked for; it takes ${allowed.join(', ')}`;
  }
  const web = protocol === 'http' || protocol === 'https';
  if (!web && input.method === 'HEAD') return 'method is for http and https';
  if (!web && input.redirects > 0) return 'redirects are for http and https';
  if (protocol === 'dns' && input.ip !== 'any') return 'ip does not choose a resolver; write server=';
  const ca = target.ca ?? [];
  const met = { latencyBelowMs: latency?.below ?? null, certificateValidForMs: certificate?.validFor ?? null };
  if (web) {
    const expect = { ...met, status: status?.flat() ?? [], body: body ?? [] };
    if (input.method === 'HEAD' && expect.body.length > 0) return 'HEAD has no body to look at; use GET';
    return { kind: 'http', url, method: input.method, expect, ca, redirects: input.redirects };
  }
  if (protocol === 'tls') return { kind: 'tls', host, port, ca, ...met };
  if (protocol === 'ws' || protocol === 'wss') return { kind: 'websocket', url, ca, ...met };
  if (protocol === 'grpc' || protocol === 'grpcs') {
    const service = decodeURIComponent(/^grpcs?:\/\/[^/]+\/?(.*)$/.exec(url)?.[1] ?? '');
    if (service.length > 100) return 'the name of a gRPC service is at most 100 characters long';
    return { kind: 'grpc', host, port, tls: protocol === 'grpcs' ? { ca } : null, service, ...met };
  }
  if (protocol === 'icmp') return { kind: 'icmp', host, latencyBelowMs: met.latencyBelowMs };
  if (protocol === 'dns') {
    const query = new URLSearchParams(url.slice(url.indexOf('?')));
    const type = DNS_RECORD_TYPES.find((one) => one === query.get('type')) ?? 'A';
    const { latencyBelowMs } = met;
    const wanted = { records: records ?? [], dnssec: dnssec ?? false, latencyBelowMs };
    return { kind: 'dns', name: host, type, server: query.get('server'), ...wanted };
  }
  const greets = GREETING_PROTOCOLS.find((one) => one === protocol);
  if (!greets) return { kind: 'tcp', host, port, latencyBelowMs: met.latencyBelowMs };
  const text = (body ?? []).map((one) => (one.kind === 'contains' ? one.text : null));
  if (!text.every((one) => one !== null)) return 'a greeting is no JSON; use contains';
  return { kind: 'greeting', protocol: greets, host, port, tls: overTls ? { ca } : null, text, ...met };
}
