import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  path: string;
  text: string;
  /** The code without comments and string contents, for questions about what it does. */
  code: string;
  imports: { specifier: string; typeOnly: boolean }[];
}

/** The TypeScript files below these folders. */
export function sources(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
      .map((entry) => read(join(entry.parentPath, entry.name))),
  );
}

function read(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const path = relative(ROOT, file);
  const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
  const lazy = /\bimport\(\s*'([^']+)'/g;
  const imports = [
    ...[...text.matchAll(statement)].map((match) => ({ specifier: resolve(path, match[2]!), typeOnly: !!match[1] })),
    ...[...text.matchAll(lazy)].map((match) => ({ specifier: resolve(path, match[1]!), typeOnly: false })),
  ];
  return { path, text, code: withoutCommentsAndStrings(text), imports };
}

/** Relative imports become paths from the root; packages stay as they are. */
function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? join(dirname(from), specifier) : specifier;
}

function withoutCommentsAndStrings(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}
