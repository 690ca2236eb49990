import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { SshLogin } from '../core/target.ts';
import { type Expectation, expectKnown, expectPinned } from './ssh-known-hosts.ts';

/** How we prove who we are: one private key, or an agent's socket. */
export type Credentials = { key: string; source: string } | { agent: string; source: string };

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** The key of the configuration; else the agent; else the first of the user's usual keys. Throws `AbsentError`. */
export async function readCredentials(login: SshLogin, env: NodeJS.ProcessEnv = process.env): Promise<Credentials> {
  if (login.identity !== undefined) return readKey(expandHome(login.identity));
  if (env.SSH_AUTH_SOCK) return { agent: env.SSH_AUTH_SOCK, source: 'the SSH agent' };
  for (const name of DEFAULT_KEYS) {
    const path = join(homedir(), '.ssh', name);
    const key = await readFile(path, 'utf8').catch(() => null);
    if (key !== null) return readKey(path);
  }
  throw new AbsentError(
    'denied',
    'there is no key to log in with: set ssh.identity (or --identity), or start an SSH agent',
  );
}

async function readKey(path: string): Promise<Credentials> {
  const key = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AbsentError('denied', `the private key cannot be read: ${reasonOf(cause)}`, cause);
  });
  const parsed = ssh2.utils.parseKey(key);
  if (!(parsed instanceof Error)) return { key, source: path };
  if (/encrypted/i.test(parsed.message)) {
    throw new AbsentError(
      'denied',
      `the private key ${path} has a passphrase: add it to an SSH agent and leave ssh.identity out`,
    );
  }
  throw new AbsentError('denied', `${path} is no private key that this client can use`);
}

/** What is expected of the host's key: the pin, else the given known_hosts file, else the user's and the system's. */
export async function readExpectation(login: {
  host: string;
  port: number;
  knownHosts?: string | undefined;
  hostKey?: string | undefined;
}): Promise<Expectation> {
  if (login.hostKey !== undefined) return expectPinned(login.hostKey);
  if (login.knownHosts !== undefined) {
    const path = expandHome(login.knownHosts);
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new AbsentError('unreadable', `the known_hosts file cannot be read: ${reasonOf(cause)}`, cause);
    });
    return expectKnown([{ path, text }], login.host, login.port);
  }
  const files: { path: string; text: string }[] = [];
  for (const path of [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts']) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text !== null) files.push({ path, text });
  }
  return expectKnown(files, login.host, login.port);
}

export function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}
