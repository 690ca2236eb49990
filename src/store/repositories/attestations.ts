import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Store, Tx } from '../store.ts';

export type Attestation = Store['t']['attestations']['$inferSelect'];

export function attestationRepository({ t, read }: Store) {
  const { attestations } = t;
  return {
    async add(q: Tx, attestation: Omit<Attestation, 'revokedAt'>): Promise<void> {
      await q.insert(attestations).values({ ...attestation, revokedAt: null });
    },
    async revoke(q: Tx, id: string, now: number): Promise<boolean> {
      const done = await q
        .update(attestations)
        .set({ revokedAt: now })
        .where(and(eq(attestations.id, id), isNull(attestations.revokedAt)))
        .returning({ id: attestations.id });
      return done.length === 1;
    },
    /** All that were not revoked, run-out ones included (`validUntil` says so). Oldest first. */
    async list(service?: string): Promise<Attestation[]> {
      return read
        .select()
        .from(attestations)
        .where(
          and(isNull(attestations.revokedAt), service === undefined ? undefined : eq(attestations.service, service)),
        )
        .orderBy(asc(attestations.createdAt), asc(attestations.id));
    },
  };
}
