import type { HostSshdFacts } from '../core/facts/host-sshd.ts';
import { type IpRange, inRange, parseIp, parseIpRange } from './ip-range.ts';

/** Somebody who gets in today, and how. */
export interface LoginWay {
  user: string;
  method: 'publickey' | 'password';
  /** The groups that the user is in; `null` where nobody knows. */
  groups: readonly string[] | null;
  /** Where the connection comes from, as the host sees it; `null` where nobody knows. */
  address: string | null;
}

/** Settings that are advised, keyword in lower case: they win over the same in the general part, not over a Match block. */
export type SettingsChange = Readonly<Record<string, readonly string[]>>;

export interface Forecast {
  verdict: 'in' | 'out' | 'unknown';
  /** The setting that decides, in words. */
  why: string;
}

/**
 * Whether a log-in still gets in once `change` is in force: what sshd itself would say (sshd_config(5)), from what it told
 * of its settings. A condition that cannot be told makes the forecast unknown, never "in".
 */
export function forecastLogin(sshd: HostSshdFacts, change: SettingsChange, way: LoginWay): Forecast {
  const settings: Record<string, readonly string[]> = { ...sshd.effective, ...change };
  let unsure: string | null = null;
  const taken = new Set<string>();
  for (const match of sshd.matches) {
    const applies = matches(match.criteria, way);
    if (applies === false) continue;
    if (applies === null || match.differs === null) {
      unsure ??= `nobody knows whether "Match ${match.criteria}" applies`;
      continue;
    }
    // What a block repeats of the general part stays when the general part changes; the first block that fits wins.
    for (const keyword of new Set([...(match.sets ?? []), ...Object.keys(match.differs)])) {
      if (taken.has(keyword)) continue;
      taken.add(keyword);
      settings[keyword] = match.differs[keyword] ?? sshd.effective[keyword] ?? [];
    }
  }
  const decided = [allowed, byRoot, byMethod, byWays].map((rule) => rule(settings, way));
  const out = decided.find((one) => one?.verdict === 'out');
  const unknown = decided.find((one) => one?.verdict === 'unknown');
  if (unsure !== null) return { verdict: 'unknown', why: unsure };
  return out ?? unknown ?? { verdict: 'in', why: 'nothing stands in its way' };
}

type Settings = Readonly<Record<string, readonly string[]>>;
const first = (settings: Settings, keyword: string) => settings[keyword]?.[0]?.toLowerCase();
const no = (why: string): Forecast => ({ verdict: 'out', why });
const unsure = (why: string): Forecast => ({ verdict: 'unknown', why });

/** DenyUsers, AllowUsers, DenyGroups, AllowGroups: all four have to let the user through. */
function allowed(settings: Settings, way: LoginWay): Forecast | null {
  const list = (keyword: string) => (settings[keyword] ?? []).flatMap((line) => line.split(/\s+/)).filter(Boolean);
  const denied = userIn(list('denyusers'), way);
  if (denied === true) return no('DenyUsers names the user');
  const users = list('allowusers');
  const named = users.length === 0 ? true : userIn(users, way);
  if (named === false) return no('AllowUsers does not name the user');
  const [denyGroups, allowGroups] = [list('denygroups'), list('allowgroups')];
  if (way.groups === null && denyGroups.length + allowGroups.length > 0)
    return unsure("nobody knows the user's groups, and there is a list of groups");
  const inList = (list: readonly string[]) => way.groups?.some((group) => list.some((pattern) => glob(pattern, group)));
  if (inList(denyGroups)) return no('DenyGroups names a group of the user');
  if (allowGroups.length > 0 && !inList(allowGroups)) return no('AllowGroups names no group of the user');
  return denied === null || named === null ? unsure('a list of users names addresses, and ours is not known') : null;
}

function byRoot(settings: Settings, way: LoginWay): Forecast | null {
  if (way.user !== 'root') return null;
  const value = first(settings, 'permitrootlogin');
  if (value === 'no') return no('PermitRootLogin no');
  if (value === 'forced-commands-only') return unsure('root gets in for a forced command only');
  if (value !== 'yes' && way.method === 'password') return no(`PermitRootLogin ${value}`);
  return null;
}

