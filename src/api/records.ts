import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiEnv } from './env.ts';
import { actor } from './identity.ts';
import { listOf, NO_QUERY, PAGE, pageOf } from './paging.ts';
import type { ApiPorts, RecordPort } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { instant, json } from './schemas.ts';

/** What the store adds to a record by itself. */
interface Stamp {
  id: string;
  createdAt: string;
  createdBy: string;
}
export type NewRecord<T> = Omit<T, keyof Stamp | 'source' | 'active'>;

const stamp = { id: z.string(), createdAt: instant, createdBy: z.string() };
const words = z.string().trim().min(1).max(2_000);
const name = z.string().trim().min(1).max(200);

const matchersSchema = z
  .array(z.strictObject({ label: name, values: z.array(z.string().max(200)).min(1).max(100) }))
  .min(1)
  .max(20)
  .openapi({
    description:
      'every label must be one of its values; labels: target, service, environment, category, check, severity',
  });

const waiverInput = z.strictObject({
  check: name.openapi({ description: 'check id, or category.* for a whole category' }),
  target: name.nullable().default(null).openapi({ description: 'null for all targets' }),
  subject: words.nullable().default(null).openapi({ description: 'null for all subjects' }),
  until: z.iso.date().openapi({ description: 'last day on which it holds (UTC)', example: '2027-03-01' }),
  reason: words,
  owner: name,
});
const waiverOut = waiverInput
  .extend({ ...stamp, source: z.enum(['configuration', 'run-time']), active: z.boolean() })
  .openapi('Waiver');
export type WaiverRecord = z.infer<typeof waiverOut>;

const window = { matchers: matchersSchema, startsAt: instant, endsAt: instant };
const inOrder = (value: { startsAt: string; endsAt: string }) => Date.parse(value.startsAt) < Date.parse(value.endsAt);
const order = { message: 'must lie after startsAt', path: ['endsAt'] };

const silenceInput = z.strictObject({ ...window, comment: words }).refine(inOrder, order);
const silenceOut = z.object({ ...window, comment: z.string(), ...stamp, active: z.boolean() }).openapi('Silence');
export type Silence = z.infer<typeof silenceOut>;

const maintenanceInput = z.strictObject({ ...window, title: words }).refine(inOrder, order);
const maintenanceOut = z.object({ ...window, title: z.string(), ...stamp, active: z.boolean() }).openapi('Maintenance');
export type Maintenance = z.infer<typeof maintenanceOut>;

const attestationInput = z.strictObject({
  item: name.openapi({ description: 'id of the item of the readiness list' }),
  service: name,
  statement: words,
  evidence: words.nullable().default(null).openapi({ description: 'where it can be seen, such as a link' }),
  owner: name,
  validUntil: instant,
});
const attestationOut = attestationInput.extend({ ...stamp, active: z.boolean() }).openapi('Attestation');
export type Attestation = z.infer<typeof attestationOut>;

const deploymentInput = z.strictObject({
  service: name,
  environment: name.default('production'),
  version: name,
  commit: name.nullable().default(null),
  url: z.url().max(2_000).nullable().default(null),
  at: instant.optional().openapi({ description: 'now where not given' }),
});
const deploymentOut = z.object({ ...deploymentInput.shape, at: instant, ...stamp }).openapi('Deployment');
export type Deployment = z.infer<typeof deploymentOut>;

/** List, add and end one kind of record. */
function crud<I extends z.ZodType, O extends z.ZodType<Stamp>>(
  app: OpenAPIHono<ApiEnv>,
  port: RecordPort<z.infer<O>>,
  kind: { plural: string; one: string; summary: string; input: I; output: O },
): void {
  const tags = [kind.plural];
  // The generic types stop here: what is sent is checked by the port's type, not by the route's.
  const output: z.ZodType<Stamp> = kind.output;
  const path = `/api/v1/${kind.plural}`;
  const list = createRoute({
    method: 'get',
    path,
    tags,
    summary: `${kind.summary}: all that hold or will hold`,
    request: { query: z.strictObject(PAGE) },
    responses: { 200: json(listOf(output), 'One page, by id'), ...PROBLEMS },
  });
  const add = createRoute({
    method: 'post',
    path,
    tags,
    summary: `${kind.summary}: add one`,
    request: {
      query: NO_QUERY,
      body: { required: true, content: { 'application/json': { schema: kind.input as z.ZodType } } },
    },
    responses: { 201: json(output, 'It holds'), ...PROBLEMS },
  });
  const remove = createRoute({
    method: 'delete',
    path: `${path}/{id}`,
    tags,
    summary: `${kind.summary}: end one`,
    request: { params: z.object({ id: z.string().max(200) }), query: NO_QUERY },
    responses: { 204: { description: 'It no longer holds' }, ...PROBLEMS },
  });

  app.openapi(list, async (c) => {
    const page = pageOf(await port.list(), (one) => one.id, c.req.valid('query'));
    return c.json(page, 200);
  });
  app.openapi(add, async (c) => {
    const input = c.req.valid('json') as NewRecord<z.infer<O>>;
    const made = await port.add(input, actor(c));
    c.header('Location', `${path}/${made.id}`);
    return c.json(made, 201);
  });
  app.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await port.remove(id, actor(c)))) throw notFound(kind.one, id, `GET ${path} lists them`);
    return c.body(null, 204);
  });
}

const deploy = createRoute({
  method: 'post',
  path: '/api/v1/deployments',
  tags: ['deployments'],
  summary: 'Say that a version was deployed',
  request: {
    query: NO_QUERY,
    body: { required: true, content: { 'application/json': { schema: deploymentInput } } },
  },
  responses: { 201: json(deploymentOut, 'It is noted'), ...PROBLEMS },
});

const deployments = createRoute({
  method: 'get',
  path: '/api/v1/deployments',
  tags: ['deployments'],
  summary: 'Deployments, newest first',
  request: { query: z.strictObject(PAGE) },
  responses: { 200: json(listOf(deploymentOut), 'One page of deployments'), ...PROBLEMS },
});

export function recordRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  crud(app, ports.waivers, {
    plural: 'waivers',
    one: 'waiver',
    summary: 'Accepted failures',
    input: waiverInput,
    output: waiverOut,
  });
  crud(app, ports.silences, {
    plural: 'silences',
    one: 'silence',
    summary: 'Alerts that nobody is told of',
    input: silenceInput,
    output: silenceOut,
  });
  crud(app, ports.maintenance, {
    plural: 'maintenance',
    one: 'maintenance window',
    summary: 'Announced work',
    input: maintenanceInput,
    output: maintenanceOut,
  });
  crud(app, ports.attestations, {
    plural: 'attestations',
    one: 'attestation',
    summary: "People's word on readiness",
    input: attestationInput,
    output: attestationOut,
  });

  app.openapi(deploy, async (c) => {
    const { at, ...rest } = c.req.valid('json');
    const when = at ?? new Date(ports.now()).toISOString();
    return c.json(await ports.deployments.add({ ...rest, at: when }, actor(c)), 201);
  });
  app.openapi(deployments, async (c) => c.json(await ports.deployments.page(c.req.valid('query')), 200));
}
