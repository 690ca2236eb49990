import { parseIp } from '../ip-range.ts';
import type { Action, Chain, Hook, Mentions, Packet, Rule, Test } from './model.ts';
import { notUnderstood, plain } from './model.ts';
import { readMap, readMatch } from './nft-match.ts';
import { isObject, type Json, NftSets } from './nft-sets.ts';

const FAMILIES: Record<string, readonly (4 | 6)[]> = { ip: [4], ip6: [6], inet: [4, 6], netdev: [4, 6] };
const HOOKS: readonly Hook[] = ['ingress', 'prerouting', 'input', 'forward'];
/** Statements that decide nothing: they count, log, copy or name things. */
const PASSING = new Set([
  'counter',
  'log',
  'comment',
  'last',
  'dup',
  'secmark',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'flow',
  'reset',
]);

/** The chains of `nft -j list ruleset`, but for those tables that `skip` says somebody else has read better. */
export function readNft(
  objects: readonly Json[],
  mentions: Mentions,
  skip: (family: string, table: string) => boolean,
): Chain[] {
  const sets = new NftSets(objects);
  const chains = new Map<string, Chain>();
  for (const { chain } of objects) {
    if (!isObject(chain)) continue;
    const family = String(chain.family);
    const table = String(chain.table);
    if (!(family in FAMILIES) || skip(family, table)) continue;
    const hook = HOOKS.find((one) => one === chain.hook);
    chains.set(idOf(family, table, chain.name), {
      id: idOf(family, table, chain.name),
      name: `${family} ${table}/${chain.name}`,
      families: FAMILIES[family] ?? [],
      base: hook ? { hook, priority: Number(chain.prio ?? 0), nat: chain.type === 'nat' } : null,
      policy: chain.policy === 'drop' ? 'drop' : 'accept',
      rules: [],
    });
  }
  for (const { rule } of objects) {
    if (!isObject(rule)) continue;
    const family = String(rule.family);
    const table = String(rule.table);
    const owner = chains.get(idOf(family, table, rule.chain));
    if (!owner || !Array.isArray(rule.expr)) continue;
    const name = `${owner.name} handle ${rule.handle ?? '?'}${typeof rule.comment === 'string' ? ` "${rule.comment.slice(0, 80)}"` : ''}`;
    owner.rules.push(...readRule(rule.expr as Json[], { sets, mentions, family, table, name }));
  }
  return [...chains.values()];
}

function idOf(family: string, table: string, chain: unknown): string {
  return `nft ${family} ${table} ${String(chain)}`;
}

interface Place {
  sets: NftSets;
  mentions: Mentions;
  family: string;
  table: string;
  name: string;
}

/** One nft rule becomes several where a verdict map gives one action per key. */
function readRule(statements: readonly Json[], place: Place): Rule[] {
  const tests: Test[] = [];
  const changes: ((packet: Packet) => Packet)[] = [];
  const text = `${place.name}: ${brief(statements)}`;
  const change = () =>
    changes.length === 0 ? {} : { change: (packet: Packet) => changes.reduce((p, one) => one(p), packet) };
  for (const statement of statements) {
    const [key = '', value] = Object.entries(statement)[0] ?? [];
    if (PASSING.has(key)) continue;
    const body = isObject(value) ? value : {};
    if (key === 'match') tests.push(readMatch(body, place));
    else if (key === 'limit' || key === 'ct count') tests.push({ kind: body.inv === true ? 'over' : 'limit' });
    else if (key === 'meter' || key === 'set') tests.push(...limitsIn(body.stmt));
    else if (key === 'notrack') changes.push((packet) => ({ ...packet, tracked: false }));
    else if (key === 'mangle') changes.push(readMangle(body) ?? ((packet) => packet));
    else if (key === 'vmap') {
      const entries = readMap(body, place);
      if (!entries) return [{ tests: [...tests], ...change(), action: { kind: 'unknown' }, text }];
      return entries.map(({ test, data }) => ({
        tests: [...tests, test],
        ...change(),
        action: verdictOf(data, place),
        text,
      }));
    } else if (key === 'dnat' || key === 'redirect') {
      const family = translationFamily(body);
      // `dnat ip to` in an inet table leaves IPv6 alone, and the other way round.
      if (family !== null) tests.push(plain((packet) => packet.family === family));
      const address = isObject(body.addr) && isObject(body.addr.map) ? readMap(body.addr.map as Json, place) : null;
      if (address) {
        return address.map(({ test, data }) => ({
          tests: [...tests, test],
          ...change(),
          action: dnat({ ...body, addr: data }),
          text,
        }));
      }
      return [{ tests, ...change(), action: key === 'dnat' ? dnat(body) : redirect(body), text }];
    } else if (key === 'xt') {
      if (body.type === 'target') return [{ tests, ...change(), action: { kind: 'unknown' }, text }];
      tests.push(notUnderstood);
    } else if (key === 'quota') tests.push(notUnderstood);
    else {
      const family = key === 'reject' ? rejectFamily(body) : null;
      if (family !== null) tests.push(plain((packet) => packet.family === family));
      return [{ tests, ...change(), action: verdictOf(statement, place), text }];
    }
  }
  return [{ tests, ...change(), action: { kind: 'continue' }, text }];
}

