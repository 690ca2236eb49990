import { z } from 'zod';

/** Programs of supervisord: as declared, as they run, and how often they ended unasked. */
export const hostSupervisorFacts = z.object({
  /** Whether supervisord answered. */
  running: z.boolean(),
  programs: z.array(
    z.object({
      /** As supervisorctl names it; a program of a group is `group:name`. */
      name: z.string(),
      /** RUNNING, STARTING, BACKOFF, STOPPED, EXITED, FATAL ...; `null` where nobody could be asked. */
      state: z.string().nullable(),
      /** What supervisorctl says beside the state. */
      description: z.string(),
      /** Whether a configuration file declares it; `null` where those could not be read. */
      declared: z.boolean().nullable(),
      autostart: z.boolean().nullable(),
      autorestart: z.enum(['true', 'false', 'unexpected']).nullable(),
      /** Seconds between the stop signal and SIGKILL. */
      stopwaitsecs: z.number().nullable(),
      /** Unexpected ends in the last hour of supervisord's log; `null` where it could not be read. */
      unexpectedExits: z.number().int().nullable(),
    }),
  ),
  /** Why the states are not known; `null` where they are. */
  hidden: z.string().nullable(),
});
export type HostSupervisorFacts = z.infer<typeof hostSupervisorFacts>;
