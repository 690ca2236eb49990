import { createContext, Script } from 'node:vm';
import { inlineIgnore } from '../ignore.ts';
import { entropy } from '../rarity.ts';
import type { Allowlist, Expression, Imported, ImportedRule } from './config.ts';

/** What an imported rule found. It holds the secret: it never leaves `src/secrets`. */
export interface ImportedMatch {
  rule: ImportedRule;
  secret: string;
  /** From 1. */
  line: number;
  /** Why a comment beside it lets it stay. */
  ignored: string | null;
}

const MAX_MATCHES = 200;
/** For all rules of one file. The expressions are other people's: one that does not end is ended. */
const FILE_MS = 1_000;

/** Runs where a time limit reaches it: expressions of a repository are as hostile as its files. */
const FIND = new Script(`(() => {
  const regex = new RegExp(source, flags.replace('g', '') + 'g');
  const found = [];
  for (let match = regex.exec(text); match && found.length < most; match = regex.exec(text)) {
    if (match[0] === '') { regex.lastIndex += 1; continue; }
    found.push([match.index, ...match].map((part) => part ?? ''));
  }
  return JSON.stringify(found);
})()`);

export interface ImportedScanner {
  scan(file: string, text: string): { matches: ImportedMatch[]; incomplete: string | null };
  /** Whether the global allowlist lets every finding in this file pass. */
  allowsFile(file: string): boolean;
}

export function createImportedScanner(
  imported: Imported,
  clock: () => number = () => performance.now(),
): ImportedScanner {
  const sandbox = { source: '', flags: '', text: '', most: MAX_MATCHES };
  const context = createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });

  const find = ({ source, flags }: Expression, text: string, timeout: number): string[][] => {
    Object.assign(sandbox, { source, flags, text });
    return JSON.parse(String(FIND.runInContext(context, { timeout: Math.max(1, Math.ceil(timeout)) })));
  };
  const hits = (one: Expression, text: string) => find(one, text, FILE_MS / 4).length > 0;

  const allows = (list: Allowlist, file: string, match: { secret: string; match: string; line: string }) => {
    const verdicts: boolean[] = [];
    if (list.paths.length > 0) verdicts.push(list.paths.some((one) => hits(one, file)));
    if (list.regexes.length > 0) verdicts.push(list.regexes.some((one) => hits(one, match[list.target])));
    if (list.stopwords.length > 0)
      verdicts.push(list.stopwords.some((word) => match.secret.toLowerCase().includes(word)));
    return verdicts.length > 0 && (list.all ? verdicts.every(Boolean) : verdicts.some(Boolean));
  };

  return {
    allowsFile(file) {
      const alone = imported.allow.filter(
        ({ all, regexes, stopwords }) => !all || regexes.length + stopwords.length === 0,
      );
      return alone.some(({ paths }) => paths.some((one) => hits(one, file)));
    },
    scan(file, text) {
      const until = clock() + FILE_MS;
      const lower = text.toLowerCase();
      const matches: ImportedMatch[] = [];
      for (const rule of imported.rules) {
        if (rule.keywords.length > 0 && !rule.keywords.some((word) => lower.includes(word))) continue;
        try {
          if (clock() > until) throw new Error('out of time');
          if (rule.path && !hits(rule.path, file)) continue;
          for (const [index = '0', whole = '', ...groups] of find(rule.regex, text, until - clock())) {
            const chosen = rule.group > 0 ? groups[rule.group - 1] : groups.find((group) => group !== '');
            const secret = chosen ?? whole;
            if (secret === '' || (rule.entropy > 0 && entropy(secret) <= rule.entropy)) continue;
            const at = Number(index);
            const begin = text.lastIndexOf('\n', at) + 1;
            const end = text.indexOf('\n', at + whole.length);
            const line = text.slice(begin, end === -1 ? text.length : end).slice(0, 4_000);
            const seen = { secret, match: whole, line };
            if ([...rule.allow, ...imported.allow].some((list) => allows(list, file, seen))) continue;
            const ignored = inlineIgnore(text, at, rule.id)?.reason ?? null;
            matches.push({ rule, secret, line: text.slice(0, at).split('\n').length, ignored });
          }
        } catch {
          return { matches, incomplete: `the imported rule ${rule.id} took too long` };
        }
      }
      return { matches, incomplete: null };
    },
  };
}
