import { readElements } from './elements.ts';

const MAX_LINKS = 200;

/** URLs of the scripts that a page loads or announces, in order, each once. Fragments are taken off; the rest is absolute. */
export function scriptsOf(html: string, pageUrl: string): URL[] {
  const elements = readElements(html);
  const base = absolute(elements.find(({ name }) => name === 'base')?.attributes.get('href') ?? '', pageUrl);
  const found = elements.flatMap(({ name, attributes }) => {
    if (name === 'script') return [attributes.get('src')];
    if (name !== 'link') return [];
    const rel = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
    const script = rel.includes('modulepreload') || (rel.includes('preload') && attributes.get('as') === 'script');
    return script ? [attributes.get('href')] : [];
  });
  return unique(found.map((href) => (href === undefined ? null : absolute(href, (base ?? new URL(pageUrl)).href))));
}

/** URLs of other scripts that a script names in so many words: chunks of a bundle, imports. */
export function scriptsNamedIn(script: string, scriptUrl: string): URL[] {
  const named: (URL | null)[] = [];
  for (const [, path = ''] of script.matchAll(/["'`]((?:\.{0,2}\/)?[\w@./-]{1,200}\.m?js)["'`]/g)) {
    if (named.length >= MAX_LINKS) break;
    // Bundlers write what lies beside the script as `assets/x.js`, seen from the root; `./x.js` is seen from the script.
    named.push(absolute(/^\.{0,2}\//.test(path) ? path : `/${path}`, scriptUrl));
  }
  return unique(named);
}

/** Where a script says that its source map is: the last such comment counts (ECMA-426). */
export function sourceMapOf(script: string): string | null {
  const tail = script.slice(-8 * 1024 * 1024);
  const at = Math.max(tail.lastIndexOf('//# sourceMappingURL='), tail.lastIndexOf('//@ sourceMappingURL='));
  if (at === -1) return null;
  const end = tail.slice(at + 21).search(/[\s'"]/);
  const url = end === -1 ? tail.slice(at + 21) : tail.slice(at + 21, at + 21 + end);
  return url === '' ? null : url;
}

/** The sources that a source map carries, or `null` where the text is no source map. */
export function readSourceMap(text: string): { name: string; content: string }[] | null {
  let map: unknown;
  try {
    map = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''));
  } catch {
    return null;
  }
  const sections = field(map, 'sections');
  const parts = Array.isArray(sections) ? sections.map((section) => field(section, 'map')) : [map];
  if (!parts.some((part) => typeof field(part, 'mappings') === 'string')) return null;
  return parts.flatMap((part) => {
    const names = field(part, 'sources');
    const contents = field(part, 'sourcesContent');
    if (!Array.isArray(contents)) return [];
    return contents.slice(0, 20_000).flatMap((content: unknown, index) => {
      const name: unknown = Array.isArray(names) ? names[index] : undefined;
      if (typeof content !== 'string') return [];
      return [{ name: typeof name === 'string' ? name.slice(0, 300) : `source ${index}`, content }];
    });
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function absolute(href: string, base: string): URL | null {
  if (href === '' || href.length > 2_000 || !URL.canParse(href, base)) return null;
  const url = new URL(href, base);
  url.hash = '';
  return /^https?:$/.test(url.protocol) ? url : null;
}

function unique(urls: readonly (URL | null)[]): URL[] {
  const seen = new Map(urls.flatMap((url) => (url === null ? [] : [[url.href, url] as const])));
  return [...seen.values()].slice(0, MAX_LINKS);
}
