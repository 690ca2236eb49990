import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { INCIDENT_STATES, type PublicIncident } from '../core/incident.ts';
import type { ApiEnv } from './env.ts';
import { actor } from './identity.ts';
import { NO_QUERY, PAGE } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { incidentList, incidentOut, instant, json } from './schemas.ts';

const params = z.object({ id: z.string().max(200) });
const tags = ['incidents'];
const text = z.string().trim().min(1).max(4_000);
const optionalText = {
  content: { 'application/json': { schema: z.strictObject({ text: text.optional() }) } },
  required: false,
};
const answer = { 200: json(incidentOut, 'The incident as it is now'), ...PROBLEMS };

const list = createRoute({
  method: 'get',
  path: '/api/v1/incidents',
  tags,
  summary: 'Incidents, newest first',
  request: {
    query: z.strictObject({
      ...PAGE,
      state: z
        .string()
        .transform((value) => value.split(','))
        .pipe(z.array(z.enum(INCIDENT_STATES)))
        .optional()
        .openapi({ type: 'string', description: `comma-separated, of: ${INCIDENT_STATES.join(', ')}` }),
      target: z.string().optional(),
      service: z.string().optional(),
    }),
  },
  responses: { 200: json(incidentList, 'One page of incidents'), ...PROBLEMS },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/incidents/{id}',
  tags,
  summary: 'One incident with its timeline',
  request: { params, query: NO_QUERY },
  responses: answer,
});

const context = z
  .object({
    runbook: z.string().nullable(),
    holds: z
      .array(z.object({ way: z.string(), reason: z.string(), until: instant.nullable() }))
      .openapi({ description: 'who is not told now, and why; an empty way means nobody at all' }),
    sameKey: z
      .array(
        z.object({ id: z.string(), state: z.enum(INCIDENT_STATES), openedAt: instant, resolvedAt: instant.nullable() }),
      )
      .openapi({ description: 'other incidents on the same key, newest first, at most 20' }),
  })
  .openapi('IncidentContext');
export type IncidentContext = z.infer<typeof context>;

const around = createRoute({
  method: 'get',
  path: '/api/v1/incidents/{id}/context',
  tags,
  summary: 'Why somebody is not told now, the runbook, and earlier incidents on the same key',
  request: { params, query: NO_QUERY },
  responses: { 200: json(context, 'As it stands'), ...PROBLEMS },
});

const acknowledge = createRoute({
  method: 'post',
  path: '/api/v1/incidents/{id}/ack',
  tags,
  summary: 'Somebody is on it',
  request: { params, query: NO_QUERY, body: optionalText },
  responses: answer,
});

const resolve = createRoute({
  method: 'post',
  path: '/api/v1/incidents/{id}/resolve',
  tags,
  summary: 'It is over; opens again when the cause is seen again',
  request: { params, query: NO_QUERY, body: optionalText },
  responses: answer,
});

const note = createRoute({
  method: 'post',
  path: '/api/v1/incidents/{id}/notes',
  tags,
  summary: 'Write into the timeline',
  request: {
    params,
    query: NO_QUERY,
    body: { content: { 'application/json': { schema: z.strictObject({ text }) } }, required: true },
  },
  responses: answer,
});

export function incidentRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  const there = (incident: PublicIncident | null, id: string): PublicIncident => {
    if (!incident) throw notFound('incident', id, 'GET /api/v1/incidents lists them');
    return incident;
  };

  app.openapi(list, async (c) => c.json(await ports.incidents.page(c.req.valid('query')), 200));

  app.openapi(one, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(there(await ports.incidents.get(id), id), 200);
  });

  app.openapi(around, async (c) => {
    const { id } = c.req.valid('param');
    const found = await ports.incidents.context(id);
    if (!found) throw notFound('incident', id, 'GET /api/v1/incidents lists them');
    return c.json(found, 200);
  });

  app.openapi(acknowledge, async (c) => {
    const { id } = c.req.valid('param');
    const body = c.req.valid('json');
    return c.json(there(await ports.incidents.acknowledge(id, actor(c), body?.text ?? null), id), 200);
  });

  app.openapi(resolve, async (c) => {
    const { id } = c.req.valid('param');
    const body = c.req.valid('json');
    return c.json(there(await ports.incidents.resolve(id, actor(c), body?.text ?? null), id), 200);
  });

  app.openapi(note, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(there(await ports.incidents.note(id, actor(c), c.req.valid('json').text), id), 200);
  });
}
