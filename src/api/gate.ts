import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { gateReportSchema } from '../core/gate.ts';
import { auditReportSchema } from '../core/report.ts';
import { SEVERITIES } from '../core/severity.ts';
import type { ApiEnv } from './env.ts';
import { NO_QUERY } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { PROBLEMS } from './problem.ts';
import { json } from './schemas.ts';

const gateOptions = {
  baseline: z
    .string()
    .min(1)
    .max(200)
    .default('default')
    .openapi({ description: 'name of the stored baseline, such as a branch' }),
  failOn: z
    .enum([...SEVERITIES, 'none'])
    .default('high')
    .openapi({ description: 'least severity of a new finding that fails' }),
  minScore: z.number().min(0).max(100).optional(),
  maxUnknown: z.number().int().min(0).optional(),
  updateBaseline: z
    .boolean()
    .default(false)
    .openapi({ description: 'keep this audit as the baseline when the verdict is `pass`' }),
};
const gateInput = z.strictObject({ report: auditReportSchema, ...gateOptions }).openapi('GateInput');
export type GateOptions = Omit<z.infer<typeof gateInput>, 'report'>;

export const gateAnswer = z.object(gateReportSchema.shape).openapi('GateReport');
export type GateAnswer = z.infer<typeof gateAnswer>;

const gate = createRoute({
  method: 'post',
  path: '/api/v1/gate',
  tags: ['gate'],
  summary: 'Compare an audit with the stored baseline',
  description: 'Body: the JSON report of `seaworthy audit --format json` and what to fail on. At most 16 MiB.',
  request: { query: NO_QUERY, body: { required: true, content: { 'application/json': { schema: gateInput } } } },
  responses: { 200: json(gateAnswer, 'The verdict; the status is 200 whatever it says'), ...PROBLEMS },
});

export function gateRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(gate, async (c) => {
    const { report, ...options } = c.req.valid('json');
    return c.json(await ports.gate(report, options), 200);
  });
}
