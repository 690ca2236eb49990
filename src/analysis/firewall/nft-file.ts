import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';
import { isObject } from './nft-sets.ts';

/** Chains of a file of nftables by `family table/chain`: how many rules, and the policy of a base chain. */
type Chains = Map<string, { rules: number; policy: string | null }>;

/**
 * What a file of nftables will load beside what is in force, by chain: its policy and how many rules it has. Rules are
 * counted, not compared word for word: nft prints them in another spelling than people write. `null` = the file says more
 * than plain tables (variables, other files, commands), so it cannot be told.
 */
export function nftFileDrift(lines: readonly string[], nft: HostFirewallFacts['nft']): string[] | null {
  const planned = readFile(lines);
  if (!planned || nft === null) return null;
  const tables = new Set([...planned.keys()].map((key) => key.split('/')[0]));
  const live = readRunning(nft);
  const differences: string[] = [];
  for (const [key, chain] of planned) {
    const now = live.get(key);
    if (!now) differences.push(`${key} is in the file and not in force`);
    else if (now.rules !== chain.rules)
      differences.push(`${key}: ${chain.rules} rules in the file, ${now.rules} in force`);
    else if ((now.policy ?? 'accept') !== (chain.policy ?? 'accept'))
      differences.push(`${key}: policy ${chain.policy ?? 'accept'} in the file, ${now.policy ?? 'accept'} in force`);
  }
  for (const [key, now] of live) {
    if (tables.has(key.split('/')[0] ?? '') && !planned.has(key) && now.rules > 0)
      differences.push(`${key} is in force and not in the file`);
  }
  return differences;
}

function readRunning(nft: NonNullable<HostFirewallFacts['nft']>): Chains {
  const chains: Chains = new Map();
  for (const { chain } of nft) {
    if (!isObject(chain)) continue;
    const policy = typeof chain.policy === 'string' ? chain.policy : null;
    chains.set(`${chain.family} ${chain.table}/${chain.name}`, { rules: 0, policy });
  }
  for (const { rule } of nft) {
    if (!isObject(rule)) continue;
    const owner = chains.get(`${rule.family} ${rule.table}/${rule.chain}`);
    if (owner) owner.rules += 1;
  }
  return chains;
}

function readFile(lines: readonly string[]): Chains | null {
  const text = lines
    .map((line) => line.replace(/("[^"]*")|#.*$/g, '$1'))
    .join('\n')
    .replace(/\\\n/g, ' ');
  if (/\$|^\s*(include|define|add|insert|create|delete|destroy|replace)\b/m.test(text)) return null;
  const chains: Chains = new Map();
  for (const table of blocks(text, /\btable\s+(?:(ip|ip6|inet|netdev|bridge|arp)\s+)?([\w.-]+)\s*\{/g)) {
    for (const chain of blocks(table.body, /\bchain\s+()([\w.-]+)\s*\{/g)) {
      const parts = statements(chain.body);
      const rules = parts.filter((one) => !/^(type|policy|comment|flags|devices?)\b/.test(one)).length;
      const policy = parts.map((one) => /^policy (\w+)$/.exec(one)?.[1]).find((one) => one !== undefined) ?? null;
      const key = `${table.kind || 'ip'} ${table.name}/${chain.name}`;
      const before = chains.get(key);
      chains.set(key, { rules: rules + (before?.rules ?? 0), policy: policy ?? before?.policy ?? null });
    }
  }
  return chains;
}

/** What stands between the braces after each match of `opening`. */
function blocks(text: string, opening: RegExp): { kind: string; name: string; body: string }[] {
  const found: { kind: string; name: string; body: string }[] = [];
  for (const match of text.matchAll(opening)) {
    const from = match.index + match[0].length;
    let depth = 1;
    let at = from;
    for (; at < text.length && depth > 0; at += 1) depth += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0;
    found.push({ kind: match[1] ?? '', name: match[2] ?? '', body: text.slice(from, at - 1) });
  }
  return found;
}

/** Statements of a chain: they end with a line or a semicolon, but not inside braces. */
function statements(body: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let current = '';
  for (const char of body) {
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (depth === 0 && (char === '\n' || char === ';')) {
      found.push(current.trim());
      current = '';
    } else current += char;
  }
  return [...found, current.trim()].filter((one) => one !== '');
}
