import { nothingSeen, type Seen } from './ssh-handshake.ts';
import { printable } from './ssh-kex/packets.ts';

const MOST = 400;

/** What the log of `ssh` at DEBUG2 shows of the server. */
export interface OpenSshLog {
  /** Without a verdict on the host key, which `key` and `keyProblem` give. */
  seen: Seen;
  key: { type: string; fingerprint: string } | null;
  keyProblem: 'changed' | 'unknown' | 'revoked' | null;
  authenticated: boolean;
  /** The lines that are no debugging, which a user would see. */
  complaints: string[];
}

/** Reads the log. The server's part of it is the server's word; it is bounded and made printable. */
export function readOpenSshLog(text: string): OpenSshLog {
  const log: OpenSshLog = { seen: nothingSeen(), key: null, keyProblem: null, authenticated: false, complaints: [] };
  const lists: Lists = { kex: '', keys: '', ciphers: [], macs: [], compression: [] };
  let peer = false;
  let banner = '';
  for (const raw of text.split('\n')) {
    const line = printable(raw.replace(/\r$/, ''));
    const said = /^debug[123]: (.*)$/.exec(line)?.[1];
    if (said === undefined) {
      readComplaint(line, log);
      continue;
    }
    const remote = /^Remote protocol version (\S+), remote software version (.*)$/.exec(said);
    if (remote) banner = `SSH-${remote[1]}-${remote[2]}`.slice(0, 255);
    if (said.endsWith('KEXINIT proposal')) peer = said.startsWith('peer server');
    if (peer) readList(said, lists);
    if (peer && said.startsWith('reserved 0') && log.seen.hello === null) log.seen.hello = helloOf(banner, lists);
    readOutcome(said, log);
  }
  return log;
}

function readComplaint(line: string, log: OpenSshLog): void {
  if (line.startsWith('Authenticated to ')) log.authenticated = true;
  else if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(line)) log.keyProblem = 'changed';
  else if (/REVOKED HOST KEY DETECTED/.test(line)) log.keyProblem = 'revoked';
  else if (/host key is known for .* and you have requested strict checking/.test(line)) log.keyProblem ??= 'unknown';
  else if (!/^[@\s]*$/.test(line) && log.complaints.length < 20) log.complaints.push(line.slice(0, MOST));
}

function readOutcome(said: string, log: OpenSshLog): void {
  const { seen } = log;
  const kex = /^kex: algorithm: (\S+)/.exec(said)?.[1];
  if (kex && !seen.agreed) seen.agreed = { kex, cipher: '', mac: '' };
  const suite = /^kex: client->server cipher: (\S+) MAC: (\S+)/.exec(said);
  if (suite?.[1] && suite[2] && seen.agreed?.cipher === '') {
    seen.agreed = { ...seen.agreed, cipher: suite[1], mac: suite[2].replace('<implicit>', 'implicit') };
  }
  const key = /^Server host (?:key|certificate): (\S+) (SHA256:[A-Za-z0-9+/]+)/.exec(said);
  if (key?.[1] && key[2]) log.key ??= { type: key[1], fingerprint: key[2] };
  const methods = /^Authentications that can continue: (\S+)/.exec(said)?.[1];
  if (methods && seen.authMethods.length === 0) seen.authMethods = methods.split(',').slice(0, 20);
}

interface Lists {
  kex: string;
  keys: string;
  ciphers: string[];
  macs: string[];
  compression: string[];
}

function readList(said: string, lists: Lists): void {
  const match = /^(KEX algorithms|host key algorithms|ciphers|MACs|compression)(?: (ctos|stoc))?: (.*)$/.exec(said);
  if (!match) return;
  const [, what, direction, names = ''] = match;
  const index = direction === 'stoc' ? 1 : 0;
  if (what === 'KEX algorithms') lists.kex = names;
  else if (what === 'host key algorithms') lists.keys = names;
  else if (what === 'ciphers') lists.ciphers[index] = names;
  else if (what === 'MACs') lists.macs[index] = names;
  else lists.compression[index] = names;
}

function helloOf(banner: string, lists: Lists): NonNullable<Seen['hello']> {
  const split = (...texts: string[]) =>
    [...new Set(texts.flatMap((text) => text.split(',')))].filter((one) => one !== '');
  return {
    banner,
    kex: split(lists.kex),
    hostKeyAlgorithms: split(lists.keys),
    ciphers: split(...lists.ciphers),
    macs: split(...lists.macs),
    compression: split(...lists.compression),
  };
}
