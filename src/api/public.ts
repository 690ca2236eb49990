import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { gradeColour } from './badge-colour.ts';
import type { ApiEnv } from './env.ts';
import { page } from './html.ts';
import type { ApiPorts } from './ports.ts';
import { notFound } from './problem.ts';

const DAY = 86_400_000;
const percent = (share: number | null) =>
  share === null ? 'no data' : `${(Math.floor(share * 100_000) / 1_000).toFixed(3)} %`;

/** A flat badge, drawn without measuring fonts: about 6.6 px a character at 11 px. */
function badgeSvg(label: string, value: string, colour: string): string {
  const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const left = Math.round(label.length * 6.6) + 12;
  const right = Math.round(value.length * 6.6) + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${escaped(label)}: ${escaped(value)}"><title>${escaped(label)}: ${escaped(value)}</title><rect width="${left}" height="20" fill="#444"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${left / 2}" y="14">${escaped(label)}</text><text x="${left + right / 2}" y="14">${escaped(value)}</text></g></svg>`;
}

/** What can be seen without a token: only what `publish` names, and nothing about findings. */
export function publicRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.get('/badge/:file{.+\\.svg}', async (c) => {
    const id = c.req.param('file').replace(/\.svg$/, '');
    const target = ports.publish().badges.includes(id) ? await ports.fleet.target(id) : null;
    if (!target) throw notFound('published badge', id);
    const value = target.grade ?? (target.lastAuditAt === null ? 'not audited' : 'unknown');
    return c.body(badgeSvg('seaworthy', value, gradeColour(target.grade)), 200, {
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'public, max-age=300',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
  });

  app.get('/status', async (c) => {
    const published = new Set(ports.publish().status);
    const now = ports.now();
    const monitors = await ports.monitors.some({ targets: [...published] });
    const uptime = new Map(
      (await ports.monitors.uptime({ from: now - 90 * DAY, to: now })).map((one) => [one.target, one.uptime]),
    );
    const down = monitors.filter((one) => one.state === 'down').length;
    const unknown = monitors.filter((one) => one.state === 'unknown').length;
    const summary =
      monitors.length === 0
        ? 'Nothing is published here.'
        : down > 0
          ? `${down} of ${monitors.length} down`
          : unknown > 0
            ? `${unknown} of ${monitors.length} unknown`
            : 'Everything works';
    const mark = { up: '● up', down: '▼ down', unknown: '? unknown' };
    c.header('Cache-Control', 'public, max-age=30');
    return page(
      c,
      `Status: ${summary}`,
      html`<h1>${summary}</h1>
        ${
          monitors.length === 0
            ? html`<p class="soft">Name targets under <code>publish: { status: [...] }</code> in the configuration.</p>`
            : html`<table><tr><th>service</th><th>now</th><th>since</th><th>90 days</th></tr>
        ${monitors.map(
          (one) => html`<tr><td>${one.name}</td><td class="${one.state}">${mark[one.state]}</td>
          <td class="soft">${one.since ?? ''}</td><td>${percent(uptime.get(one.target) ?? null)}</td></tr>`,
        )}</table>`
        }
        <p class="soft">As of ${new Date(now).toISOString()}</p>`,
    );
  });
}