/**
 * nft leaves out `meta nfproto` where the kind of ICMP message implies it, so the message tells the family. Of
 * `reject with tcp reset` it leaves it out as well, and nothing tells: such a rule is taken to be for both.
 */
function rejectFamily(body: Json): 4 | 6 | null {
  if (body.type === 'icmp') return 4;
  return body.type === 'icmpv6' ? 6 : null;
}

function verdictOf(statement: unknown, place: Place): Action {
  if (!isObject(statement)) return { kind: 'unknown' };
  const [key = '', value] = Object.entries(statement)[0] ?? [];
  switch (key) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'return':
    case 'continue':
      return { kind: key };
    case 'masquerade':
    case 'snat':
      return { kind: 'accept' };
    case 'jump':
    case 'goto':
      return { kind: key, chain: idOf(place.family, place.table, isObject(value) ? value.target : '') };
    default:
      return { kind: 'unknown' };
  }
}

function translationFamily(body: Json): 4 | 6 | null {
  if (body.family === 'ip') return 4;
  return body.family === 'ip6' ? 6 : typeof body.addr === 'string' ? (parseIp(body.addr)?.family ?? null) : null;
}

function dnat(body: Json): Action {
  const port = typeof body.port === 'number' ? body.port : body.port === undefined ? null : undefined;
  if (port === undefined) return { kind: 'unknown' };
  if (body.addr === undefined) return { kind: 'dnat', address: null, port };
  const target = isObject(body.addr) && Array.isArray(body.addr.concat) ? body.addr.concat : [body.addr];
  const ip = typeof target[0] === 'string' ? parseIp(target[0]) : null;
  if (!ip) return { kind: 'unknown' };
  return { kind: 'dnat', address: ip.value, port: typeof target[1] === 'number' ? target[1] : port };
}

function redirect(body: Json): Action {
  if (body.port === undefined) return { kind: 'dnat', address: null, port: null };
  return typeof body.port === 'number' ? { kind: 'dnat', address: null, port: body.port } : { kind: 'unknown' };
}

/** Limits inside a dynamic set or meter: per client, which is what "limited" means. */
function limitsIn(statements: unknown): Test[] {
  return [statements].flat().flatMap((one): Test[] => {
    const limit = isObject(one) ? (one.limit ?? one['ct count']) : undefined;
    if (!isObject(limit)) return [];
    return [{ kind: limit.inv === true ? 'over' : 'limit' }];
  });
}

/** `meta mark set N`, `ct mark set N`, and either from the other. Other fields decide nothing that we look at. */
function readMangle(body: Json): ((packet: Packet) => Packet) | null {
  const field = markField(body.key);
  if (!field) return null;
  const { value } = body;
  if (typeof value === 'number') return (packet) => ({ ...packet, [field]: value });
  const from = markField(value);
  if (from) return (packet) => ({ ...packet, [field]: packet[from] });
  return (packet) => ({ ...packet, [field]: Number.NaN });
}

function markField(key: unknown): 'mark' | 'connectionMark' | null {
  if (!isObject(key)) return null;
  if (isObject(key.meta) && key.meta.key === 'mark') return 'mark';
  return isObject(key.ct) && key.ct.key === 'mark' ? 'connectionMark' : null;
}

/** A rule in few words: its fields and verdicts. */
function brief(statements: readonly Json[]): string {
  const words = statements.flatMap((statement) => {
    const [key = '', value] = Object.entries(statement)[0] ?? [];
    if (key === 'counter') return [];
    if (key !== 'match' || !isObject(value)) return [key];
    return [`${leaf(value.left)} ${value.op === '==' ? '' : `${String(value.op)} `}${leaf(value.right)}`];
  });
  return words.join(' ').slice(0, 240);
}

function leaf(value: unknown): string {
  if (Array.isArray(value)) return value.map(leaf).join(',');
  if (!isObject(value)) return String(value);
  if (isObject(value.payload)) return `${value.payload.protocol} ${value.payload.field}`;
  if (isObject(value.meta)) return String(value.meta.key);
  if (isObject(value.ct)) return `ct ${value.ct.key}`;
  if (isObject(value.prefix)) return `${value.prefix.addr}/${value.prefix.len}`;
  if (Array.isArray(value.range)) return value.range.join('-');
  if (Array.isArray(value.set))
    return `{${value.set.slice(0, 8).map(leaf).join(',')}${value.set.length > 8 ? ',...' : ''}}`;
  if (Array.isArray(value.concat)) return value.concat.map(leaf).join(' . ');
  return Object.keys(value).join(' ');
}
