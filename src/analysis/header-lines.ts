import { HEADER_SERVERS, type HeaderServer } from '../core/header-verdict.ts';

/** A change to what a site sends. `replaces`: the header is sent already, so the old one must go. */
export type HeaderChange =
  | { action: 'set'; name: string; value: string; replaces: boolean }
  | { action: 'remove'; name: string }
  | { action: 'cookie'; name: string; path: string; attributes: readonly CookieAttribute[] };
export type CookieAttribute = 'Secure' | 'HttpOnly' | 'SameSite=Lax' | 'SameSite=Strict' | 'SameSite=None';

/** What the changes of one line are written with: the statements, and those that stand outside of the block. */
interface Written {
  inside: string[];
  outside?: string[];
}

/**
 * Characters that mean the same in every configuration language and in script. Values are partly made of what a target
 * sent: `$`, `%`, `{` and backslashes would be variables somewhere.
 */
const PLAIN = /^[\w '"()=;:,.*/@+?&~!#-]*$/;
const NAME = /^[\w.-]{1,100}$/;

/** Whether a change can be written down without its text meaning something else in one of the languages. */
export function isWritable(change: HeaderChange): boolean {
  return NAME.test(change.name) && (change.action !== 'set' || PLAIN.test(change.value));
}

/** What mends one header, for every server. */
export function headerLines(change: HeaderChange): Record<HeaderServer, string> {
  return forEachServer((server) => {
    const { inside, outside = [] } = WRITERS[server](change);
    return [...outside, ...inside].join('\n');
  });
}

/** What mends all of them, with what stands around it. In an application a cookie is mended where it is set. */
export function headerBlock(changes: readonly HeaderChange[]): Record<HeaderServer, string> {
  return forEachServer((server) => {
    const isApplication = server === 'express' || server === 'hono' || server === 'node';
    const written = changes
      .filter((change) => !isApplication || change.action !== 'cookie')
      .map((change) => WRITERS[server](change));
    const inside = written.flatMap((one) => one.inside);
    return [...written.flatMap((one) => one.outside ?? []), ...AROUND[server](inside)].join('\n');
  });
}

function forEachServer(write: (server: HeaderServer) => string): Record<HeaderServer, string> {
  const [nginx, apache, caddy, express, hono, node] = HEADER_SERVERS.map(write);
  return {
    nginx: nginx ?? '',
    apache: apache ?? '',
    caddy: caddy ?? '',
    express: express ?? '',
    hono: hono ?? '',
    node: node ?? '',
  };
}

const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
const script = (text: string) => (text.includes("'") ? quoted(text) : `'${text}'`);
const isServer = (name: string) => name.toLowerCase() === 'server';

const WRITERS: Record<HeaderServer, (change: HeaderChange) => Written> = {
  // Without `always` nginx sends the line only with answers that went well. What an application behind it sends stays
  // beside add_header unless it is hidden; hiding does nothing where nothing is proxied.
  nginx(change) {
    const { name } = change;
    if (change.action === 'set') {
      const old = change.replaces ? [`proxy_hide_header ${name};`, `fastcgi_hide_header ${name};`] : [];
      return { inside: [...old, `add_header ${name} ${quoted(change.value)} always;`] };
    }
    if (change.action === 'remove') {
      if (isServer(name)) return { inside: ['server_tokens off;'] };
      return { inside: [`proxy_hide_header ${name};`, `fastcgi_hide_header ${name};`] };
    }
    return { inside: [`proxy_cookie_flags ${name} ${change.attributes.join(' ').toLowerCase()};`] };
  },
  // mod_headers keeps two tables and sends both: `always` is the server's own, `onsuccess` what applications send.
  apache(change) {
    const { name } = change;
    if (change.action === 'set') {
      const old = change.replaces ? [`Header onsuccess unset ${name}`] : [];
      return { inside: [...old, `Header always set ${name} ${quoted(change.value)}`] };
    }
    if (change.action === 'remove') {
      const gone = [`Header onsuccess unset ${name}`, `Header always unset ${name}`];
      // Without a Server line the server writes its own, so what is proxied is taken away and the own one is shortened.
      return isServer(name)
        ? { inside: gone.slice(0, 1), outside: ['ServerTokens Prod', 'ServerSignature Off'] }
        : { inside: gone };
    }
    const edit = `edit Set-Cookie "^(${name}=.*)$" "$1; ${change.attributes.join('; ')}"`;
    return { inside: [`Header onsuccess ${edit}`, `Header always ${edit}`] };
  },
  // `defer` waits for what the application sends; without it that is added beside.
  caddy(change) {
    const { name } = change;
    const deferred = (line: string) => ({ inside: ['header {', `    ${line}`, '    defer', '}'] });
    if (change.action === 'set') {
      const line = `${name} ${quoted(change.value)}`;
      return change.replaces ? deferred(line) : { inside: [`header ${line}`] };
    }
    if (change.action === 'remove') return { inside: [`header -${name}`] };
    return deferred(`Set-Cookie "^(${name}=.*)$" "$1; ${change.attributes.join('; ')}"`);
  },
  express(change) {
    const { name } = change;
    if (change.action === 'set') return { inside: [`res.setHeader(${script(name)}, ${script(change.value)});`] };
    if (change.action === 'cookie')
      return { inside: [], outside: [`res.cookie('${name}', value, ${options(change)});`] };
    return name.toLowerCase() === 'x-powered-by'
      ? { inside: [], outside: [`app.disable('x-powered-by');`] }
      : { inside: [`res.removeHeader(${script(name)});`] };
  },
  hono(change) {
    const { name } = change;
    if (change.action === 'set') return { inside: [`c.header(${script(name)}, ${script(change.value)});`] };
    if (change.action === 'cookie')
      return { inside: [], outside: [`setCookie(c, '${name}', value, ${options(change)});`] };
    return { inside: [`c.res.headers.delete(${script(name)});`] };
  },
  node(change) {
    const { name } = change;
    if (change.action === 'set') return { inside: [`response.setHeader(${script(name)}, ${script(change.value)});`] };
    if (change.action === 'remove') return { inside: [`response.removeHeader(${script(name)});`] };
    const attributes = [`Path=${change.path}`, ...change.attributes].join('; ');
    return { inside: [], outside: [`response.appendHeader('Set-Cookie', \`${name}=\${value}; ${attributes}\`);`] };
  },
};

function options({ path, attributes }: Extract<HeaderChange, { action: 'cookie' }>): string {
  const words = attributes.map((one) => {
    if (one === 'Secure') return 'secure: true';
    return one === 'HttpOnly' ? 'httpOnly: true' : `sameSite: '${one.slice('SameSite='.length).toLowerCase()}'`;
  });
  return `{ ${[`path: '${path}'`, ...words].join(', ')} }`;
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
const AROUND: Record<HeaderServer, (inside: readonly string[]) => readonly string[]> = {
  nginx: (inside) => inside,
  apache: (inside) => inside,
  caddy: (inside) => inside,
  express: (inside) =>
    inside.length === 0 ? [] : ['app.use((req, res, next) => {', ...indented([...inside, 'next();']), '});'],
  hono: (inside) =>
    inside.length === 0 ? [] : ['app.use(async (c, next) => {', ...indented(['await next();', ...inside]), '});'],
  node: (inside) => inside,
};
