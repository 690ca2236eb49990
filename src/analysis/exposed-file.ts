import type { ExposedFileRule } from '../knowledge/exposed-files.ts';

/**
 * What proves that a body is the file that the rule means, redacted, or `null` where it is something else (an error page,
 * the page for everything). `body` holds the first bytes as latin1.
 */
export function proofOf(rule: ExposedFileRule, body: string): string | null {
  if (!rule.markup && /^\s*(?:<!doctype|<html|<head|<\?xml|<!--|<[a-z]+[\s>])/i.test(body)) return null;
  const match = rule.signature.exec(body);
  if (!match) return null;
  if (rule.id === 'dotenv' && !looksLikeSettings(body)) return null;
  if (rule.proof === 'kind') return describe(body);
  if (rule.proof === 'names') return names(body);
  return (match[0].trim().split('\n')[0] ?? '').slice(0, 120);
}

/** Every line is a comment or a setting, as in a file that shells read; a text that merely has a `=` is not. */
function looksLikeSettings(body: string): boolean {
  const lines = body.split(/\r?\n/).slice(0, 200);
  if (body.length >= 16_000) lines.pop(); // the last line may be cut
  const told = lines.filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  const settings = told.filter((line) => /^\s*(?:export )?[A-Za-z_][A-Za-z0-9_.]{1,80}\s*=/.test(line));
  return settings.length > 0 && settings.length * 5 >= told.length * 4;
}

function names(body: string): string {
  const found = [
    ...body.slice(0, 16_384).matchAll(/^[ \t]*(?:export )?([A-Za-z_][A-Za-z0-9_.]{1,80})[ \t]*[=:]/gm),
  ].map(([, name]) => name);
  const shown = found
    .slice(0, 6)
    .map((name) => `${name}=(redacted)`)
    .join(' ');
  return found.length > 6 ? `${shown} and ${found.length - 6} more` : shown;
}

const KINDS: readonly [RegExp, string][] = [
  [/^PK\x03\x04/, 'a zip archive'],
  [/^\x1f\x8b\x08/, 'gzip data'],
  [/^SQLite format 3\x00/, 'an SQLite database'],
  [/^PGDMP/, 'a PostgreSQL dump'],
  [/^\x00\x00\x00\x01Bud1/, 'a .DS_Store file'],
  [/^b0VIM/, 'a Vim swap file'],
  [/^\s*<\?(?:php|=)/, 'PHP source code'],
  [/^-----BEGIN /m, 'a PEM block'],
  [/^\s*[{[]/, 'JSON'],
  [/^\s*</, 'markup'],
];

/** What the bytes are, without any of them. */
function describe(body: string): string {
  const kind = KINDS.find(([pattern]) => pattern.test(body))?.[1] ?? 'text';
  return `${kind} (content not shown)`;
}
