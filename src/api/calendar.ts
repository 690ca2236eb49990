import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './env.ts';
import type { ApiPorts } from './ports.ts';
import { notFound } from './problem.ts';

/** Feeds of who is on call. Whoever knows the address may read it; a wrong key and no such feed look the same. */
export function calendarRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.get('/calendar/:kind{schedule|person}/:file{.+\\.ics}', async (c) => {
    const id = c.req.param('file').replace(/\.ics$/, '');
    const kind = c.req.param('kind') === 'schedule' ? 'schedule' : 'person';
    const text = await ports.calendars.feed(kind, id, c.req.query('key') ?? '');
    if (text === null) throw notFound('calendar', id);
    return c.body(text, 200, {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Cache-Control': 'private, max-age=300',
    });
  });
}
