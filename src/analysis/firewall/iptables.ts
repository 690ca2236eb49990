import type { SavedTables } from '../../core/facts/host-firewall.ts';
import { matchOption } from './iptables-match.ts';
import { readTarget } from './iptables-target.ts';
import { type Chain, type Hook, type Mentions, notUnderstood, type Rule, type Test } from './model.ts';

const HOOKS: Record<string, Hook> = { PREROUTING: 'prerouting', INPUT: 'input', FORWARD: 'forward' };
/** Priorities of the tables at prerouting; elsewhere the same order holds (netfilter_ipv4.h). */
const PRIORITIES: Record<string, number> = { raw: -300, mangle: -150, nat: -100, filter: 0, security: 50 };

/** Splits a line of `iptables-save` into words; double quotes group, a backslash escapes inside them. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    words.push(plain ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
  }
  return words;
}

/** The chains of one saved output. `scope` keeps chains of different tools with one name apart. */
export function readSaved(saved: SavedTables, mentions: Mentions): { chains: Chain[]; tables: Set<string> } {
  const chains = new Map<string, Chain>();
  const tables = new Set<string>();
  const scope = `${saved.variant === 'legacy' ? 'legacy ' : ''}${saved.family === 4 ? 'ip' : 'ip6'}`;
  let table = '';
  for (const line of saved.lines) {
    if (line.startsWith('*')) {
      table = line.slice(1).trim();
      tables.add(table);
      continue;
    }
    const idOf = (name: string) => `${scope} ${table} ${name}`;
    const chain = /^:(\S+) (\S+)/.exec(line);
    if (chain?.[1]) {
      const hook = chain[2] === '-' ? undefined : HOOKS[chain[1]];
      chains.set(idOf(chain[1]), {
        id: idOf(chain[1]),
        name: `${scope} ${table}/${chain[1]}`,
        families: [saved.family],
        base: hook ? { hook, priority: PRIORITIES[table] ?? 0, nat: table === 'nat' } : null,
        policy: chain[2] === 'DROP' ? 'drop' : 'accept',
        rules: [],
      });
      continue;
    }
    const rule = /^(?:\[\d+:\d+\] )?-A (\S+)(.*)$/.exec(line);
    if (!rule?.[1]) continue;
    const owner = chains.get(idOf(rule[1]));
    owner?.rules.push(readRule(splitWords(rule[2] ?? ''), saved.family, mentions, idOf, chains, line));
  }
  return { chains: [...chains.values()], tables };
}

function readRule(
  words: readonly string[],
  family: 4 | 6,
  mentions: Mentions,
  idOf: (name: string) => string,
  chains: ReadonlyMap<string, Chain>,
  line: string,
): Rule {
  const tests: Test[] = [];
  const text = line.replace(/^\[\d+:\d+\] /, '').slice(0, 300);
  let at = 0;
  let module = '';
  while (at < words.length) {
    const negated = words[at] === '!';
    if (negated) at += 1;
    const option = words[at] ?? '';
    at += 1;
    if (option === '-j' || option === '-g') {
      const name = words[at] ?? '';
      const target = chains.has(idOf(name))
        ? { action: { kind: option === '-g' ? 'goto' : 'jump', chain: idOf(name) } as const }
        : readTarget(name, words.slice(at + 1), family);
      return { tests, text, ...target };
    }
    const values: string[] = [];
    // A value may itself be preceded by `!` in old syntax; options start with a dash followed by a letter.
    while (at < words.length && words[at] !== '!' && !/^--?[a-z]/.test(words[at] ?? '')) values.push(words[at++] ?? '');
    if (option === '-m') module = values[0] ?? '';
    // `recent` is one test made of several options.
    if (option === '-m' && values[0] === 'recent') {
      const end = words.findIndex((word, index) => index >= at && (word === '-m' || word === '-j' || word === '-g'));
      tests.push(readRecent(words.slice(at, end === -1 ? words.length : end)));
      at = end === -1 ? words.length : end;
      continue;
    }
    const test = matchOption(option, values, { negated, family, mentions, module });
    if (test) tests.push(test);
  }
  return { tests, text, action: { kind: 'continue' } };
}

/** `-m recent`: `--set` always holds; with a hit count it holds for clients that come too often. */
function readRecent(options: readonly string[]): Test {
  if (options.includes('!')) return notUnderstood;
  if (options.includes('--set')) return { kind: 'plain', holds: () => true };
  return options.includes('--hitcount') ? { kind: 'over' } : notUnderstood;
}
