import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import type { ApiEnv } from './env.ts';
import { page } from './html.ts';

/**
 * The code of a log-in link stands behind `#`, so that it is in no log and no Referer. The script takes it from the
 * address, exchanges it for a cookie and goes on to the dashboard.
 */
const SCRIPT = `'use strict';
const form = document.querySelector('form');
const said = document.querySelector('output');
async function enter(body) {
  said.textContent = 'Logging in ...';
  const answer = await fetch('/api/v1/session', {
    method: 'POST', credentials: 'same-origin',
    headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  }).catch(() => null);
  if (answer && answer.ok) return location.replace('/');
  const problem = answer ? await answer.json().catch(() => ({})) : { detail: 'The service does not answer.' };
  said.textContent = [problem.detail || 'That did not work.', problem.hint].filter(Boolean).join('; ');
}
const code = new URLSearchParams(location.hash.slice(1)).get('code');
if (code) {
  history.replaceState(null, '', '/login');
  enter({ code });
}
form.addEventListener('submit', (event) => {
  event.preventDefault();
  enter({ token: form.elements.token.value.trim() });
});
`;

/** The page that a log-in link opens; also takes a token. Works without the dashboard being built. */
export function loginRoutes(app: OpenAPIHono<ApiEnv>): void {
  app.get('/login', (c) =>
    page(
      c,
      'Log in - Seaworthy',
      html`<h1>Seaworthy</h1>
        <p>Open the log-in link that the service printed when it started, or paste a token.
        <code>seaworthy token create --role viewer</code> makes one.</p>
        <form><p><label>Token<br><input name="token" type="password" autocomplete="off" required></label></p>
        <p><button>Log in</button></p></form>
        <p><output role="status"></output></p>
        <noscript>Logging in needs JavaScript. The public status page at <a href="/status">/status</a> does not.</noscript>`,
      '/login.js',
    ),
  );
  app.get('/login.js', (c) => c.body(SCRIPT, 200, { 'Content-Type': 'text/javascript; charset=UTF-8' }));
}
