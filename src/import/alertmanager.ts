import { z } from 'zod';
import { durationOf } from './gatus.ts';
import { type Imported, idMaker, nothingYet, secretFor } from './imported.ts';
import { readMatcher, valuesOf } from './matchers.ts';

const words = z.record(z.string(), z.string());
interface Route {
  receiver?: string | null | undefined;
  group_by?: string[] | null | undefined;
  group_wait?: string | null | undefined;
  group_interval?: string | null | undefined;
  repeat_interval?: string | null | undefined;
  match?: Record<string, string> | null | undefined;
  match_re?: Record<string, string> | null | undefined;
  matchers?: string[] | null | undefined;
  continue?: boolean | null | undefined;
  mute_time_intervals?: string[] | null | undefined;
  active_time_intervals?: string[] | null | undefined;
  routes?: Route[] | null | undefined;
}
const routeSchema: z.ZodType<Route> = z.lazy(() =>
  z.looseObject({
    receiver: z.string().nullish(),
    group_by: z.array(z.string()).nullish(),
    group_wait: z.string().nullish(),
    group_interval: z.string().nullish(),
    repeat_interval: z.string().nullish(),
    match: words.nullish(),
    match_re: words.nullish(),
    matchers: z.array(z.string()).nullish(),
    continue: z.boolean().nullish(),
    mute_time_intervals: z.array(z.string()).nullish(),
    active_time_intervals: z.array(z.string()).nullish(),
    routes: z.array(routeSchema).nullish(),
  }),
);
const ruleSchema = z.looseObject({
  source_match: words.nullish(),
  source_match_re: words.nullish(),
  source_matchers: z.array(z.string()).nullish(),
  target_match: words.nullish(),
  target_match_re: words.nullish(),
  target_matchers: z.array(z.string()).nullish(),
  equal: z.array(z.string()).nullish(),
});
const fileSchema = z.looseObject({
  route: routeSchema.nullish(),
  receivers: z.array(z.looseObject({ name: z.string() })).nullish(),
  inhibit_rules: z.array(ruleSchema).nullish(),
  global: z.looseObject({ smtp_smarthost: z.string().nullish(), smtp_from: z.string().nullish() }).nullish(),
});

/** Routes nested deeper than this are no configuration that a person wrote. */
const DEPTH_MAX = 20;

/** A configuration of Alertmanager: receivers become channels, the tree of routes a list, inhibitions stay. */
export function fromAlertmanager(yaml: unknown): Imported {
  const file = fileSchema.parse(yaml);
  const out = nothingYet();
  const toldBy = receiversOf(file, out);
  out.alerting.routes = file.route ? flatten(file.route, { match: {}, keep: {} }, toldBy, out, 0) : [];
  out.alerting.inhibit = (file.inhibit_rules ?? []).flatMap((rule, index) => {
    const when = matcherOf({
      match: rule.source_match,
      match_re: rule.source_match_re,
      matchers: rule.source_matchers,
    });
    const mute = matcherOf({
      match: rule.target_match,
      match_re: rule.target_match_re,
      matchers: rule.target_matchers,
    });
    if (when && mute) return [{ when, mute, equal: rule.equal ?? [] }];
    out.notes.push(`inhibit rule ${index + 1}: its matchers are more than words and beginnings; it is left out`);
    return [];
  });
  return out;
}

interface Inherited {
  match: Record<string, string[]>;
  keep: Pick<Route, 'receiver' | 'group_by' | 'group_wait' | 'group_interval' | 'repeat_interval'>;
}

/** Children first, then the route itself for the rest: the order in which the tree is asked. */
function flatten(
  route: Route,
  from: Inherited,
  toldBy: ToldBy,
  out: Imported,
  depth: number,
): Record<string, unknown>[] {
  const { receiver, group_by, group_wait, group_interval, repeat_interval } = route;
  const keep: Inherited['keep'] = { ...from.keep };
  Object.assign(
    keep,
    Object.fromEntries(
      Object.entries({ receiver, group_by, group_wait, group_interval, repeat_interval }).filter(
        ([, one]) => one != null,
      ),
    ),
  );
  const own = matcherOf(route);
  const name = `route to "${keep.receiver}"`;
  const clash = own && Object.keys(own).find((label) => label in from.match);
  if (!own || clash !== undefined || depth > DEPTH_MAX) {
    out.notes.push(
      `${name}: its matchers are more than words and beginnings; it and all below it is left out, so the route above it takes that`,
    );
    return [];
  }
  if (route.mute_time_intervals?.length || route.active_time_intervals?.length) {
    out.notes.push(`${name}: its time intervals are not carried over; see maintenance, and restrict of schedules`);
  }
  if (route.continue && depth > 0) {
    out.notes.push(`${name}: continues; what no later route takes also reaches the route above it here`);
  }
  const match = { ...from.match, ...own };
  const below = (route.routes ?? []).flatMap((child) => flatten(child, { match, keep }, toldBy, out, depth + 1));
  const told = toldBy.get(keep.receiver ?? '');
  if (!told) {
    out.notes.push(`${name}: nobody is told by it`);
    return below;
  }
  const wait = (key: string, text: string | null | undefined) => {
    const duration = durationOf(text ?? undefined);
    return duration === undefined ? {} : { [key]: duration };
  };
  const groupBy = keep.group_by?.includes('...') ? undefined : keep.group_by;
  const self = {
    ...(Object.keys(match).length > 0 ? { match } : {}),
    ...told,
    groupBy: groupBy ?? [],
    ...wait('groupWait', keep.group_wait),
    ...wait('groupInterval', keep.group_interval),
    ...wait('repeat', keep.repeat_interval),
    ...(route.continue ? { continue: true } : {}),
  };
  return [...below, self];
}

