import { parse, TomlError } from 'smol-toml';
import { reasonOf } from '../../core/error.ts';
import { translateExpression } from './expression.ts';

/** An expression that can be handed to another context. */
export interface Expression {
  source: string;
  flags: string;
}

/** When a match does not count. With `all` every criterion that is given must hold, else one of them. */
export interface Allowlist {
  all: boolean;
  paths: Expression[];
  regexes: Expression[];
  target: 'secret' | 'match' | 'line';
  stopwords: string[];
}

export interface ImportedRule {
  id: string;
  title: string;
  regex: Expression;
  /** Which group is the secret; 0 = the first that matched anything, else the whole match. */
  group: number;
  /** Bits per character that the secret has at least. */
  entropy: number;
  /** In lower case; one must be in the file. */
  keywords: string[];
  path: Expression | null;
  allow: Allowlist[];
}

/** A `.gitleaks.toml` as far as it is carried over, and what is not, in words. */
export interface Imported {
  rules: ImportedRule[];
  /** For every rule. */
  allow: Allowlist[];
  notes: string[];
}

type Table = Record<string, unknown>;
const MAX_RULES = 1_000;

/** Reads the text of a `.gitleaks.toml`. What is wrong or unknown in it is a note; only text that is no TOML is an error. */
export function readGitleaksConfig(text: string): Imported | { error: string } {
  let data: Table;
  try {
    data = parse(text);
  } catch (thrown) {
    const where = thrown instanceof TomlError ? ` at line ${thrown.line}, column ${thrown.column}` : '';
    return { error: `it is no TOML${where}: ${reasonOf(thrown).slice(0, 200)}` };
  }
  const notes: string[] = [];
  const extend = table(data.extend);
  if (extend.useDefault === true)
    notes.push("extend.useDefault: Seaworthy's own rules stand in for the default rules of gitleaks");
  if (extend.path !== undefined || extend.url !== undefined)
    notes.push('extend.path and extend.url: other files are not read');
  if (strings(extend.disabledRules).length > 0) {
    notes.push(
      `extend.disabledRules (${strings(extend.disabledRules).join(', ')}): rules of Seaworthy are not switched off by it`,
    );
  }
  const rules = tables(data.rules)
    .slice(0, MAX_RULES)
    .flatMap((rule, index) => readRule(rule, index, notes));
  const allow = [...tables(data.allowlists), ...maybe(data.allowlist)].flatMap((one) => {
    if (strings(one.targetRules).length > 0) {
      for (const rule of rules) {
        if (strings(one.targetRules).includes(rule.id))
          rule.allow.push(readAllowlist(one, `allowlist for ${rule.id}`, notes));
      }
      return [];
    }
    return [readAllowlist(one, 'the global allowlist', notes)];
  });
  if (allow.some(({ regexes, stopwords }) => regexes.length > 0 || stopwords.length > 0)) {
    notes.push(
      "the global allowlist: its regexes and stopwords count for the rules of this file; its paths for Seaworthy's own too",
    );
  }
  return { rules, allow, notes: [...new Set(notes)] };
}

function readRule(rule: Table, index: number, notes: string[]): ImportedRule[] {
  const id = typeof rule.id === 'string' && rule.id !== '' ? rule.id.slice(0, 100) : `rule ${index + 1}`;
  const left = (why: string) => {
    notes.push(`rule ${id}: not carried over: ${why}`);
    return [];
  };
  if (typeof rule.regex !== 'string') return left('it has no regex (rules for paths alone are not known here)');
  if (tables(rule.required).length > 0)
    notes.push(`rule ${id}: "required" is not known here; the rule counts by itself`);
  if (rule.skipReport === true) return left('skipReport: it reports nothing by itself');
  const regex = expression(rule.regex, `rule ${id}: regex`, notes);
  const path = typeof rule.path === 'string' ? expression(rule.path, `rule ${id}: path`, notes) : null;
  if (regex === null || (typeof rule.path === 'string' && path === null))
    return left('its expression cannot be translated');
  const allow = [...tables(rule.allowlists), ...maybe(rule.allowlist)];
  return [
    {
      id,
      title: typeof rule.description === 'string' ? rule.description.slice(0, 200) : id,
      regex,
      group: typeof rule.secretGroup === 'number' ? rule.secretGroup : 0,
      entropy: typeof rule.entropy === 'number' ? rule.entropy : 0,
      keywords: strings(rule.keywords).map((word) => word.toLowerCase()),
      path,
      allow: allow.map((one) => readAllowlist(one, `rule ${id}: allowlist`, notes)),
    },
  ];
}

function readAllowlist(list: Table, name: string, notes: string[]): Allowlist {
  if (strings(list.commits).length > 0)
    notes.push(`${name}: commits are not carried over; accept a leak by its fingerprint in .seaworthyignore`);
  const expressions = (key: string) =>
    strings(list[key]).flatMap((text) => expression(text, `${name}: ${key}`, notes) ?? []);
  const target = list.regexTarget === 'match' || list.regexTarget === 'line' ? list.regexTarget : 'secret';
  return {
    all: typeof list.condition === 'string' && list.condition.toUpperCase() === 'AND',
    paths: expressions('paths'),
    regexes: expressions('regexes'),
    target,
    stopwords: strings(list.stopwords).map((word) => word.toLowerCase()),
  };
}

function expression(text: string, name: string, notes: string[]): Expression | null {
  const translated = translateExpression(text);
  if (!translated.ok) {
    notes.push(`${name}: /${text.slice(0, 80)}/ is left out: ${translated.reason}`);
    return null;
  }
  if (translated.note !== null) notes.push(`${name}: ${translated.note}`);
  return { source: translated.source, flags: translated.flags };
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
function tables(value: unknown): Table[] {
  return Array.isArray(value) ? value.map(table) : [];
}
function maybe(value: unknown): Table[] {
  return value === undefined || Array.isArray(value) ? tables(value) : [table(value)];
}
function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
