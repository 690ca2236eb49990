import type { IdentityPort } from '../api/ports.ts';
import { AppError } from '../core/error.ts';
import type { ServiceCore } from './core.ts';

/** A use is noted once in a while: reading must not cost a write each time. */
const TOUCH_EVERY_MS = 300_000;

export function identityPort({ db, store, now, log }: ServiceCore): IdentityPort {
  return {
    async token(hash) {
      const token = await db.tokens.byHash(hash);
      if (!token) return null;
      if (token.lastUsedAt === null || token.lastUsedAt < now() - TOUCH_EVERY_MS) {
        // A store that cannot be written to must not lock readers out.
        store
          .write((q) => db.tokens.touch(q, token.id, now()))
          .catch((error) => log.warn({ err: error }, 'use of a token not noted'));
      }
      return { name: token.name, role: token.role, via: 'token' };
    },
    async session(hash) {
      const session = await db.sessions.byHash(hash, now());
      return session && { name: session.subject, role: session.role, via: 'session' };
    },
    async openSession({ hash, identity, tokenHash, expiresAt }) {
      const token = tokenHash === null ? null : await db.tokens.byHash(tokenHash);
      if (tokenHash !== null && !token) throw new AppError('token-revoked', 'this token has just been revoked');
      await store.write((q) =>
        db.sessions.add(q, {
          hash,
          role: identity.role,
          subject: identity.name,
          tokenId: token?.id ?? null,
          createdAt: now(),
          expiresAt,
        }),
      );
    },
    closeSession: (hash) => store.write((q) => db.sessions.end(q, hash)),
  };
}
