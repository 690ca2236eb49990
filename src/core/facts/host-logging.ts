import { z } from 'zod';

/** Whether somebody keeps an account of what happens on the host, and whether the account leaves it. */
export const hostLoggingFacts = z.object({
  audit: z.object({
    installed: z.boolean(),
    /** Whether auditd runs. */
    running: z.boolean(),
    /** `enabled` of auditctl -s: 0 off, 1 on, 2 on and locked until the next boot; `null` = could not be told. */
    enabled: z.number().int().nullable(),
    /** How many rules are loaded; `null` = could not be told. */
    rules: z.number().int().nullable(),
  }),
  /** What sends logs elsewhere, as configured. */
  forwards: z.array(
    z.object({
      by: z.enum(['rsyslog', 'syslog-ng', 'systemd-journal-upload']),
      to: z.string().describe('host name or address; empty where the line gives none'),
      protocol: z.string(),
    }),
  ),
  /** Daemons of logging and log shipping that run, by their process names. */
  running: z.array(z.string()),
  /** Configuration files that may not be read. */
  hidden: z.array(z.string()),
});
export type HostLoggingFacts = z.infer<typeof hostLoggingFacts>;
