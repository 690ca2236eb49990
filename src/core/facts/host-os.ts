import { z } from 'zod';

/** Which system a host runs: /etc/os-release and `uname`. */
export const hostOsFacts = z.object({
  id: z.string().describe('ID of os-release: debian, ubuntu, alpine'),
  versionId: z.string().nullable(),
  codename: z.string().nullable(),
  prettyName: z.string(),
  kernel: z.string(),
  hostname: z.string(),
});
export type HostOsFacts = z.infer<typeof hostOsFacts>;
