import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** What was found on this machine and in this folder. Only files are read; nothing is asked over the network. */
export interface Surroundings {
  hostname: string;
  /** TCP ports that something listens on, beyond loopback. */
  ports: number[];
  /** Names of nginx servers, with whether one of their listeners speaks TLS. */
  sites: { name: string; tls: boolean }[];
  sshd: boolean;
  git: boolean;
  /** Patterns under which files that look like backups lie, with the age of the newest in ms. */
  backups: { pattern: string; newestAgeMs: number }[];
}

export function lookAround(cwd: string, now: number, root = '/'): Surroundings {
  return {
    hostname: hostname(),
    ports: listeningPorts(root),
    sites: nginxSites(root),
    sshd: existsSync(join(root, 'etc/ssh/sshd_config')),
    git: existsSync(join(cwd, '.git')),
    backups: backupFolders(root, now),
  };
}

/** `/proc/net/tcp` and `tcp6`: state 0A is LISTEN (Linux, include/net/tcp_states.h); addresses are in host byte order. */
export function listeningPorts(root: string): number[] {
  const ports = new Set<number>();
  for (const file of ['proc/net/tcp', 'proc/net/tcp6']) {
    for (const line of read(join(root, file)).split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local?.split(':') ?? [];
      const loopback = /^[0-9A-F]{6}7F$/.test(address) || address === '00000000000000000000000001000000';
      if (state === '0A' && !loopback) ports.add(Number.parseInt(port, 16));
    }
  }
  return [...ports].sort((a, b) => a - b);
}

/** Server names of nginx, near enough: comments gone, one `server` after another. */
export function nginxSites(root: string): Surroundings['sites'] {
  const folders = ['etc/nginx/sites-enabled', 'etc/nginx/conf.d'];
  const texts = folders.flatMap((folder) => list(join(root, folder)).map((name) => read(join(root, folder, name))));
  const sites = new Map<string, boolean>();
  for (const text of texts) {
    for (const server of text
      .replace(/#.*$/gm, '')
      .split(/\bserver\s*\{/)
      .slice(1)) {
      const tls = /\blisten\s+[^;]*\bssl\b/.test(server);
      const names = /\bserver_name\s+([^;]+);/.exec(server)?.[1]?.split(/\s+/) ?? [];
      for (const name of names) {
        if (/^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}$/i.test(name)) sites.set(name, (sites.get(name) ?? false) || tls);
      }
    }
  }
  return [...sites].map(([name, tls]) => ({ name, tls }));
}

const BACKUP_ENDINGS = ['.sql.gz', '.sql.zst', '.sql.xz', '.dump', '.tar.gz', '.tar.zst'];

function backupFolders(root: string, now: number): Surroundings['backups'] {
  const folders = ['var/backups', 'var/lib/backups', 'backup', 'backups', 'srv/backups'];
  return folders.flatMap((folder) =>
    BACKUP_ENDINGS.flatMap((ending) => {
      const times = list(join(root, folder))
        .filter((name) => name.endsWith(ending))
        .map((name) => statSync(join(root, folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
      const newest = Math.max(0, ...times);
      return newest === 0 ? [] : [{ pattern: `/${folder}/*${ending}`, newestAgeMs: Math.max(0, now - newest) }];
    }),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 1_000_000);
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path).slice(0, 1_000);
  } catch {
    return [];
  }
}
