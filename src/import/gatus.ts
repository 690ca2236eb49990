import { z } from 'zod';
import { canWatch, withoutLogin } from './endpoint.ts';
import { type Imported, idMaker, nothingYet, seconds } from './imported.ts';

const endpointSchema = z.looseObject({
  name: z.string(),
  group: z.string().nullish(),
  enabled: z.boolean().nullish(),
  url: z.string().nullish(),
  method: z.string().nullish(),
  interval: z.string().nullish(),
  body: z.unknown().optional(),
  graphql: z.unknown().optional(),
  headers: z.unknown().optional(),
  ssh: z.unknown().optional(),
  dns: z.looseObject({ 'query-name': z.string(), 'query-type': z.string().nullish() }).nullish(),
  conditions: z.array(z.string()).nullish(),
  client: z.looseObject({ insecure: z.boolean().nullish(), timeout: z.string().nullish() }).nullish(),
  alerts: z
    .array(
      z.looseObject({
        type: z.string(),
        'failure-threshold': z.number().nullish(),
        'success-threshold': z.number().nullish(),
      }),
    )
    .nullish(),
});
type Endpoint = z.infer<typeof endpointSchema>;

const fileSchema = z.looseObject({
  endpoints: z.array(endpointSchema).nullish(),
  'external-endpoints': z
    .array(z.looseObject({ name: z.string(), heartbeat: z.looseObject({ interval: z.string() }).nullish() }))
    .nullish(),
  alerting: z.record(z.string(), z.unknown()).nullish(),
  maintenance: z
    .looseObject({
      start: z.string(),
      duration: z.string(),
      timezone: z.string().nullish(),
      every: z.array(z.string()).nullish(),
    })
    .nullish(),
});

/** A configuration of Gatus. Throws an Error that says what is not as it should be. */
export function fromGatus(yaml: unknown): Imported {
  const file = fileSchema.parse(yaml);
  const out = nothingYet();
  const idOf = idMaker();
  for (const one of file.endpoints ?? []) {
    const full = one.group ? `${one.group} ${one.name}` : one.name;
    const lost = (what: string): void => void out.notes.push(`endpoint "${full}": ${what}`);
    if (one.enabled === false) {
      lost('switched off there, so left out');
      continue;
    }
    const target = targetOf(one, lost);
    if (target) out.targets.push({ id: idOf(full), name: full, ...target });
  }
  for (const one of file['external-endpoints'] ?? []) {
    const note = `external endpoint "${one.name}": `;
    if (!one.heartbeat) out.notes.push(`${note}without a heartbeat there is nothing to watch`);
    else {
      out.targets.push({
        id: idOf(one.name),
        name: one.name,
        heartbeat: { every: durationOf(one.heartbeat.interval) ?? '1h' },
      });
      out.notes.push(`${note}the job has to call our ping address from now on: /ping/ and the id`);
    }
  }
  for (const kind of Object.keys(file.alerting ?? {})) {
    out.notes.push(`alerting "${kind}": write it under alerting.channels; its settings are secrets and are not copied`);
  }
  maintenance(file.maintenance, out);
  return out;
}

function maintenance(given: z.infer<typeof fileSchema>['maintenance'], out: Imported): void {
  if (!given) return;
  const [hour, minute] = given.start.split(':').map(Number);
  const duration = durationOf(given.duration);
  if (hour === undefined || minute === undefined || duration === undefined) {
    out.notes.push('maintenance: its times cannot be read');
    return;
  }
  const days = given.every?.length ? given.every.map((day) => day.slice(0, 3).toUpperCase()).join(',') : '*';
  const cron = `${minute} ${hour} * * ${days}`;
  out.alerting.maintenance = [{ match: {}, cron, duration, ...(given.timezone ? { timeZone: given.timezone } : {}) }];
}

