import { and, desc, eq } from 'drizzle-orm';
import { olderThan, type Page, type PageRequest, toPage } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

export type Deployment = Store['t']['deployments']['$inferSelect'];

export function deploymentRepository({ t, read }: Store) {
  const { deployments } = t;
  return {
    async add(q: Tx, deployment: Deployment): Promise<void> {
      await q.insert(deployments).values(deployment);
    },
    /** Newest first. */
    async page(
      request: PageRequest & { service?: string | undefined; environment?: string | undefined },
    ): Promise<Page<Deployment>> {
      const rows = await read
        .select()
        .from(deployments)
        .where(
          and(
            request.service === undefined ? undefined : eq(deployments.service, request.service),
            request.environment === undefined ? undefined : eq(deployments.environment, request.environment),
            olderThan(request.cursor, deployments.at, deployments.id),
          ),
        )
        .orderBy(desc(deployments.at), desc(deployments.id))
        .limit(request.limit + 1);
      return toPage(rows, request.limit, (row) => row);
    },
  };
}
