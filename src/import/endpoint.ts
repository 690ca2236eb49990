import { ENDPOINT_PROTOCOLS } from '../core/target.ts';

/** True where this version can look at such an address. */
export function canWatch(scheme: string): boolean {
  return (ENDPOINT_PROTOCOLS as readonly string[]).includes(scheme) && scheme !== 'auto';
}

/** An address without user and password: those are secrets and have no place in one. */
export function withoutLogin(text: string): { url: string; had: boolean } {
  const url = URL.parse(text);
  if (!url || (url.username === '' && url.password === '')) return { url: text, had: false };
  url.username = '';
  url.password = '';
  return { url: url.href, had: true };
}

/** `[::1]:22` or `host:22`. */
export function hostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** `200-299` and `404` as statuses of ours; `undefined` for what they cannot say. */
export function statuses(accepted: readonly string[]): (number | string)[] | undefined {
  const found: (number | string)[] = [];
  for (const text of accepted) {
    const [from, to] = /^(\d{3})(?:-(\d{3}))?$/.exec(text.trim())?.slice(1) ?? [];
    if (from === undefined) return undefined;
    const first = Number(from);
    const last = to === undefined ? first : Number(to);
    if (first > last || last > 599) return undefined;
    for (let code = first; code <= last; ) {
      if (code % 100 === 0 && code + 99 <= last) {
        found.push(`${code / 100}xx`);
        code += 100;
      } else {
        found.push(code);
        code += 1;
      }
    }
  }
  return found.length > 0 ? found : undefined;
}
