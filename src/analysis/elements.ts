import { Tokenizer } from 'htmlparser2';
import type { HttpFacts } from '../core/facts/http.ts';
import { createNesting } from './nesting.ts';
import { styleUrls } from './style-urls.ts';

/** A start tag: its name and attributes in lower case, the first of two equal attributes kept (HTML 13.2.5.33). */
export interface Element {
  name: string;
  attributes: ReadonlyMap<string, string>;
  /** Content of a style element. */
  text?: string;
  /** Whether it stands in the head, where alone a policy in a meta element counts. */
  inHead: boolean;
}

/** More elements than any page that a person would read. */
const ELEMENT_LIMIT = 50_000;
/** Start tags that end the head where it was not ended explicitly. */
const HEAD_ONLY = new Set(['html', 'head', 'meta', 'title', 'base', 'link', 'script', 'style', 'noscript', 'template']);

const read = new WeakMap<HttpFacts, readonly Element[]>();

/** Start tags of the page, read once per fact. */
export function elementsOf(http: HttpFacts): readonly Element[] {
  const known = read.get(http);
  if (known) return known;
  const elements = readElements(http.body);
  read.set(http, elements);
  return elements;
}

/**
 * Start tags of an HTML text, in order. Comments, script text and, unless asked for, the inert content of templates give none. The tokenizer
 * is used without a tree: what a page nests is of no interest here, and a tree makes hostile nesting expensive.
 */
export function readElements(html: string, { inert = false } = {}): Element[] {
  const elements: Element[] = [];
  let name = '';
  let attributes = new Map<string, string>();
  let attribute = '';
  let value = '';
  let templates = 0;
  let inHead = true;

  const nesting = createNesting();

  let style: Element | null = null;

  const open = () => {
    nesting.open(name);
    style = null;
    if (!HEAD_ONLY.has(name)) inHead = false;
    if ((inert || templates === 0) && elements.length < ELEMENT_LIMIT) {
      const element: Element = { name, attributes, inHead };
      elements.push(element);
      if (name === 'style') style = element;
    }
    if (name === 'template') templates += 1;
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        name = html.slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase();
        value = '';
      },
      onattribdata(start, end) {
        value += html.slice(start, end);
      },
      onattribentity(codePoint) {
        value += String.fromCodePoint(codePoint);
      },
      onattribend() {
        if (!attributes.has(attribute)) attributes.set(attribute, value);
      },
      onopentagend: open,
      onselfclosingtag() {
        const foreign = nesting.foreign();
        open();
        if (foreign) nesting.close(name);
      },
      isInForeignContext: nesting.foreign,
      onclosetag(start, end) {
        const closed = html.slice(start, end).toLowerCase();
        nesting.close(closed);
        style = null;
        if (closed === 'template' && templates > 0) templates -= 1;
        if (closed === 'head') inHead = false;
      },
      oncdata() {},
      oncomment() {},
      ondeclaration() {},
      onend() {},
      onprocessinginstruction() {},
      ontext(start, end) {
        if (style) style.text = (style.text ?? '') + html.slice(start, end);
      },
      ontextentity() {},
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return elements;
}

/** Values of `content` of the meta elements with that http-equiv that stand in the head. */
export function metaEquiv(elements: readonly Element[], name: string): string[] {
  return elements.flatMap((element) => {
    if (element.name !== 'meta' || !element.inHead) return [];
    if (element.attributes.get('http-equiv')?.trim().toLowerCase() !== name) return [];
    return [element.attributes.get('content') ?? ''];
  });
}

/** What an element makes the browser load, and how much power the loaded thing has over the page. */
export interface Load {
  element: Element;
  url: URL;
  /** `active` content can change the page; `passive` content is only shown. */
  kind: 'active' | 'passive';
}

const PASSIVE: Record<string, readonly string[]> = {
  img: ['src', 'srcset'],
  audio: ['src'],
  video: ['src', 'poster'],
  source: ['src', 'srcset'],
  track: ['src'],
  input: ['src'],
};
const ACTIVE: Record<string, readonly string[]> = {
  script: ['src'],
  iframe: ['src'],
  frame: ['src'],
  embed: ['src'],
  object: ['data'],
};
/** Link relations that load something; the rest (canonical, alternate, dns-prefetch ...) only names it. */
const LOADING_RELATIONS: Record<string, Load['kind']> = {
  stylesheet: 'active',
  modulepreload: 'active',
  preload: 'active',
  manifest: 'active',
  icon: 'passive',
  'apple-touch-icon': 'passive',
};

/** Everything that the elements load by themselves, resolved against the page's URL or its base element. */
export function loadsOf(elements: readonly Element[], pageUrl: string): Load[] {
  const base = baseOf(elements, pageUrl);
  return elements.flatMap((element) => [...attributeLoads(element, base), ...styleLoads(element, base)]);
}

/** What style elements and style attributes load: imported sheets, which are active, and images and fonts. */
function styleLoads(element: Element, base: string): Load[] {
  const css = element.name === 'style' ? element.text : element.attributes.get('style');
  return styleUrls(css ?? '').flatMap(({ text, kind }): Load[] => {
    const url = resolve(text, base);
    return url ? [{ element, url, kind: kind === 'style' ? 'active' : 'passive' }] : [];
  });
}

function attributeLoads(element: Element, base: string): Load[] {
  const kind = element.name === 'link' ? linkKind(element) : element.name in ACTIVE ? 'active' : 'passive';
  const attributes = element.name === 'link' ? ['href'] : (ACTIVE[element.name] ?? PASSIVE[element.name]);
  if (!kind || !attributes) return [];
  return attributes.flatMap((attribute) => {
    const value = element.attributes.get(attribute);
    if (value === undefined || value.trim() === '') return [];
    const candidates = attribute === 'srcset' ? srcsetUrls(value) : [value];
    return candidates.flatMap((text) => {
      const url = resolve(text, base);
      return url ? [{ element, url, kind }] : [];
    });
  });
}

function linkKind(element: Element): Load['kind'] | null {
  const relations = (element.attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
  const kinds = relations.flatMap((relation) => LOADING_RELATIONS[relation] ?? []);
  return kinds.includes('active') ? 'active' : (kinds[0] ?? null);
}

function baseOf(elements: readonly Element[], pageUrl: string): string {
  const href = elements
    .find((element) => element.name === 'base' && element.attributes.has('href'))
    ?.attributes.get('href');
  return resolve(href ?? '', pageUrl)?.href ?? pageUrl;
}

/** URLs of a srcset: candidates are separated by commas that follow white space or a descriptor. */
function srcsetUrls(value: string): string[] {
  return value
    .split(/,\s+|\s+/)
    .map((part) => part.replace(/,+$/, ''))
    .filter((part) => part !== '' && !/^[\d.]+[wxh]$/.test(part));
}

function resolve(text: string, base: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}