function targetOf(one: Endpoint, lost: (what: string) => void): Record<string, unknown> | undefined {
  const { url, had } = withoutLogin(one.url ?? '');
  if (had) lost('user and password in the address are not carried over');
  const scheme = /^([a-z]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';
  const where = whereOf(one, scheme, url);
  if (where === undefined) {
    lost(`"${scheme || url}" is not carried over`);
    return undefined;
  }
  if (one.headers || one.body || one.graphql || one.ssh)
    lost('headers, body and log-in of the request are not carried over');
  if (one.client?.insecure) lost('certificates are always verified here');
  const method = (one.method ?? 'GET').toUpperCase();
  if (!['GET', 'HEAD'].includes(method)) lost(`method ${method} becomes GET`);
  const [alert] = one.alerts ?? [];
  const timeout = durationOf(one.client?.timeout ?? undefined);
  const http = scheme === 'http' || scheme === 'https';
  const expect = expectOf(one.conditions ?? [], http, lost);
  return {
    endpoint: where,
    monitor: {
      every: durationOf(one.interval ?? undefined) ?? '60s',
      ...(timeout === undefined ? {} : { timeout }),
      ...(method === 'HEAD' ? { method } : {}),
      downAfter: alert?.['failure-threshold'] ?? 3,
      upAfter: alert?.['success-threshold'] ?? 2,
      ...(Object.keys(expect).length > 0 ? { expect } : {}),
    },
  };
}

function whereOf(one: Endpoint, scheme: string, url: string): string | undefined {
  if (one.dns) {
    if (!canWatch('dns')) return undefined;
    const server = url.replace(/^[a-z]+:\/\//i, '');
    return `dns://${one.dns['query-name'].replace(/\.$/, '')}?type=${one.dns['query-type'] ?? 'A'}&server=${encodeURIComponent(server)}`;
  }
  if (scheme === 'http' || scheme === 'https') return url;
  if (scheme === 'tcp') return url.replace(/^tcp:\/\//i, '');
  if (scheme === 'tls' || scheme === 'starttls') return scheme === 'tls' ? url : undefined;
  return canWatch(scheme) ? url : undefined;
}

/** Go's durations are ours but for combined ones: `1h30m`. */
export function durationOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/.test(text)) return undefined;
  const sizes: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)];
  return seconds(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (sizes[unit ?? ''] ?? 0), 0));
}

interface Expect {
  status?: (number | string)[];
  latency?: { below: string };
  body?: Record<string, unknown>[];
  certificate?: { validFor: string };
}

function expectOf(conditions: readonly string[], http: boolean, lost: (what: string) => void): Expect {
  const expect: Expect = {};
  const body: Record<string, unknown>[] = [];
  for (const condition of conditions) {
    const [, left = '', operator = '', right = ''] = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/.exec(condition.trim()) ?? [];
    const path = /^\[BODY\]((?:\.[A-Za-z_][\w-]*|\[\d+\])+)$/.exec(left)?.[1];
    const pattern = /^pat\(\*([^*?]+)\*\)$/.exec(right)?.[1];
    const any = /^any\(([\d,\s]+)\)$/.exec(right)?.[1];
    if (left === '[STATUS]' && http && operator === '==' && /^\d{3}$/.test(right)) expect.status = [Number(right)];
    else if (left === '[STATUS]' && http && operator === '==' && any !== undefined)
      expect.status = any.split(',').map(Number);
    else if (left === '[STATUS]' && http && operator === '<' && right === '300') expect.status = ['2xx'];
    else if (left === '[STATUS]' && http && operator === '<' && right === '400') expect.status = ['2xx', '3xx'];
    else if (left === '[RESPONSE_TIME]' && operator.startsWith('<') && /^\d+$/.test(right))
      expect.latency = { below: `${right}ms` };
    else if (left === '[CERTIFICATE_EXPIRATION]' && operator.startsWith('>') && durationOf(right)) {
      expect.certificate = { validFor: durationOf(right) ?? '0s' };
    } else if (left === '[CONNECTED]' && operator === '==' && right === 'true') continue;
    else if (left === '[BODY]' && operator === '==' && pattern !== undefined) body.push({ contains: pattern });
    else if (path !== undefined && operator === '==' && !/^(?:pat|any|has|len|age)\(/.test(right)) {
      body.push({ jsonPath: `$${path}`, equals: literalOf(right) });
    } else lost(`condition "${condition}" is not carried over`);
  }
  if (http && expect.status === undefined && conditions.length > 0)
    lost('no condition on the status: 200-299 is wanted here');
  if (body.length > 0) expect.body = body;
  return expect;
}

function literalOf(text: string): string | number | boolean | null {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text.replace(/^"(.*)"$/, '$1');
}
