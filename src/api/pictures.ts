import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type ExposureRow, exposureRowSchema } from '../core/exposure-table.ts';
import { type HeaderPicture, headerPictureSchema } from '../core/header-verdict.ts';
import { type TlsPicture, tlsPictureSchema } from '../core/tls-picture.ts';
import type { ApiEnv } from './env.ts';
import { NO_QUERY } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { instant, json } from './schemas.ts';

/** A reading of the newest audit's facts; without a picture `absence` says why there is none. */
export type Pictured<T> = { auditId: string; at: string; picture: T | null; absence: string | null };

/** Readings of what the newest audit of a target saw; `null` where it has not been audited. */
export interface PicturePort {
  headers(targetId: string): Promise<Pictured<HeaderPicture> | null>;
  tls(targetId: string): Promise<Pictured<TlsPicture> | null>;
  exposure(targetId: string): Promise<Pictured<ExposureRow[]> | null>;
}

const params = z.object({ id: z.string().max(200) });
const tags = ['targets'];

function pictured<T extends z.ZodType>(picture: T) {
  return z.object({
    auditId: z.string(),
    at: instant,
    picture: picture.nullable().openapi({ description: 'null where there is none: see absence' }),
    absence: z.string().nullable(),
  });
}

const headers = createRoute({
  method: 'get',
  path: '/api/v1/targets/{id}/headers',
  tags,
  summary: 'Every security header of the page: as sent, verdict, and the lines that mend it',
  request: { params, query: NO_QUERY },
  responses: {
    200: json(pictured(z.object(headerPictureSchema.shape)).openapi('HeaderPicture'), 'Header by header'),
    ...PROBLEMS,
  },
});

const tls = createRoute({
  method: 'get',
  path: '/api/v1/targets/{id}/tls',
  tags,
  summary: 'Protocols, suites, groups and certificates of every address',
  request: { params, query: NO_QUERY },
  responses: {
    200: json(pictured(z.object(tlsPictureSchema.shape)).openapi('TlsPicture'), 'Address by address'),
    ...PROBLEMS,
  },
});

const exposure = createRoute({
  method: 'get',
  path: '/api/v1/targets/{id}/exposure',
  tags,
  summary: 'Every port of a host: what listens, what the rules say, what is reachable, what was declared',
  request: { params, query: NO_QUERY },
  responses: {
    200: json(pictured(z.array(z.object(exposureRowSchema.shape))).openapi('ExposureTable'), 'Port by port'),
    ...PROBLEMS,
  },
});

export function pictureRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  async function found<T>(id: string, ask: (id: string) => Promise<T | null>): Promise<T> {
    if (!(await ports.fleet.target(id))) throw notFound('target', id, 'GET /api/v1/targets lists them');
    const picture = await ask(id);
    if (picture === null) throw notFound('finished audit of target', id, `POST /api/v1/targets/${id}/audit starts one`);
    return picture;
  }
  app.openapi(headers, async (c) => c.json(await found(c.req.valid('param').id, ports.pictures.headers), 200));
  app.openapi(tls, async (c) => c.json(await found(c.req.valid('param').id, ports.pictures.tls), 200));
  app.openapi(exposure, async (c) => c.json(await found(c.req.valid('param').id, ports.pictures.exposure), 200));
}
