import { z } from 'zod';
import { severitySchema } from '../../core/severity.ts';
import { sizeSchema } from '../../core/size.ts';
import { checkOverridesSchema } from './checks.ts';
import { cronSchema, durationBetween, idSchema, scheduleSchema, timeZoneSchema } from './leaf.ts';
import { monitorSchema } from './monitor.ts';

const pathSchema = z.string().min(1).describe('relative to the configuration file; ~ is your home');
const hostKeySchema = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'is a fingerprint such as SHA256:... (ssh-keygen -lf)');

/** `outside`, or an address or network of either family. */
const sourceSchema = z
  .string()
  .refine(
    (text) => text === 'outside' || SOURCES.some((schema) => schema.safeParse(text).success),
    'is "outside", an address or a network such as 10.0.0.0/8',
  );
const SOURCES = [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()];

const common = {
  id: idSchema,
  name: z.string().min(1).optional(),
  service: idSchema.optional().describe('id of the service that it belongs to'),
  environment: z.string().min(1).optional().describe("the service's where not given"),
  labels: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
  audit: scheduleSchema.optional(),
  checks: checkOverridesSchema.optional(),
};

/** How to log in. The host key is always verified: by `knownHosts`, `hostKey`, or your own known_hosts file. */
export const sshSchema = z.strictObject({
  identity: pathSchema.optional(),
  knownHosts: pathSchema.optional(),
  hostKey: hostKeySchema.optional(),
  sudo: z.boolean().default(false).describe('whether sudo -n may be used to read what only root can see'),
  transport: z
    .enum(['builtin', 'openssh'])
    .optional()
    .describe('openssh: by the program ssh, for certificates, FIDO keys, jump hosts and newer key exchanges'),
  jump: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(8)])
    .optional()
    .describe('ssh://user@host[:port] to go through, in order; implies openssh'),
  certificate: pathSchema.optional().describe('user certificate, where it is not <identity>-cert.pub; implies openssh'),
});

export const endpointTargetSchema = z.strictObject({
  ...common,
  endpoint: z.string().min(1).describe('a URL, or host:port'),
  addresses: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('addresses or names, each with :port or not, looked at one by one instead of what the name resolves to'),
  ca: pathSchema.optional().describe('PEM file with extra trust anchors'),
  hstsPreloadList: pathSchema
    .optional()
    .describe("a browser's HSTS preload list (transport_security_state_static.json), for headers.observatory"),
  knownHosts: pathSchema.optional(),
  hostKey: hostKeySchema.optional(),
  monitor: monitorSchema.optional(),
});

export const hostTargetSchema = z.strictObject({
  ...common,
  host: z.string().min(1).describe('ssh://user@host[:port], or local'),
  ssh: sshSchema.optional(),
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .min(1)
    .max(32)
    .optional()
    .describe('more addresses of the host; its ports are looked at there as well'),
  firewall: z
    .strictObject({
      allow: z.array(z.number().int().min(1).max(65_535)),
      from: z
        .union([sourceSchema, z.array(sourceSchema).min(1).max(64)])
        .default('outside')
        .describe('who is meant to reach them: outside (anybody), or addresses and networks'),
    })
    .optional()
    .describe('ports that are meant to be open'),
});

export const repositoryTargetSchema = z.strictObject({ ...common, repository: pathSchema });

export const backupTargetSchema = z.strictObject({
  ...common,
  backup: z.union([
    z.strictObject({
      files: z.string().min(1).describe('pattern such as /var/backups/*.sql.gz'),
      on: z.string().optional().describe('id of a host target, or ssh://user@host; this machine where not given'),
    }),
    z.strictObject({ restic: z.string().min(1), passwordFile: pathSchema.optional() }),
    z.strictObject({ borg: z.string().min(1), passwordFile: pathSchema.optional() }),
  ]),
  ssh: sshSchema.optional(),
  expect: z
    .strictObject({
      maxAge: durationBetween(60_000, 400 * 86_400_000, '1m and 400d').prefault('26h'),
      minSize: sizeSchema.default(1),
    })
    .prefault({}),
});

export const heartbeatTargetSchema = z.strictObject({
  ...common,
  heartbeat: z.union([
    z.strictObject({
      every: durationBetween(10_000, 400 * 86_400_000, '10s and 400d'),
      grace: durationBetween(0, 31 * 86_400_000, '0s and 31d').prefault('5m'),
      severity: severitySchema.default('high'),
    }),
    z.strictObject({
      cron: cronSchema,
      timeZone: timeZoneSchema.default('UTC'),
      grace: durationBetween(0, 31 * 86_400_000, '0s and 31d').prefault('30m'),
      severity: severitySchema.default('high'),
    }),
  ]),
});

/** One thing to look at; its kind is told by which of endpoint, host, repository, backup and heartbeat is there. */
export const targetSchema = z.union([
  endpointTargetSchema,
  hostTargetSchema,
  repositoryTargetSchema,
  backupTargetSchema,
  heartbeatTargetSchema,
]);
export type TargetInput = z.output<typeof targetSchema>;
