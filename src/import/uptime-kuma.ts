import { z } from 'zod';
import { canWatch, hostPort, statuses, withoutLogin } from './endpoint.ts';
import { type Imported, idMaker, nothingYet, seconds } from './imported.ts';

const flag = z
  .union([z.boolean(), z.number()])
  .nullish()
  .transform((given) => given === true || given === 1);
const text = z.string().nullish();
const number = z.coerce.number().nullish().catch(null);

/** A row of the table `monitor`, or an entry of `monitorList` in a backup; the database writes lists as JSON text. */
const monitorSchema = z.looseObject({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  active: z.union([z.boolean(), z.number()]).nullish(),
  url: text,
  method: text,
  hostname: text,
  port: number,
  interval: number,
  timeout: number,
  maxretries: number,
  keyword: text,
  invert_keyword: flag,
  invertKeyword: flag,
  json_path: text,
  jsonPath: text,
  expected_value: text,
  expectedValue: text,
  upside_down: flag,
  upsideDown: flag,
  ignore_tls: flag,
  ignoreTls: flag,
  headers: text,
  body: text,
  auth_method: text,
  authMethod: text,
  dns_resolve_type: text,
  dns_resolve_server: text,
  accepted_statuscodes: z.array(z.string()).nullish(),
  accepted_statuscodes_json: text,
});
type Monitor = z.infer<typeof monitorSchema>;

const backupSchema = z.looseObject({
  monitorList: z.array(monitorSchema),
  notificationList: z.array(z.looseObject({ name: z.string() })).nullish(),
});

/** A backup as Uptime Kuma 1 exports it. Throws an Error that says what is not as it should be. */
export function fromKumaBackup(json: unknown): Imported {
  const read = backupSchema.parse(json);
  return fromKumaMonitors(
    read.monitorList,
    (read.notificationList ?? []).map(({ name }) => name),
  );
}

/** Rows of its database. */
export function fromKumaRows(monitors: readonly unknown[], notifications: readonly string[]): Imported {
  return fromKumaMonitors(z.array(monitorSchema).parse(monitors), notifications);
}

function fromKumaMonitors(monitors: readonly Monitor[], notifications: readonly string[]): Imported {
  const out = nothingYet();
  const idOf = idMaker();
  for (const monitor of monitors) {
    if (monitor.type === 'group') {
      out.notes.push(`monitor "${monitor.name}": a group; what belongs together is a service here`);
      continue;
    }
    if (monitor.active === false || monitor.active === 0) {
      out.notes.push(`monitor "${monitor.name}": paused there, so left out`);
      continue;
    }
    const target = targetOf(monitor, out.notes);
    if (target) out.targets.push({ id: idOf(monitor.name), name: monitor.name, ...target });
  }
  for (const name of notifications) {
    out.notes.push(
      `notification "${name}": write it under alerting.channels; its settings are secrets and are not copied`,
    );
  }
  return out;
}

function targetOf(one: Monitor, notes: string[]): Record<string, unknown> | undefined {
  const lost = (what: string): void => void notes.push(`monitor "${one.name}": ${what}`);
  const monitor = {
    every: seconds(Math.max(1, one.interval ?? 60)),
    downAfter: (one.maxretries ?? 0) + 1,
    upAfter: 1,
    ...timeoutOf(one),
  };
  if (one.upsideDown || one.upside_down) {
    lost('upside-down mode is not carried over; the monitor is left out');
    return undefined;
  }
  switch (one.type) {
    case 'http':
    case 'keyword':
    case 'json-query':
      return httpTarget(one, monitor, lost);
    case 'port':
      return one.hostname && one.port
        ? { endpoint: hostPort(one.hostname, one.port), monitor }
        : void lost('has no host and port');
    case 'push':
      lost('the job has to call our ping address from now on: /ping/ and the id below');
      return {
        heartbeat: {
          every: seconds(Math.max(10, one.interval ?? 60)),
          grace: seconds((one.maxretries ?? 0) * (one.interval ?? 60)),
        },
      };
    case 'ping':
      if (canWatch('icmp') && one.hostname) return { endpoint: `icmp://${one.hostname}`, monitor };
      break;
    case 'dns':
      if (canWatch('dns') && one.hostname) {
        const server = one.dns_resolve_server
          ? `&server=${encodeURIComponent(one.dns_resolve_server.split(',')[0] ?? '')}`
          : '';
        return { endpoint: `dns://${one.hostname}?type=${one.dns_resolve_type ?? 'A'}${server}`, monitor };
      }
      break;
  }
  lost(`its kind "${one.type}" is not carried over`);
  return undefined;
}

function timeoutOf({ timeout, interval }: Monitor): { timeout?: string } {
  if (!timeout || timeout <= 0) return {};
  return { timeout: seconds(Math.min(timeout, Math.max(1, interval ?? 60), 300)) };
}

function httpTarget(one: Monitor, monitor: Record<string, unknown>, lost: (what: string) => void) {
  const { url, had } = withoutLogin(one.url ?? '');
  if (!/^https?:\/\//i.test(url)) return void lost('its address is not http or https');
  if (had) lost('user and password in the address are not carried over');
  if (one.headers || one.body) lost('headers and body of the request are not carried over');
  if (one.authMethod ?? one.auth_method) lost(`its log-in (${one.authMethod ?? one.auth_method}) is not carried over`);
  if (one.ignoreTls || one.ignore_tls) lost('certificates are always verified here');
  const method = (one.method ?? 'GET').toUpperCase();
  if (method !== 'GET' && method !== 'HEAD') lost(`method ${method} becomes GET`);
  const accepted = one.accepted_statuscodes ?? parsed(one.accepted_statuscodes_json) ?? ['200-299'];
  const status = statuses(accepted);
  if (!status) lost(`statuses ${accepted.join(', ')} become 200-299`);
  const body: Record<string, unknown>[] = [];
  if (one.type === 'keyword' && one.keyword) {
    if (one.invertKeyword || one.invert_keyword) lost('a keyword that must be absent is not carried over');
    else body.push({ contains: one.keyword });
  }
  if (one.type === 'json-query') {
    const path = one.jsonPath ?? one.json_path ?? '';
    const wanted = one.expectedValue ?? one.expected_value;
    if (/^\$?(?:\.?[A-Za-z_][\w-]*|\[\d+\])+$/.test(path) && wanted != null) {
      body.push({ jsonPath: path.startsWith('$') ? path : `$.${path}`, equals: wanted });
    } else lost(`its JSON query "${path}" is not carried over`);
  }
  const expect = { ...(status ? { status } : {}), ...(body.length > 0 ? { body } : {}) };
  return { endpoint: url, monitor: { ...monitor, ...(method === 'HEAD' ? { method } : {}), expect } };
}

function parsed(json: string | null | undefined): string[] | undefined {
  try {
    return z.array(z.string()).safeParse(JSON.parse(json ?? '')).data;
  } catch {
    return undefined;
  }
}
