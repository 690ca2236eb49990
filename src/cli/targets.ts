import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { parseEndpoint, parseSshUrl } from '../config/endpoint.ts';
import { readCertificates } from '../config/resolve-target.ts';
import { AppError } from '../core/error.ts';
import { suggest } from '../core/suggest.ts';
import type { EndpointTarget, SshLogin, Target } from '../core/target.ts';

/** What the command line says about reaching targets. Paths as typed. */
export interface Access {
  identity?: string | undefined;
  knownHosts?: string | undefined;
  hostKey?: string | undefined;
  /** `sudo -n` may be used on hosts; the configuration's own word stands where this is not given. */
  sudo?: boolean | undefined;
  transport?: SshLogin['transport'] | undefined;
  ca?: string | undefined;
  hstsPreloadList?: string | undefined;
}

export interface TargetContext {
  config: Config;
  access: Access;
  cwd: string;
}

const AD_HOC = { service: null, environment: 'production', labels: {} };

/** Targets from words: ids of the configuration, URLs, `host:port`, `ssh://`, `local`, directories. */
export function readTargets(words: readonly string[], { config, access, cwd }: TargetContext): Target[] {
  const path = (value: string | undefined) => (value === undefined ? undefined : resolve(cwd, value));
  const login: Partial<SshLogin> = {
    ...(access.sudo ? { sudo: true } : {}),
    ...(access.transport ? { transport: access.transport } : {}),
    ...optional({
      identity: existing(path(access.identity), '--identity'),
      knownHosts: existing(path(access.knownHosts), '--known-hosts'),
      hostKey: fingerprint(access.hostKey),
    }),
  };
  const ca = certificates(path(access.ca));
  const files: Files = {
    ...(ca ? { ca } : {}),
    ...optional({ hstsPreloadList: existing(path(access.hstsPreloadList), '--hsts-preload-list') }),
  };
  const targets = words.map((word) => readTarget(word, config, cwd, login, files));
  return targets.filter((target, index) => targets.findIndex((other) => other.id === target.id) === index);
}

/** What the command line gives to endpoints by file. */
type Files = Pick<EndpointTarget, 'ca' | 'hstsPreloadList'>;

function readTarget(word: string, config: Config, cwd: string, login: Partial<SshLogin>, files: Files): Target {
  const configured = config.targets.find(({ target }) => target.id === word)?.target;
  if (configured) return withAccess(configured, login, files);
  const named = { ...AD_HOC, id: word, name: word };
  if (word === 'local') return { ...named, kind: 'host', transport: 'local', ssh: null, firewall: null };
  if (/^ssh:\/\//i.test(word)) {
    const url = parseSshUrl(word);
    if (typeof url === 'string') throw unusable(word, url);
    const ssh = { user: url.user ?? userInfo().username, host: url.host, port: url.port, sudo: false, ...login };
    return { ...named, kind: 'host', transport: 'ssh', ssh, firewall: null };
  }
  const full = resolve(cwd, word.startsWith('~/') ? join(homedir(), word.slice(2)) : word);
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(word);
  if (!isUrl && statSync(full, { throwIfNoEntry: false })?.isDirectory()) {
    // The id must not depend on where the repository was checked out: baselines are shared.
    const inside = relative(cwd, full);
    const id = inside === '' ? '.' : inside.startsWith('..') || isAbsolute(inside) ? full : inside;
    return { ...named, id, name: basename(full) || full, kind: 'repository', path: full };
  }
  if (isUrl || /^(?:\[[^\]]+\]|[^/\\:\s]+):\d+$/.test(word)) {
    const endpoint = parseEndpoint(word);
    if (typeof endpoint === 'string') throw unusable(word, endpoint);
    const id = isUrl ? endpoint.url : word.toLowerCase();
    return withAccess({ ...named, id, name: id, kind: 'endpoint', ...endpoint }, login, files);
  }
  throw unknownTarget(word, config);
}

function withAccess(target: Target, login: Partial<SshLogin>, files: Files): Target {
  if (target.kind === 'host' && target.ssh) return { ...target, ssh: { ...target.ssh, ...login } };
  if (target.kind !== 'endpoint') return target;
  const { knownHosts, hostKey } = login;
  const ca = files.ca === undefined ? {} : { ca: [...(target.ca ?? []), ...files.ca] };
  return { ...target, ...files, ...ca, ...optional({ knownHosts, hostKey }) };
}

function optional(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function existing(path: string | undefined, flag: string): string | undefined {
  if (path !== undefined && !statSync(path, { throwIfNoEntry: false })) {
    throw new AppError('file-missing', `${flag}: ${path} does not exist`);
  }
  return path;
}

function fingerprint(text: string | undefined): string | undefined {
  if (text !== undefined && !/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text)) {
    throw new AppError('host-key-invalid', `--host-key: "${text}" is not a fingerprint`, {
      hint: 'write SHA256:..., as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints it',
    });
  }
  return text;
}

function certificates(path: string | undefined): string[] | undefined {
  if (path === undefined) return undefined;
  const read = readCertificates(path);
  if (Array.isArray(read)) return read;
  throw new AppError('ca-invalid', `--ca: ${path}: ${read.reason}`);
}

function unusable(word: string, reason: string): AppError {
  return new AppError('target-invalid', `"${word}" ${reason.startsWith('"') ? `cannot be used: ${reason}` : reason}`, {
    hint: 'a target is a URL, host:port, ssh://user@host, local, a directory, or an id of the configuration',
  });
}

function unknownTarget(word: string, config: Config): AppError {
  const ids = config.targets.map(({ target }) => target.id);
  const near = suggest(word, ids);
  const hints: string[] = [];
  if (near.length > 0) hints.push(`did you mean ${near.join(' or ')}?`);
  else if (/^[./~]|[/\\]/.test(word)) hints.push('there is no such directory');
  else if (/^[^@\s]+@[^@\s]+$/.test(word)) hints.push(`did you mean ssh://${word}?`);
  else if (/\.[a-z]/i.test(word)) hints.push(`did you mean https://${word}/ or ${word}:443?`);
  hints.push(
    ids.length > 0
      ? `the configuration has ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ` and ${ids.length - 10} more` : ''}`
      : 'a target is a URL, host:port, ssh://user@host, local, or a directory',
  );
  return new AppError('target-unknown', `"${word}" is no target`, { hint: hints.join('; ') });
}
