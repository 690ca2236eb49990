import { readFile, stat } from 'node:fs/promises';
import { reasonOf } from '../core/error.ts';

/** Larger than the list of any browser so far (20 MB in 2026). */
const MAX_BYTES = 128 * 1024 * 1024;

/** Whether browsers that carry the list use HTTPS alone for a host. */
export interface PreloadList {
  has(host: string): boolean;
}

const read = new Map<string, { stamp: string; list: Promise<PreloadList> }>();

/**
 * Reads a list of preloaded hosts, once per change of the file: Chromium's transport_security_state_static.json (with its
 * comments) or an object of host -> { mode, includeSubDomains }. Rejects where it is neither.
 */
export async function preloadList(path: string): Promise<PreloadList> {
  const { size, mtimeMs } = await stat(path);
  if (size > MAX_BYTES) throw new Error(`${path} is larger than 128 MiB`);
  const stamp = `${size} ${mtimeMs}`;
  const known = read.get(path);
  if (known?.stamp === stamp) return known.list;
  const list = readFile(path, 'utf8').then((text) => parsePreloadList(text));
  read.set(path, { stamp, list });
  return list;
}

/** Throws where the text is no such list. */
export function parsePreloadList(text: string): PreloadList {
  const entries = entriesOf(parse(text));
  const hosts = new Map<string, boolean>();
  for (const { name, mode, subdomains } of entries)
    if (mode === 'force-https') hosts.set(name.toLowerCase(), subdomains);
  return {
    has(host) {
      const labels = host.toLowerCase().split('.');
      if (hosts.has(labels.join('.'))) return true;
      return labels.some((_, skip) => skip > 0 && hosts.get(labels.slice(skip).join('.')) === true);
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('{"') ? text : text.replace(/^\s*\/\/.*$/gm, ''));
  } catch (thrown) {
    throw new Error(`the preload list is no JSON: ${reasonOf(thrown)}`);
  }
}

interface Entry {
  name: string;
  mode: unknown;
  subdomains: boolean;
}

function entriesOf(list: unknown): Entry[] {
  if (!isObject(list)) throw new Error('the preload list is no object');
  if (Array.isArray(list.entries))
    return list.entries.flatMap((entry: unknown) =>
      isObject(entry) && typeof entry.name === 'string'
        ? [{ name: entry.name, mode: entry.mode, subdomains: entry.include_subdomains === true }]
        : [],
    );
  const entries = Object.entries(list).flatMap(([name, entry]) =>
    isObject(entry) ? [{ name, mode: entry.mode, subdomains: entry.includeSubDomains === true }] : [],
  );
  if (entries.length === 0) throw new Error('the preload list has no entries');
  return entries;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
