import { and, asc, eq, gt, isNull, lt, lte, or } from 'drizzle-orm';
import type { Store, Tx } from '../store.ts';

export type Token = Omit<Store['t']['tokens']['$inferSelect'], 'hash'>;
export type Session = Store['t']['sessions']['$inferSelect'];

/** API tokens. `hash` is the SHA-256 of the token's text, in hex. */
export function tokenRepository({ t, read }: Store) {
  const { tokens } = t;
  const shown = {
    id: tokens.id,
    role: tokens.role,
    name: tokens.name,
    createdAt: tokens.createdAt,
    lastUsedAt: tokens.lastUsedAt,
    revokedAt: tokens.revokedAt,
  };
  return {
    async add(q: Tx, token: Pick<Token, 'id' | 'role' | 'name' | 'createdAt'> & { hash: string }): Promise<void> {
      await q.insert(tokens).values({ ...token, lastUsedAt: null, revokedAt: null });
    },
    /** The token with that hash, unless it was revoked. */
    async byHash(hash: string): Promise<Token | null> {
      const [row] = await read
        .select(shown)
        .from(tokens)
        .where(and(eq(tokens.hash, hash), isNull(tokens.revokedAt)));
      return row ?? null;
    },
    /** Notes a use; at most one write per token and `everyMs`. */
    async touch(q: Tx, id: string, now: number, everyMs = 60_000): Promise<void> {
      await q
        .update(tokens)
        .set({ lastUsedAt: now })
        .where(and(eq(tokens.id, id), or(isNull(tokens.lastUsedAt), lt(tokens.lastUsedAt, now - everyMs))));
    },
    async revoke(q: Tx, id: string, now: number): Promise<boolean> {
      const done = await q
        .update(tokens)
        .set({ revokedAt: now })
        .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
        .returning({ id: tokens.id });
      return done.length === 1;
    },
    /** Revoked ones included, oldest first. */
    async list(): Promise<Token[]> {
      return read.select(shown).from(tokens).orderBy(asc(tokens.createdAt), asc(tokens.id));
    },
  };
}

/** Log-ins of the dashboard. `hash` is the SHA-256 of the cookie's value, in hex. */
export function sessionRepository({ t, read }: Store) {
  const { sessions } = t;
  return {
    async add(q: Tx, session: Session): Promise<void> {
      await q.insert(sessions).values(session);
    },
    async byHash(hash: string, now: number): Promise<Session | null> {
      const [row] = await read
        .select()
        .from(sessions)
        .where(and(eq(sessions.hash, hash), gt(sessions.expiresAt, now)));
      return row ?? null;
    },
    async end(q: Tx, hash: string): Promise<void> {
      await q.delete(sessions).where(eq(sessions.hash, hash));
    },
    /** Ends every session that was opened with a token, when the token is revoked. */
    async endOfToken(q: Tx, tokenId: string): Promise<void> {
      await q.delete(sessions).where(eq(sessions.tokenId, tokenId));
    },
    async prune(q: Tx, now: number): Promise<void> {
      await q.delete(sessions).where(lte(sessions.expiresAt, now));
    },
  };
}
