import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';

/** What a firewall manager will not bring back, and what it will bring in that is not in force. */
export interface ManagerDrift {
  source: string;
  lost: string[];
  comes: string[];
}

/** `null` where ufw's own files could not be read: then nobody can say. */
export function ufwDrift(firewall: HostFirewallFacts): ManagerDrift | null {
  const lost: string[] = [];
  const comes: string[] = [];
  const families = firewall.ufw?.ipv6 === false ? ([4] as const) : ([4, 6] as const);
  for (const family of families) {
    const prefix = family === 4 ? 'ufw' : 'ufw6';
    const file = firewall.boot.files.find(({ path }) => path === `/etc/ufw/user${family === 4 ? '' : '6'}.rules`);
    const live = firewall.saved.find((one) => one.family === family && one.lines.length > 0);
    if (!file || !live) return null;
    const mine = new RegExp(`^-A ${prefix}-user-(input|forward|output) `);
    const planned = file.lines.filter((line) => mine.test(line)).map(essence);
    const inForce = live.lines.filter((line) => mine.test(line)).map(essence);
    lost.push(...without(inForce, planned));
    comes.push(...without(planned, inForce));
    // ufw's own chains are all that it puts into INPUT; what else stands there was added by hand or by a program at run time.
    lost.push(...live.lines.filter((line) => /^-A INPUT /.test(line) && !/ -j (ufw|f2b-)/.test(line)));
  }
  return { source: 'ufw', lost, comes };
}

/** What of a rule is spelled alike in ufw's file and by iptables-save: whom and what it is for, and its fate. */
function essence(line: string): string {
  const words = line.trim().split(/\s+/);
  const keep = new Set(['-A', '-p', '-s', '-d', '-i', '-o', '-j', '-g', '--dport', '--dports', '--sport', '--sports']);
  const kept: string[] = [];
  for (const [at, word] of words.entries()) {
    if (!keep.has(word)) continue;
    const value = (words[at + 1] ?? '').replace(/^(.*)\/(?:32|128)$/, '$1');
    const any = (word === '-s' || word === '-d') && /^(0\.0\.0\.0\/0|::\/0)$/.test(value);
    if (!any) kept.push(`${word} ${value}`);
  }
  return [kept[0], ...kept.slice(1).sort()].join(' ');
}

/** The zones of firewalld as they are beside those that a reload or a reboot brings; `null` where they could not be read. */
export function firewalldDrift(firewall: HostFirewallFacts): ManagerDrift | null {
  const zones = firewall.firewalld?.zones;
  if (!zones) return null;
  const [runtime, permanent] = [readZones(zones.runtime), readZones(zones.permanent)];
  return { source: 'firewalld', lost: without(runtime, permanent), comes: without(permanent, runtime) };
}

/** `public ports: 8080/tcp`, one entry per value; interfaces are given to zones at run time by what manages the network. */
function readZones(lines: readonly string[]): string[] {
  let zone = '';
  let key = '';
  const entries: string[] = [];
  for (const line of lines) {
    const opening = /^(\S+)/.exec(line);
    if (opening?.[1]) {
      zone = opening[1];
      continue;
    }
    const setting = /^ {2}([a-z-]+):\s*(.*)$/.exec(line);
    if (setting) key = setting[1] ?? '';
    if (key === 'interfaces') continue;
    const text = (setting ? (setting[2] ?? '') : line).trim();
    const values = key === 'rich rules' || !setting ? [text] : text.split(/\s+/);
    entries.push(...values.filter((value) => value !== '').map((value) => `${zone} ${key}: ${value}`));
  }
  return entries;
}

function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