function byMethod(settings: Settings, way: LoginWay): Forecast | null {
  if (way.method === 'publickey') {
    return first(settings, 'pubkeyauthentication') === 'no' ? no('PubkeyAuthentication no') : null;
  }
  const interactive =
    first(settings, 'kbdinteractiveauthentication') ?? first(settings, 'challengeresponseauthentication');
  if (first(settings, 'passwordauthentication') !== 'no') return null;
  if (interactive !== 'no' && first(settings, 'usepam') === 'yes') return unsure('PAM may take the password');
  return no('PasswordAuthentication no');
}

/** AuthenticationMethods: lists of which one has to be gone through whole. */
function byWays(settings: Settings, way: LoginWay): Forecast | null {
  const ways = (settings.authenticationmethods ?? []).flatMap((line) => line.split(/\s+/)).filter(Boolean);
  if (ways.length === 0 || ways[0] === 'any') return null;
  const own = ways.some((list) => list.split(',').every((method) => method.split(':')[0] === way.method));
  return own ? null : no(`AuthenticationMethods ${ways.join(' ')}`);
}

/** Whether a Match line is about this log-in; `null` where that cannot be told. */
function matches(criteria: string, way: LoginWay): boolean | null {
  const words = criteria.trim().split(/\s+/);
  if (words[0]?.toLowerCase() === 'all') return true;
  let sure = true;
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [what = '', value = ''] = [words[at]?.toLowerCase(), words[at + 1]];
    const holds = criterion(what, value.split(','), way);
    if (holds === false) return false;
    if (holds === null) sure = false;
  }
  return sure ? true : null;
}

function criterion(what: string, patterns: readonly string[], way: LoginWay): boolean | null {
  if (what === 'user') return globList(patterns, way.user);
  if (what === 'group') return way.groups === null ? null : groupIn(patterns, way.groups);
  if (what === 'address') return way.address === null ? null : addressIn(patterns, way.address);
  return null;
}

/**
 * Patterns `user` or `user@host`. Only the host part knows a `!`: each entry of these lists is compared by itself, and
 * "!user" would be a name (match_user in OpenSSH's match.c).
 */
function userIn(patterns: readonly string[], way: LoginWay): boolean | null {
  let found: boolean | null = false;
  for (const pattern of patterns) {
    const at = pattern.lastIndexOf('@');
    if (!glob(at < 0 ? pattern : pattern.slice(0, at), way.user)) continue;
    const here = at < 0 ? true : way.address === null ? null : addressIn(pattern.slice(at + 1).split(','), way.address);
    if (here === true) return true;
    if (here === null) found = null;
  }
  return found;
}

function addressIn(patterns: readonly string[], address: string): boolean {
  const ip = parseIp(address);
  let found = false;
  for (const pattern of patterns) {
    const bare = pattern.replace(/^!/, '');
    const range: IpRange | null = bare.includes('/') ? parseIpRange(bare) : null;
    const fits = range && ip ? range.family === ip.family && inRange(ip.value, range) : glob(bare, address);
    if (fits && pattern.startsWith('!')) return false;
    found ||= fits;
  }
  return found;
}

/** Of a Match line; one group that is taken back by `!` takes the whole line back. */
function groupIn(patterns: readonly string[], groups: readonly string[]): boolean {
  const taken = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (groups.some((group) => taken.some((pattern) => glob(pattern, group)))) return false;
  return groups.some((group) => globList(patterns, group));
}

function globList(patterns: readonly string[], text: string): boolean {
  if (patterns.some((pattern) => pattern.startsWith('!') && glob(pattern.slice(1), text))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && glob(pattern, text));
}

function glob(pattern: string, text: string): boolean {
  const escaped = pattern.slice(0, 256).replace(/[.+^$(){}|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replaceAll('?', '.')}$`).test(text);
}