type ToldBy = ReadonlyMap<string, { channel: string } | { escalation: string }>;

/** Receivers as channels; one with several ways to tell becomes an escalation with one step. */
function receiversOf(file: z.infer<typeof fileSchema>, out: Imported): ToldBy {
  const channels: Record<string, Record<string, unknown>> = {};
  const escalations: Record<string, unknown> = {};
  const idOf = idMaker();
  const toldBy = new Map<string, { channel: string } | { escalation: string }>();
  for (const receiver of file.receivers ?? []) {
    const made: string[] = [];
    for (const [key, configs] of Object.entries(receiver)) {
      if (!key.endsWith('_configs') || !Array.isArray(configs)) continue;
      for (const config of configs) {
        const id = idOf(`${receiver.name}-${key.replace('_configs', '')}`);
        const channel = channelOf(key, config, id, file.global ?? {}, out.notes);
        if (channel) {
          channels[id] = channel;
          made.push(id);
        } else out.notes.push(`receiver "${receiver.name}": ${key} is not carried over`);
      }
    }
    const [only, ...more] = made;
    if (only === undefined) continue;
    if (more.length === 0) toldBy.set(receiver.name, { channel: only });
    else {
      const id = idOf(receiver.name);
      escalations[id] = { steps: [{ notify: made.map((one) => `channel:${one}`) }] };
      toldBy.set(receiver.name, { escalation: id });
    }
  }
  out.alerting.channels = channels;
  if (Object.keys(escalations).length > 0) out.alerting.escalations = escalations;
  return toldBy;
}

const loose = z.looseObject({
  url: z.string().nullish(),
  channel: z.string().nullish(),
  chat_id: z.number().nullish(),
  to: z.string().nullish(),
});

function channelOf(
  key: string,
  given: unknown,
  id: string,
  global: { smtp_smarthost?: string | null | undefined; smtp_from?: string | null | undefined },
  notes: string[],
): Record<string, unknown> | undefined {
  const config = loose.safeParse(given).data;
  const secret = (what: string) => secretFor(`${id} ${what}`, notes);
  switch (key) {
    case 'webhook_configs':
      return { webhook: { url: secret('url') } };
    case 'slack_configs':
      return { slack: { webhook: secret('webhook') } };
    case 'pagerduty_configs':
      return { pagerduty: { routingKey: secret('routing key') } };
    case 'opsgenie_configs':
      return { opsgenie: { apiKey: secret('api key') } };
    case 'discord_configs':
      return { discord: { url: secret('webhook') } };
    case 'msteams_configs':
    case 'msteamsv2_configs':
      return { teams: { url: secret('webhook') } };
    case 'pushover_configs':
      return { pushover: { token: secret('token'), user: secret('user') } };
    case 'telegram_configs':
      return config?.chat_id == null ? undefined : { telegram: { token: secret('token'), chat: config.chat_id } };
    case 'email_configs': {
      const server = global.smtp_smarthost;
      if (!config?.to || !server || !global.smtp_from) return undefined;
      notes.push(`channel "${id}": user and password of the mail server are not carried over`);
      return {
        email: { smtp: `smtp://${server}`, from: global.smtp_from, to: config.to.split(',').map((one) => one.trim()) },
      };
    }
    default:
      return undefined;
  }
}

/** `undefined` where one of the matchers says more than ours can. */
function matcherOf({
  match,
  match_re,
  matchers,
}: Pick<Route, 'match' | 'match_re' | 'matchers'>): Record<string, string[]> | undefined {
  const found: Record<string, string[]> = {};
  for (const [label, value] of Object.entries(match ?? {})) found[label] = [value];
  for (const [label, expression] of Object.entries(match_re ?? {})) {
    const values = valuesOf(expression);
    if (!values) return undefined;
    found[label] = values;
  }
  for (const text of (matchers ?? []).flatMap((one) =>
    one.replace(/^\{|\}$/g, '').split(/,(?=\s*"?[A-Za-z_][\w.]*"?\s*[=!])/),
  )) {
    const read = readMatcher(text);
    if (!read || read.label in found) return undefined;
    found[read.label] = read.values;
  }
  return found;
}
