import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Document, isAlias, isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import { AppError, reasonOf } from '../core/error.ts';
import type { Path, Problem } from './problem.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 500;

/** One file as it was read. `name` is what messages call it, `dir` what its relative paths are relative to. */
export interface Source {
  name: string;
  path: string;
  dir: string;
  data: unknown;
  /** The place of a value, or of its key; of the nearest thing around it where it is not there. */
  locate(path: Path, what?: 'key' | 'value'): { line: number; col: number };
}

/** Reads a file, or every `.yaml` and `.yml` of a folder in the order of their names. */
export function readSources(path: string): { sources: Source[]; problems: Problem[] } {
  const sources: Source[] = [];
  const problems: Problem[] = [];
  for (const { file, name } of filesOf(path)) {
    const text = readText(file, name);
    const read = parseSource(text, { name, path: file, dir: dirname(file) });
    problems.push(...read.problems);
    if (read.source) sources.push(read.source);
  }
  return { sources, problems };
}

function filesOf(path: string): { file: string; name: string }[] {
  const full = resolve(path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat) {
    throw new AppError('config-missing', `${path}: there is no such file`, {
      hint: '`seaworthy init` writes one, --config FILE names another',
    });
  }
  if (!stat.isDirectory()) return [{ file: full, name: path }];
  const names = readdirSync(full).filter((name) => /^[^.].*\.ya?ml$/.test(name));
  if (names.length === 0) throw new AppError('config-missing', `${path}: no .yaml file in this folder`);
  if (names.length > MAX_FILES) throw new AppError('config-too-large', `${path}: more than ${MAX_FILES} files`);
  return names.sort().map((name) => ({ file: join(full, name), name: join(path, name) }));
}

function readText(file: string, name: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw new AppError('config-too-large', `${name}: larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('config-unreadable', `${name}: cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Parses one file; what is wrong with its YAML comes back as problems, all of it. */
export function parseSource(
  text: string,
  file: { name: string; path: string; dir: string },
): { source: Source | null; problems: Problem[] } {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), col: Math.max(1, col) };
  };
  const problem = (offset: number, message: string): Problem => ({ file: file.name, ...at(offset), path: [], message });
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  } catch (error) {
    // Thousands of nested brackets exhaust the parser's stack.
    const deep = error instanceof RangeError;
    return { source: null, problems: [problem(0, deep ? 'is nested too deeply' : reasonOf(error))] };
  }
  if (document.errors.length > 0) {
    return {
      source: null,
      problems: document.errors.map((error) => problem(error.pos[0], yamlMessage(error.message))),
    };
  }
  try {
    const data = document.toJS({ maxAliasCount: 200 }) ?? {};
    const locate = (path: Path, what: 'key' | 'value' = 'value') => at(offsetOf(document, path, what));
    return { source: { ...file, data, locate }, problems: [] };
  } catch (error) {
    return { source: null, problems: [problem(0, reasonOf(error))] };
  }
}

function yamlMessage(message: string): string {
  const line = message.split('\n')[0] ?? message;
  return `is not valid YAML: ${line.charAt(0).toLowerCase()}${line.slice(1)}`;
}

function offsetOf(document: Document.Parsed, path: Path, what: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [depth, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === String(part));
      if (!pair || !isNode(pair.key)) return offset;
      const last = depth === path.length - 1;
      if (isNode(pair.value)) node = pair.value;
      else return pair.key.range?.[0] ?? offset;
      offset = (last && what === 'key' ? pair.key.range?.[0] : pair.value.range?.[0]) ?? offset;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      if (!isNode(node)) return offset;
      offset = node.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
