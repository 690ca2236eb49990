import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SECTIONS } from '../../../src/probes/host/sections.ts';

/** Programs that a section may start, and what is forbidden to those that could also write. */
const READERS: Readonly<Record<string, RegExp | null>> = {
  auditctl: /^(?!auditctl -[sl]$)/,
  awk: /system\(|print\s*>|\|\s*getline/,
  apk: /\b(add|del|upgrade|update|fix)\b/,
  'apt-config': null,
  apt: /^(?!apt list --upgradable\b)/,
  'apt-get': /^(?!apt-get -s )/,
  cat: null,
  chronyc: /\b(makestep|settime|add|delete|online|offline|burst)\b/,
  command: null,
  cut: null,
  date: /\s-s|--set/,
  df: null,
  dpkg: /^(?!dpkg -S )/,
  dnf: /^(?!dnf -q -C (check-update|updateinfo list)\b)/,
  echo: null,
  'fail2ban-client': /^(?!fail2ban-client (ping|status|get)\b)/,
  find: /-(delete|exec(?! stat )|ok|fprint)/,
  'firewall-cmd': /^(?!firewall-cmd (--state|--list-all-zones|--permanent --list-all-zones)\b)/,
  getent: null,
  grep: null,
  head: null,
  id: null,
  ip: /^(?!ip -o addr show)/,
  ls: null,
  nft: /^(?!nft -j list ruleset)/,
  passwd: /^(?!passwd -S -a)/,
  printf: null,
  readlink: null,
  rpm: /^(?!rpm -qf )/,
  sha256sum: null,
  sed: /\s-i|--in-place|\bw\s/,
  sort: /\s-o/,
  ss: /\s-K|--kill/,
  sshd: /^(?!sshd -[TG]\b)/,
  'ssh-keygen': /^(?!ssh-keygen -l)/,
  stat: null,
  supervisorctl: /^(?!supervisorctl status$)/,
  systemctl: /^(?!systemctl (is-system-running|--failed|show|is-enabled|is-active|list-timers)\b)/,
  tail: null,
  timedatectl: /^(?!timedatectl show)/,
  tr: null,
  uname: null,
  yum: /^(?!yum -q -C (check-update|updateinfo list security)\b)/,
  'iptables-save': null,
  'ip6tables-save': null,
  'iptables-legacy-save': null,
  'ip6tables-legacy-save': null,
};

/** Words that need no program. */
const SHELL = new Set(
  '[ test : break case continue do done elif else esac exit fi for if in local read return set shift sort then true until while as_root run part { } ( ) ! && ||'.split(
    ' ',
  ),
);

/** The script without comments and quoted text, so that what is left is words and operators. */
function bare(script: string): string {
  return script
    .replace(/^\s*#.*$/gm, '')
    .replace(/'[^']*'/g, "''")
    .replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

describe.each(SECTIONS.map((section) => ({ key: section.key, section })))('the script of $key', ({ section }) => {
  it('writes to no file', () => {
    // The strings are looked at as well: what is inside $(...) in quotes runs.
    for (const [, target] of section.script.replace(/^\s*#.*$/gm, '').matchAll(/[^0-9=]?>>?\s*(&?[^\s;)'"|]+)/g)) {
      if (/^['"]/.test(target ?? '')) continue;
      expect(target, `redirection in ${section.key}`).toMatch(/^(\/dev\/null|&\d|\$\d*|=?\d*)$/);
    }
    expect(section.script).not.toMatch(
      /<<|\btee\b|\bdd\b|\bmktemp\b|\btouch\b|\brm\b|\bmv\b|\bcp\b|\bln\b|\bmkdir\b|\bchmod\b|\bchown\b|\bkill\b|\bsysctl\b|\bmodprobe\b|\beval\b|\bcurl\b|\bwget\b/,
    );
  });

  it('starts only programs that read', () => {
    const unknown: string[] = [];
    for (const line of bare(section.script).split(/\n|;|\||&&|\$\(|\(|\)|`/)) {
      let words = line.trim().split(/\s+/);
      while (['as_root', 'if', 'then', 'do', 'else', 'elif', '!', '{', 'while', 'run'].includes(words[0] ?? ''))
        words = words[0] === 'run' ? words.slice(2) : words.slice(1);
      const [name = ''] = words;
      if (name === '' || /^[A-Za-z_][A-Za-z0-9_]*(=|\(\)|$)/.test(name) === false) continue;
      if (/=/.test(name) || SHELL.has(name) || /^['"$\-*.\d}@/]/.test(name)) continue;
      const forbidden = READERS[name];
      // A pattern of `case` is no command.
      if (words.length === 1 && section.script.includes(`${name})`) && forbidden === undefined) continue;
      const own = new RegExp(`^\\s*${name}\\(\\)`, 'm').test(section.script) || /^(for|case|in)$/.test(name);
      if (forbidden === undefined && !own && words.length > 0 && isCommand(name)) unknown.push(words.join(' '));
      if (forbidden?.test(words.join(' '))) unknown.push(words.join(' '));
    }
    expect(unknown).toEqual([]);
  });

  it('is POSIX shell', () => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: section.script, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

/** Patterns of `case` and words of a `for` list stand where a command could; a program is what the machine knows as one. */
function isCommand(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' }).status === 0;
}
