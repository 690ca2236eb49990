import { z } from 'zod';
import { ENDPOINT_PROTOCOLS, type Target } from './target.ts';

const base = {
  id: z.string(),
  name: z.string(),
  service: z.string().nullable(),
  environment: z.string(),
  labels: z.record(z.string(), z.string()),
};
const port = z.number().int().min(0).max(65_535);
const login = z.object({
  user: z.string(),
  host: z.string(),
  port,
  identity: z.string().optional(),
  knownHosts: z.string().optional(),
  hostKey: z.string().optional(),
  sudo: z.boolean(),
  transport: z.enum(['builtin', 'openssh']).optional(),
  jump: z.array(z.string()).optional(),
  certificate: z.string().optional(),
});

/** A target as a facts file carries it: parsed, because the file may come from anywhere. */
export const recordedTargetSchema: z.ZodType<Target> = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('endpoint'),
    protocol: z.enum(ENDPOINT_PROTOCOLS),
    url: z.string(),
    host: z.string(),
    port,
    addresses: z.array(z.string()).optional(),
    ca: z.array(z.string()).optional(),
    hstsPreloadList: z.string().optional(),
    knownHosts: z.string().optional(),
    hostKey: z.string().optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('host'),
    transport: z.enum(['ssh', 'local']),
    ssh: login.nullable(),
    addresses: z.array(z.string()).optional(),
    firewall: z.object({ allow: z.array(port), from: z.union([z.string(), z.array(z.string())]) }).nullable(),
  }),
  z.object({ ...base, kind: z.literal('repository'), path: z.string() }),
  z.object({
    ...base,
    kind: z.literal('backup'),
    source: z.union([
      z.object({ type: z.literal('files'), glob: z.string(), over: login.nullable() }),
      z.object({ type: z.enum(['restic', 'borg']), repository: z.string(), passwordFile: z.string().optional() }),
    ]),
    expect: z.object({ maxAgeMs: z.number(), minBytes: z.number() }),
  }),
  z.object({
    ...base,
    kind: z.literal('heartbeat'),
    schedule: z.union([z.object({ everyMs: z.number() }), z.object({ cron: z.string(), timeZone: z.string() })]),
    graceMs: z.number(),
  }),
]);
