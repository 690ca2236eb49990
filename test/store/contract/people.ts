import { expect, it } from 'vitest';
import type { Open } from './fixture.ts';

/** Waivers, attestations, deployments, tokens, sessions, journal. */
export function peopleContract(open: Open): void {
  it('keeps waivers until they are revoked', async () => {
    const { store, repos } = await open();
    const waiver = { check: 'tls.protocols', until: '2027-03-01', reason: 'old tills', owner: 'ana' };
    const narrow = { id: 'w2', createdAt: 2, createdBy: 'ben', ...waiver, target: 'shop-web', subject: 'TLSv1.0' };
    await store.write((q) => repos.waivers.add(q, { id: 'w1', createdAt: 1, createdBy: 'ana', ...waiver }));
    await store.write((q) => repos.waivers.add(q, narrow));
    expect(await repos.waivers.list()).toEqual([
      { id: 'w1', createdAt: 1, createdBy: 'ana', revokedAt: null, ...waiver },
      { ...narrow, revokedAt: null },
    ]);
    expect(await store.write((q) => repos.waivers.revoke(q, 'w2', 9))).toBe(true);
    expect(await store.write((q) => repos.waivers.revoke(q, 'w2', 9))).toBe(false);
    expect((await repos.waivers.list()).map((row) => row.id)).toEqual(['w1']);
    expect((await repos.waivers.get('w2'))?.revokedAt).toBe(9);
    expect(await repos.waivers.get('none')).toBeNull();
  });

  it('keeps attestations by service', async () => {
    const { store, repos } = await open();
    const word = {
      id: 'a1',
      item: 'reliability.restore-tested',
      service: 'shop',
      statement: 'restored in 12 minutes',
      evidence: 'https://wiki.example/drill',
      owner: 'ana',
      createdAt: 1,
      createdBy: 'ana',
      validUntil: 100,
    };
    await store.write((q) => repos.attestations.add(q, word));
    expect(await repos.attestations.list('shop')).toEqual([{ ...word, revokedAt: null }]);
    expect(await repos.attestations.list('other')).toEqual([]);
    expect(await store.write((q) => repos.attestations.revoke(q, 'a1', 9))).toBe(true);
    expect(await repos.attestations.list()).toEqual([]);
  });

  it('pages deployments by service and environment', async () => {
    const { store, repos } = await open();
    const deployment = (id: string, environment: string, at: number) => ({
      id,
      service: 'shop',
      environment,
      version: `1.${at}`,
      commit: null,
      at,
      actor: 'ci',
      url: null,
    });
    await store.write(async (q) => {
      await repos.deployments.add(q, deployment('d1', 'production', 1));
      await repos.deployments.add(q, deployment('d2', 'staging', 2));
      await repos.deployments.add(q, deployment('d3', 'production', 3));
    });
    const { page } = repos.deployments;
    const first = await page({ limit: 1, service: 'shop', environment: 'production' });
    expect(first.items).toEqual([deployment('d3', 'production', 3)]);
    const second = await page({ limit: 1, environment: 'production', cursor: first.nextCursor ?? '' });
    expect(second).toEqual({ items: [deployment('d1', 'production', 1)], nextCursor: null });
  });

  it('knows tokens by their hash only, and forgets revoked ones at once', async () => {
    const { store, repos } = await open();
    const { tokens } = repos;
    const token = { id: 't1', role: 'operator' as const, name: 'laptop', createdAt: 1 };
    await store.write((q) => tokens.add(q, { ...token, hash: 'h1' }));
    const shown = { ...token, lastUsedAt: null, revokedAt: null };
    expect(await tokens.byHash('h1')).toEqual(shown);
    expect(await tokens.byHash('h2')).toBeNull();
    await expect(store.write((q) => tokens.add(q, { ...token, id: 't2', hash: 'h1' }))).rejects.toThrow();
    await store.write((q) => tokens.touch(q, 't1', 100_000));
    await store.write((q) => tokens.touch(q, 't1', 100_500));
    expect((await tokens.byHash('h1'))?.lastUsedAt).toBe(100_000);
    expect(await store.write((q) => tokens.revoke(q, 't1', 200_000))).toBe(true);
    expect(await store.write((q) => tokens.revoke(q, 't1', 200_000))).toBe(false);
    expect(await tokens.byHash('h1')).toBeNull();
    expect(await tokens.list()).toEqual([{ ...shown, lastUsedAt: 100_000, revokedAt: 200_000 }]);
  });

  it('lets sessions run out, end, and end with their token', async () => {
    const { store, repos } = await open();
    const session = (hash: string, expiresAt: number, tokenId: string | null = null) => ({
      hash,
      role: 'viewer' as const,
      subject: 'ana',
      tokenId,
      createdAt: 1,
      expiresAt,
    });
    await store.write(async (q) => {
      await repos.sessions.add(q, session('a', 100));
      await repos.sessions.add(q, session('b', 200, 't1'));
      await repos.sessions.add(q, session('c', 300));
    });
    expect(await repos.sessions.byHash('a', 99)).toEqual(session('a', 100));
    expect(await repos.sessions.byHash('a', 100)).toBeNull();
    await store.write((q) => repos.sessions.prune(q, 100));
    expect(await repos.sessions.byHash('a', 50)).toBeNull();
    await store.write((q) => repos.sessions.endOfToken(q, 't1'));
    expect(await repos.sessions.byHash('b', 50)).toBeNull();
    await store.write((q) => repos.sessions.end(q, 'c'));
    expect(await repos.sessions.byHash('c', 50)).toBeNull();
  });

  it('writes down who changed what', async () => {
    const { store, repos } = await open();
    const entry = (id: string, at: number) => ({
      id,
      at,
      actor: 'ana',
      action: 'silence.created',
      subject: 's1',
      details: { minutes: 30 },
    });
    for (const at of [1, 2, 3]) await store.write((q) => repos.journal.add(q, entry(`j${at}`, at)));
    await store.write((q) => repos.journal.prune(q, 2));
    expect((await repos.journal.page({ limit: 9 })).items).toEqual([entry('j3', 3), entry('j2', 2)]);
  });
}
