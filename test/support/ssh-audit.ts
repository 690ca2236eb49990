import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CIPHER_RULES,
  HOST_KEY_RULES,
  KEX_RULES,
  KEX_SIGNALS,
  MAC_RULES,
  ruleFor,
} from '../../src/knowledge/ssh-algorithms.ts';

const PACKAGE = '/usr/lib/python3/dist-packages';
export const hasSshAudit = existsSync('/usr/bin/ssh-audit');

export type List = 'kex' | 'key' | 'enc' | 'mac';
export type Opinion = 'fail' | 'warn' | 'ok';
export const RULES = { kex: KEX_RULES, key: HOST_KEY_RULES, enc: CIPHER_RULES, mac: MAC_RULES };

/** Every name that the installed ssh-audit knows, with what it says of it. */
export function sshAuditDatabase(): { list: List; name: string; theirs: Opinion }[] {
  const script = `
import json, sys
sys.path.insert(0, '${PACKAGE}')
from ssh_audit.ssh2_kexdb import SSH2_KexDB as D
db = D.ALGORITHMS if hasattr(D, 'ALGORITHMS') else D.get_db()
print(json.dumps([[l, n, [bool(e) for e in (e + [[], []])[1:3]]] for l, names in db.items() for n, e in names.items()]))`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const rows = JSON.parse(stdout) as [List, string, [boolean, boolean]][];
  return rows
    .filter(([list, name]) => !(list === 'kex' && KEX_SIGNALS.test(name)))
    .map(([list, name, [fail, warn]]) => ({ list, name, theirs: fail ? 'fail' : warn ? 'warn' : 'ok' }));
}

/** Whether the two sides differ about a name: one would turn it off and the other would not. */
export function differs(list: List, name: string, theirs: Opinion): boolean {
  const ours = ruleFor(RULES[list], name);
  return ours !== undefined && (ours.verdict === 'ok') !== (theirs === 'ok');
}

export interface Explained {
  list: string;
  patterns: string[];
  /** Whether the line is about version 3 only. */
  newer: boolean;
  row: string;
}

/** The tables of docs/ssh-algorithms.md. */
export function explanations(): Explained[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/ssh-algorithms.md'), 'utf8');
  const newer = text.indexOf('| ssh-audit 3 |');
  return [...text.matchAll(/^\| (kex|key|enc|mac) \| (.*?) \|.*$/gm)].map((match) => ({
    list: match[1] ?? '',
    patterns: [...(match[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, pattern = '']) => pattern),
    newer: match.index > newer,
    row: match[0],
  }));
}

export function explains({ list, patterns }: Explained, of: { list: string; name: string }): boolean {
  return list === of.list && patterns.some((pattern) => glob(pattern).test(of.name));
}

function glob(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^$(){}|[\]\\/]/g, '\\$&'))
      .join('.*')}$`,
  );
}
