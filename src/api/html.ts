import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ApiEnv } from './env.ts';
import { pagePolicy } from './security-headers.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
:root{color-scheme:light dark;--fg:#1c2024;--soft:#5b6670;--bg:#fcfcfd;--line:#d9dee3;--ok:#1a7f37;--bad:#b3261e;--mid:#8a5a00;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--fg:#e6e8ea;--soft:#9aa4ad;--bg:#14171a;--line:#30363c;--ok:#57c278;--bad:#ff8a80;--mid:#e0b04a;--link:#7ab8ff}}
body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
main{max-width:64rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
a{color:var(--link)}code,pre{font:13px/1.45 ui-monospace,monospace}pre{overflow:auto;padding:.5rem;border:1px solid var(--line);border-radius:4px}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
.soft{color:var(--soft)}.up{color:var(--ok)}.down{color:var(--bad)}.unknown{color:var(--mid)}
.bar-up{fill:var(--ok)}.bar-down{fill:var(--bad)}.bar-unknown{fill:var(--mid)}.bar-none{fill:var(--line)}
input,button{font:inherit;padding:.4rem .6rem}input{width:min(30rem,100%);box-sizing:border-box}
summary{cursor:pointer;padding:.25rem 0}summary b{display:inline-block;min-width:4.5rem}
`;

/** A page of our own without the dashboard: server-rendered, styled by nonce, complete without scripts. */
export function page(
  c: Context<ApiEnv>,
  title: string,
  body: Html,
  script?: string,
  head: Html | '' = '',
): Promise<Response> {
  const nonce = c.get('nonce');
  c.header('Content-Security-Policy', pagePolicy(nonce));
  c.header('Content-Type', 'text/html; charset=UTF-8');
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
${head}
<title>${title}</title>
<style nonce="${nonce}">${raw(STYLE)}</style>
</head>
<body><main>${body}</main>${script ? html`<script src="${script}"></script>` : ''}</body>
</html>`;
  return Promise.resolve(document).then((text) => c.body(String(text), 200));
}
