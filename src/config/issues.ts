import type { z } from 'zod';
import { didYouMean, suggest } from '../core/suggest.ts';
import type { Path } from './problem.ts';
import { type JsonSchema, keysAt } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;

/** A problem before its place is known. `on` says whether it is the key or the value that is meant. */
export interface Finding {
  path: Path;
  message: string;
  on: 'key' | 'value';
}

/** What zod found, one sentence each, in the words of the file rather than of the schema. */
export function explainIssues(issues: readonly Issue[], data: unknown, schema: JsonSchema, at: Path = []): Finding[] {
  const found = issues.flatMap((issue) => explain(issue, data, schema, at));
  const meant = found.flatMap(({ message }) => /did you mean "([^"]+)"/.exec(message)?.[1] ?? []);
  // "hots" is unknown and was meant to be "host": that "host" is missing is then no second problem.
  return found.filter(({ path, message }) => message !== MISSING || !meant.includes(String(path.at(-1))));
}

const MISSING = 'is missing';

function explain(issue: Issue, data: unknown, schema: JsonSchema, at: Path): Finding[] {
  const own = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const path = [...at, ...own];
  const value = valueAt(data, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = keysAt(schema, path).filter((one) => !hasKey(value, one));
        return { path: [...path, key], on: 'key', message: `unknown key "${key}"${didYouMean(key, known)}` };
      });
    case 'invalid_union': {
      if (issue.errors.length === 0) return [{ path, on: 'value', message: plain(issue, value) }];
      const branches = issue.errors.map((errors) => ({ errors, cost: costOf(errors, value) }));
      const best = branches.reduce((a, b) => (b.cost < a.cost ? b : a));
      const missing = branches
        .filter(({ cost }) => cost === best.cost)
        .flatMap(({ errors }) => soleMissing(errors, value));
      if (missing.length > 1) return [{ path, on: 'value', message: `needs one of ${missing.join(', ')}` }];
      const flat = branches.every(({ errors }) => errors.every((error) => error.path.length === 0));
      if (flat && typeof value !== 'object') return [{ path, on: 'value', message: alternatives(issue.errors, value) }];
      return explainIssues(best.errors, data, schema, path);
    }
    case 'invalid_key':
      return [{ path, on: 'key', message: issue.issues[0]?.message ?? 'is not a valid key' }];
    case 'invalid_type':
      if (value === undefined) return [{ path, on: 'value', message: MISSING }];
      return [{ path, on: 'value', message: plain(issue, value) }];
    default:
      return [{ path, on: 'value', message: plain(issue, value) }];
  }
}

/** How far a value is from a branch of a union: a key that no near one explains weighs most. */
function costOf(issues: readonly Issue[], value: unknown): number {
  let cost = 0;
  for (const issue of issues) {
    if (issue.path.length > 1) cost += 1;
    else if (issue.code === 'unrecognized_keys') {
      const missing = issues.flatMap((other) => (other.path.length === 1 ? [String(other.path[0])] : []));
      for (const key of issue.keys) cost += suggest(key, missing).length > 0 ? 2 : 10;
    } else if (issue.path.length === 1 && !hasKey(value, String(issue.path[0]))) cost += 5;
    else cost += issue.path.length === 0 ? 20 : 2;
  }
  return cost;
}

/** The key whose absence is all that stands between a value and a branch. */
function soleMissing(issues: readonly Issue[], value: unknown): string[] {
  const [issue, ...more] = issues;
  const key = issue?.path.length === 1 ? String(issue.path[0]) : undefined;
  return key === undefined || more.length > 0 || typeof value !== 'object' || hasKey(value, key) ? [] : [key];
}

function alternatives(branches: readonly (readonly Issue[])[], value: unknown): string {
  const texts = branches.flatMap((issues) => issues.map((issue) => plain(issue, value)));
  const custom = texts.find((text) => !/^must be /.test(text));
  if (custom !== undefined) return custom;
  const wanted = texts.map((text) => text.replace(/^must be /, '').replace(/, not .*$/, ''));
  return `must be ${[...new Set(wanted)].join(' or ')}, not ${nameOf(value)}`;
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'null',
};

function plain(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}, not ${nameOf(value)}`;
    case 'invalid_value': {
      const near = typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : '';
      return `must be ${issue.values.map((one) => JSON.stringify(one)).join(' or ')}, not ${nameOf(value)}${near}`;
    }
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? (customMessage(issue.message) ?? 'must not be empty')
        : `must be at least ${issue.minimum}, not ${nameOf(value)}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `must not have more than ${issue.maximum} entries`
        : `must be at most ${issue.maximum}, not ${nameOf(value)}`;
    default:
      return customMessage(issue.message) ?? 'is not valid';
  }
}

/** A message that a schema of ours wrote, as against the library's own wording. */
function customMessage(message: string): string | undefined {
  return /^(?:Too small|Too big|Invalid)/.test(message) ? undefined : message;
}

/** A value for a message. It may be a secret that was resolved in the wrong place, so only simple ones are shown. */
function nameOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  return value.length <= 40 ? JSON.stringify(value) : 'this text';
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

/** The value at a path of plain data, `undefined` where there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
