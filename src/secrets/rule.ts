import type { Severity } from '../core/severity.ts';

/** What a rule thinks of a match: a secret, something that only has its form (checksum wrong, an example), or nothing. */
export type Judgement = 'secret' | 'doubtful' | 'no';

/**
 * One kind of secret. `regex` is tried at each place where a keyword begins and only there, and every quantifier in it is
 * bounded, so that the work per keyword is constant and no file can make it grow.
 */
export interface Rule {
  id: string;
  /** "GitHub personal access token": completes "holds a ...". */
  title: string;
  /** Of a real one at the tip of a repository. */
  severity: Severity;
  /** `format` knows itself by its shape, `context` by the name it is assigned to, `generic` by that name and its rarity. */
  kind: 'format' | 'context' | 'generic';
  /** What a match begins with. Compared without case where the expression ignores case. */
  keywords: readonly string[];
  /** Sticky. Its groups, joined, are the secret. */
  regex: RegExp;
  judge?(secret: string): Judgement;
  /** Texts in which the rule must find something, and texts that look alike in which it must not. None is a real secret. */
  examples: Examples;
}

export interface Examples {
  true: readonly [string, ...string[]];
  false: readonly [string, ...string[]];
}

type More = Partial<Pick<Rule, 'judge' | 'kind'>>;

/** No letter or digit before, but the end of an escape (`\n`) is no letter. */
const START = '(?<!(?<!\\\\)[A-Za-z0-9])';

/** A secret that is recognised by what it begins with. `body` is an expression without groups. */
export function token(
  id: string,
  title: string,
  severity: Severity,
  prefixes: readonly [string, ...string[]],
  body: string,
  examples: Examples,
  more: More = {},
): Rule {
  const end = /-\]|\\w/.test(body) ? '(?![\\w-])' : '(?![A-Za-z0-9])';
  const regex = new RegExp(`${START}(${alternatives(prefixes)}${body})${end}`, 'y');
  return { id, title, severity, kind: 'format', keywords: prefixes, regex, examples, ...more };
}

/** From the name to the value, in any of the usual notations: `a = "`, `a: '`, `"a" => "`, `<a>`, `define('a', '`. */
export const ASSIGN =
  '(?:\\\\?["\'`]|\\]){0,3}[ \\t]{0,20}(?:=>|:=|\\|\\||[=:,(>])[ \\t]{0,20}(?:[bf]?\\\\?["\'`]){0,1}';

/** A value that only the name it is assigned to tells from any other text. `names` are what that name holds, without case. */
export function assigned(
  id: string,
  title: string,
  severity: Severity,
  names: readonly [string, ...string[]],
  value: string,
  examples: Examples,
  more: More & {
    /** What must stand between the name's beginning and the sign of assignment. */ between?: string;
  } = {},
): Rule {
  const { between = '[\\w.-]{0,40}', ...rest } = more;
  const regex = new RegExp(`${alternatives(names)}${between}${ASSIGN}(${value})(?![\\w/+-])`, 'iy');
  return { id, title, severity, kind: 'context', keywords: names, regex, examples, ...rest };
}

function alternatives(words: readonly string[]): string {
  return `(?:${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`;
}
