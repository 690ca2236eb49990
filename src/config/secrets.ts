// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written like that
import { readFileSync, statSync } from 'node:fs';
import { reasonOf } from '../core/error.ts';
import { expandPath } from './paths.ts';
import type { Path } from './problem.ts';
import type { JsonSchema } from './schema-walk.ts';
import { childSchema } from './schema-walk.ts';

/** A reference in a value: `${env:NAME}` or `${file:PATH}`. `$${` is a literal `${`. */
const REFERENCE = /\$?\$\{([^}]*)\}/g;
const MAX_SECRET_BYTES = 64 * 1024;

export interface ReferenceContext {
  env: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to. */
  dir: string;
  /** Told about a reference that leads nowhere. The value is never part of the message. */
  problem(path: Path, message: string): void;
  /** Told about each value that a reference stood for, so that it can be kept out of messages. */
  resolved?(value: string): void;
}

/** A copy of `data` in which every reference is replaced by what it names. Keys are left alone. */
export function resolveReferences(data: unknown, context: ReferenceContext, path: Path = []): unknown {
  if (typeof data === 'string') return data.includes('${') ? resolveText(data, context, path) : data;
  if (Array.isArray(data)) return data.map((item, index) => resolveReferences(item, context, [...path, index]));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, resolveReferences(value, context, [...path, key])]),
  );
}

function resolveText(text: string, context: ReferenceContext, path: Path): string {
  const used = (value: string) => {
    context.resolved?.(value);
    return value;
  };
  return text.replace(REFERENCE, (whole, inner: string) => {
    if (whole.startsWith('$$')) return whole.slice(1);
    const [kind, name] = [inner.slice(0, inner.indexOf(':')), inner.slice(inner.indexOf(':') + 1).trim()];
    if (kind === 'env' && name !== '') {
      const value = context.env[name];
      if (value !== undefined && value !== '') return used(value);
      context.problem(path, `the environment variable ${name} is not set`);
    } else if (kind === 'file' && name !== '') {
      const value = readSecret(expandPath(name, context.dir, context.env));
      if (value.ok) return used(value.text);
      context.problem(path, `the file ${name} ${value.reason}`);
    } else {
      context.problem(path, `"${whole}" is not a reference; write \${env:NAME} or \${file:PATH}`);
    }
    return whole;
  });
}

function readSecret(path: string): { ok: true; text: string } | { ok: false; reason: string } {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return { ok: false, reason: 'does not exist' };
    if (!stat.isFile()) return { ok: false, reason: 'is not a file' };
    if (stat.size > MAX_SECRET_BYTES) return { ok: false, reason: 'is larger than 64 KiB' };
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { ok: false, reason: 'is empty' } : { ok: true, text };
  } catch (error) {
    return { ok: false, reason: `cannot be read: ${reasonOf(error)}` };
  }
}

const SECRET_HEADER = /authorization|cookie|token|api-?key|secret/i;

/** Paths of values that stand in the file although their schema says that they are secret. */
export function literalSecrets(schema: JsonSchema, data: unknown, path: Path = []): Path[] {
  if (typeof data === 'string') {
    const header = path.at(-2) === 'headers' && SECRET_HEADER.test(String(path.at(-1)));
    const marked = header || [schema, ...(schema.anyOf ?? [])].some((one) => one.writeOnly === true);
    return marked && !/\$\{(?:env|file):/.test(data) ? [path] : [];
  }
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const part = Array.isArray(data) ? Number(key) : key;
    const children = childSchema(schema, part);
    const found = children.flatMap((child) => literalSecrets(child, value, [...path, part]));
    return found.filter((one, index) => found.findIndex((other) => other.join('\0') === one.join('\0')) === index);
  });
}
